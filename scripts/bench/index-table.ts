// Recall against speed of the index adapters on the same vectors, in one run and in turns, so that whatever else the
// machine does falls on all of them alike.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '../../src/core/errors.ts';
import { type Matrix, pack, pickRows, row } from '../../src/core/vector.ts';
import type { Label } from '../../src/core/views.ts';
import { median } from '../../src/query/measures.ts';
import { createIndex, loadIndex } from '../../src/vectors/make-index.ts';
import { fitProjection, parseProjection } from '../../src/vectors/projections/make-projection.ts';
import type { Projection } from '../../src/vectors/projections/projection.ts';
import { recallOf } from '../../src/vectors/recall.ts';
import { scanExact } from '../../src/vectors/select.ts';
import type { IndexKind, VectorIndex } from '../../src/vectors/vector-index.ts';
import { clusters } from './clustered-vectors.ts';

export interface IndexTableOptions {
  /** Vectors in the index (default 10,000), of this many dimensions (512), around this many centres (1000). */
  readonly rows?: number;
  readonly dimension?: number;
  readonly centres?: number;
  readonly queries?: number;
  /** Each adapter and ef answers all queries this often; the median round counts. */
  readonly rounds?: number;
  readonly seed?: number;
  readonly kinds?: readonly IndexKind[];
  readonly efs?: readonly number[];
  readonly projections?: readonly string[];
}

export interface IndexTableRow {
  readonly kind: IndexKind;
  /** Of the vectors before they are indexed: `none`, or as parseProjection reads it. */
  readonly projection: string;
  /** Neighbors asked of the index; where they are more than ten, those are scored again with the full vectors. */
  readonly fetched: number;
  /** Undefined for the exact index, which has none. */
  readonly ef: number | undefined;
  /** Share of the ten nearest that were found, 0..1. */
  readonly recallAt10: number;
  /** Queries a second, one thread, median round. */
  readonly queriesPerSecond: number;
  readonly buildSeconds: number;
  /** Of the index file, labels not counted. */
  readonly bytesPerVector: number;
}

const DEFAULTS = { rows: 10_000, dimension: 512, centres: 1000, queries: 200, rounds: 5, seed: 1 } as const;
const KINDS: readonly IndexKind[] = ['exact', 'usearch', 'hnswlib', 'lsh', 'int8', 'binary'];
/** Measured upon an exact index of the shorter vectors, so that the reduction alone is seen. */
const PROJECTIONS = ['pca:64', 'gaussian:64', 'sparse:64'];
const SAMPLE_ROWS = 2000;
/** What only estimates the order brings ten times as many, as the service asks it to. */
const OVER_FETCH = 100;
const EFS = [32, 64, 128, 256];
const K = 10;
/** Deviation around a centre, whose coordinates have deviation 1. */
const SPREAD = 0.6;
/** As the build worker receives them. */
const BATCH_ROWS = 256;

interface Built {
  readonly index: VectorIndex;
  readonly projection: Projection | undefined;
  readonly fetched: number;
  readonly buildSeconds: number;
  readonly bytesPerVector: number;
}

