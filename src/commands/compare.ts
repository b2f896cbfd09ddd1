// `semblance compare`: which encoder, metric, index and reduction serves best on a folder whose classes are known.
import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { App } from '../compose.ts';
import type { Config } from '../config.ts';
import { AppError } from '../core/errors.ts';
import type { GridFormat } from '../media/neighbor-grid.ts';
import { type Comparison, type Contender, compare } from '../services/compare/compare.ts';
import { comparisonChart } from '../services/compare/compare-chart.ts';
import { CompareGrid } from '../services/compare/compare-grid.ts';
import { readLabelledFolder } from '../services/compare/compare-pictures.ts';
import {
  bestByColumn,
  bestSentences,
  comparisonFacts,
  comparisonMarkdown,
  comparisonTable,
  machineSentence,
} from '../services/compare/compare-report.ts';
import { nameVariant, parseVariants } from '../services/compare/compare-variants.ts';
import { ComparedVectors, type OnProgress } from '../services/compare/compare-vectors.ts';
import { MAIN, METRICS } from '../services/spaces/space-definition.ts';
import type { SpaceEncoder } from '../services/spaces/space-encoder.ts';
import type { Metric } from '../vectors/vector-index.ts';
import { COMPARE_DEFAULTS } from './option-values.ts';
import { type Output, printJson, printRows, progressBar, say } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';
import { withApp } from './with-app.ts';

export interface CompareOptions extends Output {
  readonly encoders?: string;
  readonly metrics: string;
  readonly variants: string;
  readonly queries: string;
  readonly seed: string;
  readonly k: string;
  readonly markdown?: string;
  readonly chart?: string;
  readonly grid?: string;
  readonly query?: readonly string[];
  readonly neighbors: string;
}

/** Beside the main space, where the library has no other. */
const DEFAULT_ENCODERS = ['starter:image', 'autoencoder', 'pixels'];
/** Pictures that ask in a grid, where none is named. */
const GRID_QUERIES = 3;

export async function compareSpaces(
  config: Config,
  [folder = '']: readonly string[],
  options: CompareOptions,
): Promise<number> {
  const metrics = readMetrics(options.metrics);
  const variants = parseVariants(options.variants);
  if (variants.length === 0) throw new AppError('BAD_ARGUMENT', '--variants expects one at least, got nothing.');
  const [k, queries, seed, neighbors] = [
    wholeNumber('k', options.k, 1, 100),
    wholeNumber('queries', options.queries, 1, 1_000_000),
    wholeNumber('seed', options.seed, 0, 2 ** 32 - 1),
    wholeNumber('neighbors', options.neighbors, 1, 50),
  ];
  const format = options.grid === undefined ? undefined : gridFormat(options.grid);
  const labelled = await readLabelledFolder(folder);
  return withApp(config, async (app) => {
    const { root } = labelled;
    const bars = new Bars();
    const grid = new CompareGrid({ k: neighbors, count: GRID_QUERIES, seed, asked: options.query ?? [], root });
    const comparison = await compare({
      folder: labelled,
      contenders: await contendersOf(app, list(options.encoders ?? '')),
      metrics,
      variants,
      k,
      queries,
      seed,
      onProgress: (what) => bars.next(what),
      onVectors: (name, embedded) => {
        if (format !== undefined) grid.add(name, embedded);
      },
    }).finally(() => bars.end());
    const command = commandOf(folder, options);
    const facts = comparisonFacts(comparison, folder, command);
    print(comparison, facts, command, options);
    if (options.markdown !== undefined) await write(options.markdown, comparisonMarkdown(comparison, facts));
    if (options.chart !== undefined) await write(options.chart, comparisonChart(comparison));
    if (options.grid !== undefined && format !== undefined) await write(options.grid, await grid.draw(format));
    return 0;
  });
}

/** One bar after another. A bar that is not ended keeps the process alive, so what fails midway ends its own. */
class Bars {
  #end = () => {};

  /** The bar is drawn when there is something to draw. */
  next(what: string): OnProgress {
    this.end();
    let bar: OnProgress | undefined;
    return (done, total) => {
      bar ??= progressBar(what);
      bar(done, total);
      const drawn = bar;
      this.#end = done < total ? () => drawn(total, total) : () => {};
    };
  }

