// `semblance search`.
import { resolve } from 'node:path';
import type { App } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Hit, SearchAnswer } from '../services/search-service.ts';
import type { ImageFilter } from '../store/catalog.ts';
import { type Output, printRows, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export interface FilterOptions {
  readonly folder?: string;
  readonly tag?: readonly string[];
}

export interface SearchOptions extends Output, FilterOptions {
  readonly first: number;
}

export async function search(config: Config, words: readonly string[], options: SearchOptions): Promise<number> {
  return withApp(config, async (app) => {
    const answer = await app.services.search.searchByText(words.join(' '), {
      first: options.first,
      filter: filterOf(options),
    });
    return printAnswer(app, answer, options);
  });
}

export function filterOf({ folder, tag }: FilterOptions): ImageFilter {
  return { ...(folder === undefined ? {} : { folder: resolve(folder) }), ...(tag === undefined ? {} : { tags: tag }) };
}

/** Prints hits with their files and tags. Returns 3 where there are none. */
export async function printAnswer({ services }: App, answer: SearchAnswer, output: Output): Promise<number> {
  const hits = await Promise.all(answer.hits.map((hit) => describeHit(services, hit)));
  const { reason, notices } = answer;
  const rows = hits.map(({ score, id, path, tags }, i) => [
    `${i + 1}`,
    score.toFixed(3),
    `${id}`,
    tags.join(', '),
    path,
  ]);
  if (hits.length > 0 || output.json)
    printRows(output, { hits, reason, notices }, ['#', 'score', 'id', 'tags', 'file'], rows);
  for (const { message } of notices) say(message);
  if (reason !== null) say(`Nothing found: ${reason.toLowerCase().replaceAll('_', ' ')}.`);
  return hits.length === 0 ? 3 : 0;
}

async function describeHit(services: App['services'], { image, score, region }: Hit) {
  const files = await services.catalog.filesOf(image.id);
  const tags = (await services.tags.tagsOfImages([image.id], 3)).get(image.id) ?? [];
  return {
    score,
    id: image.id,
    name: image.name,
    path: files[0]?.path ?? image.name,
    region,
    tags: tags.map(({ name }) => name),
  };
}