/** One row for each adapter that is installed and each ef; indexes are built, saved and opened as the service does it. */
export async function indexTable(options: IndexTableOptions = {}): Promise<IndexTableRow[]> {
  const { rows, dimension, centres, queries: count, rounds, seed } = { ...DEFAULTS, ...options };
  const stream = clusters({ dimension, count: centres, spread: SPREAD, seed });
  const vectors = stream.draw(rows);
  const queries = stream.draw(count);
  const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  try {
    const built: Built[] = [];
    for (const kind of options.kinds ?? KINDS) {
      const each = await build(kind, vectors, folder);
      if (each !== undefined) built.push(each);
    }
    for (const text of options.projections ?? PROJECTIONS) {
      const each = await buildProjected(text, vectors, folder, seed);
      if (each !== undefined) built.push(each);
    }
    return await measure(built, vectors, queries, options.efs ?? EFS, rounds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A Markdown table, as the README carries it. */
export function indexTableMarkdown(table: readonly IndexTableRow[]): string {
  const lines = table.map((each) =>
    [
      '',
      each.projection === 'none' ? NAMES[each.kind] : `${each.projection}, ${NAMES[each.kind]}`,
      each.ef ?? '-',
      each.fetched === K ? '-' : each.fetched,
      each.recallAt10.toFixed(3),
      Math.round(each.queriesPerSecond),
      Math.round(each.bytesPerVector),
      each.buildSeconds.toFixed(1),
      '',
    ]
      .join(' | ')
      .trim(),
  );
  return [
    '| index | ef | fetched, scored again | recall@10 | QPS | bytes a vector | build s |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

const NAMES: Readonly<Record<IndexKind, string>> = {
  exact: 'exact',
  usearch: 'usearch f16',
  hnswlib: 'hnswlib f32',
  lsh: 'LSH',
  int8: 'int8',
  binary: 'binary',
};

/** Fitting and projecting count as building. */
async function buildProjected(text: string, vectors: Matrix, folder: string, seed: number): Promise<Built | undefined> {
  const choice = parseProjection(text);
  if (choice === undefined || choice.to >= vectors.dimension) return undefined;
  const start = performance.now();
  const rows = Math.min(SAMPLE_ROWS, vectors.rows);
  const sample = { ...vectors, rows, data: vectors.data.subarray(0, rows * vectors.dimension) };
  const projection = fitProjection(choice.kind, choice.to, sample, seed);
  const shorter = projection.apply(vectors);
  const seconds = (performance.now() - start) / 1000;
  const built = await build('exact', shorter, folder);
  return built && { ...built, projection, fetched: OVER_FETCH, buildSeconds: built.buildSeconds + seconds };
}

async function build(kind: IndexKind, vectors: Matrix, folder: string): Promise<Built | undefined> {
  const shape = { dimension: vectors.dimension, metric: 'cosine', capacity: vectors.rows } as const;
  const index = await createIndex(kind, shape).catch((error: unknown) => {
    if (isAppError(error, 'INDEX_UNAVAILABLE')) return undefined;
    throw error;
  });
  if (index === undefined) return undefined;
  const start = performance.now();
  for (let from = 0; from < vectors.rows; from += BATCH_ROWS) {
    const rows = Math.min(BATCH_ROWS, vectors.rows - from);
    const data = vectors.data.subarray(from * vectors.dimension, (from + rows) * vectors.dimension);
    const labels = Array.from({ length: rows }, (_, i) => (from + i) as Label);
    index.add(labels, { rows, dimension: vectors.dimension, data });
  }
  const path = join(folder, `${kind}-${vectors.dimension}`);
  // LSH hashes its rows when they are first needed, so the save belongs to the build.
  await index.save(path);
  const buildSeconds = (performance.now() - start) / 1000;
  const { size } = await stat(path);
  const opened = await loadIndex(kind, path, shape, index.labels());
  index.close();
  const fetched = kind === 'binary' ? OVER_FETCH : K;
  return { index: opened, projection: undefined, fetched, buildSeconds, bytesPerVector: size / vectors.rows };
}

async function measure(
  built: readonly Built[],
  vectors: Matrix,
  queries: Matrix,
  efs: readonly number[],
  rounds: number,
): Promise<IndexTableRow[]> {
  const truth = await nearest(vectors, queries);
  const runs = built.flatMap((each) =>
    (HAS_NO_EF.has(each.index.kind) ? [undefined] : efs).map((ef) => ({ ...each, ef, seconds: [] as number[] })),
  );
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) {
      const start = performance.now();
      askAll(run, vectors, queries, run.ef);
      run.seconds.push((performance.now() - start) / 1000);
    }
  }
  return runs.map((run) => ({
    kind: run.index.kind,
    projection: run.projection === undefined ? 'none' : `${run.projection.kind}:${run.projection.to}`,
    fetched: run.fetched,
    ef: run.ef,
    recallAt10: recallOf(askAll(run, vectors, queries, run.ef), truth),
    queriesPerSecond: queries.rows / median(run.seconds),
    buildSeconds: run.buildSeconds,
    bytesPerVector: run.bytesPerVector,
  }));
}

const HAS_NO_EF: ReadonlySet<IndexKind> = new Set<IndexKind>(['exact', 'int8', 'binary']);

async function nearest(vectors: Matrix, queries: Matrix): Promise<Label[][]> {
  const index = await createIndex('exact', { dimension: vectors.dimension, metric: 'cosine', capacity: vectors.rows });
  const labels = Array.from({ length: vectors.rows }, (_, i) => i as Label);
  index.add(labels, vectors);
  return askAll({ index, projection: undefined, fetched: K }, vectors, queries, undefined);
}

/** As the service does it: the query is projected, the index asked, and what was fetched beyond ten scored exactly. */
function askAll(
  { index, projection, fetched }: Pick<Built, 'index' | 'projection' | 'fetched'>,
  vectors: Matrix,
  queries: Matrix,
  ef: number | undefined,
): Label[][] {
  const options = ef === undefined ? {} : { ef };
  return Array.from({ length: queries.rows }, (_, i) => {
    const query = row(queries, i);
    const asked = projection === undefined ? query : projection.apply(pack([query])).data;
    const found = index.search(asked, fetched, options).map(({ label }) => label);
    if (fetched === K) return found;
    const batch = {
      labels: found,
      vectors: pickRows(vectors, found),
    };
    return scanExact(query, batch, K, 'cosine').map(({ label }) => label);
  });
}
