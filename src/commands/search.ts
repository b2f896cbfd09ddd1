// `semblance search`.
import { resolve } from 'node:path';
import type { App } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Hit, SearchAnswer } from '../services/search/search-service.ts';
import type { ImageFilter } from '../store/catalog.ts';
import { extrasOf, type QueryOptions, rankingOf } from './query-options.ts';
import { type Output, printRows, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export interface FilterOptions {
  readonly folder?: string;
  readonly tag?: readonly string[];
}

export interface SearchOptions extends Output, FilterOptions, QueryOptions {
  readonly first: number;
}

export async function search(config: Config, words: readonly string[], options: SearchOptions): Promise<number> {
  return withApp(config, async (app) => {
    const page = { first: options.first, filter: filterOf(options), ...rankingOf(options) };
    const { search } = await app.spaces.get(options.space);
    const answer = await search.searchByText(words.join(' '), page, extrasOf(options));
    return printAnswer(app, answer, options);
  });
}

export function filterOf({ folder, tag }: FilterOptions): ImageFilter {
  return { ...(folder === undefined ? {} : { folder: resolve(folder) }), ...(tag === undefined ? {} : { tags: tag }) };
}

/** Prints hits with their files and tags. Returns 3 where there are none. */
export async function printAnswer(
  { services }: App,
  answer: SearchAnswer,
  output: Output & QueryOptions,
): Promise<number> {
  const hits = await Promise.all(answer.hits.map((hit) => describeHit(services, hit, output.why === true)));
  const { reason, notices } = answer;
  const isSure = hits.some(({ confidence }) => confidence !== null);
  const rows = hits.map(({ score, confidence, id, path, tags, why = [], missing = [] }, i) => [
    `${i + 1}`,
    score.toFixed(3),
    ...(isSure ? [confidence === null ? '' : `${Math.round(100 * confidence)} %`] : []),
    `${id}`,
    output.why === true ? explanation(why, missing) : tags.join(', '),
    path,
  ]);
  const headings = ['#', 'score', ...(isSure ? ['sure'] : []), 'id', output.why === true ? 'why' : 'tags', 'file'];
  if (hits.length > 0 || output.json) printRows(output, { hits, reason, notices }, headings, rows);
  for (const { message } of notices) say(message);
  if (reason !== null) say(`Nothing found: ${reason.toLowerCase().replaceAll('_', ' ')}.`);
  return hits.length === 0 ? 3 : 0;
}

function explanation(
  why: readonly { readonly word: string; readonly weight: number }[],
  missing: readonly { readonly word: string }[],
): string {
  const shows = why.map(({ word, weight }) => `${word} ${weight.toFixed(2)}`).join(', ');
  return missing.length === 0 ? shows : `${shows}; lacks ${missing.map(({ word }) => word).join(', ')}`;
}

async function describeHit(services: App['services'], hit: Hit, isExplained: boolean) {
  const { image, score, region } = hit;
  const files = await services.catalog.filesOf(image.id);
  const tags = (await services.tags.tagsOfImages([image.id], 3)).get(image.id) ?? [];
  return {
    score,
    confidence: hit.confidence(),
    id: image.id,
    name: image.name,
    path: files[0]?.path ?? image.name,
    region,
    tags: tags.map(({ name }) => name),
    ...(isExplained ? await hit.explain() : {}),
  };
}