  end(): void {
    this.#end();
    this.#end = () => {};
  }
}

/** The main space, the others of the library, and the encoders that were named; each encoder once. */
async function contendersOf(app: App, encoders: readonly string[]): Promise<Contender[]> {
  const definitions = await app.spaces.definitions();
  const isBare = definitions.length === 0 && encoders.length === 0;
  const names = new Map<string, string[]>([[MAIN, [MAIN]]]);
  const named = [
    ...definitions.map(({ name, encoder }) => ({ name, source: encoder })),
    ...(isBare ? DEFAULT_ENCODERS : encoders).map((source) => ({ name: source, source })),
  ];
  for (const { name, source } of named) names.set(source, [...new Set([...(names.get(source) ?? []), name])]);
  const vectors = new ComparedVectors({
    open: async (source): Promise<SpaceEncoder> =>
      source === MAIN ? { from: 'PICTURES', encoder: app.spaces.main.encoder } : app.openSource(source),
    // The main space's encoder is the service's own.
    close: async (source, opened) => {
      if (source !== MAIN && opened.from === 'PICTURES') await opened.encoder.close();
    },
    baseOf: async (name) => {
      if (name === MAIN) return { source: MAIN, metric: 'cosine' };
      const { source, metric } = await app.spaces.get(name);
      return { source, metric };
    },
  });
  return [...names].map(([source, spaces]) => ({
    name: spaces.join(', '),
    embed: (pictures, onProgress) => vectors.of(source, pictures, onProgress),
  }));
}

function print(comparison: Comparison, facts: readonly string[], command: string, options: CompareOptions): void {
  const { headings, rows } = comparisonTable(comparison);
  if (!options.json) {
    printRows(options, undefined, headings, rows);
    for (const sentence of bestSentences(comparison)) say(`Best ${sentence}`);
    for (const fact of facts) say(fact);
    return;
  }
  const named = comparison.rows.map(({ variant, ...row }) => ({ ...row, ...variant }));
  const best = bestByColumn(comparison).map(({ column, value, row: { space, metric, variant, isRescored } }) => {
    return { column, value, space, metric, search: nameVariant(variant, isRescored) };
  });
  printJson({ ...comparison, rows: named, best, machine: machineSentence(), command });
}

async function write(target: string, content: string | Uint8Array): Promise<void> {
  const path = resolve(target);
  await writeFile(path, content).catch((cause: unknown) => {
    throw new AppError('STORAGE_FAILED', `${path} cannot be written; choose another place.`, { cause });
  });
  say(`Written: ${path}`);
}

/** As it would be typed again: what is at its default is left out. */
function commandOf(folder: string, options: CompareOptions): string {
  const flags = (Object.keys(COMPARE_DEFAULTS) as (keyof typeof COMPARE_DEFAULTS)[])
    .filter((name) => options[name] !== COMPARE_DEFAULTS[name])
    .map((name) => `${name === 'k' ? '-k' : `--${name}`} ${quoted(options[name])}`);
  const encoders = options.encoders === undefined ? [] : [`--encoders ${quoted(options.encoders)}`];
  return ['semblance compare', quoted(folder), ...encoders, ...flags].join(' ');
}

function quoted(text: string): string {
  return /^[\w./:,~@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function readMetrics(text: string): Metric[] {
  const names = list(text);
  const metrics = METRICS.filter((metric) => names.includes(metric));
  if (metrics.length === new Set(names).size && metrics.length > 0) return metrics;
  throw new AppError(
    'BAD_ARGUMENT',
    `--metrics expects some of ${METRICS.join(', ')}, separated by commas, got "${text}".`,
  );
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function gridFormat(file: string): GridFormat {
  const extension = extname(file).toLowerCase();
  const formats: Readonly<Record<string, GridFormat>> = {
    '.webp': 'webp',
    '.png': 'png',
    '.jpg': 'jpeg',
    '.jpeg': 'jpeg',
  };
  const format = Object.hasOwn(formats, extension) ? formats[extension] : undefined;
  if (format !== undefined) return format;
  throw new AppError('BAD_ARGUMENT', `--grid expects a file that ends in .webp, .png or .jpg, got "${file}".`);
}
