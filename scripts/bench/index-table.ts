// Recall against speed of the index adapters on the same vectors, in one run and in turns, so that whatever else the
// machine does falls on all of them alike.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '../../src/core/errors.ts';
import { type Matrix, row } from '../../src/core/vector.ts';
import type { Label } from '../../src/core/views.ts';
import { createIndex, loadIndex } from '../../src/vectors/make-index.ts';
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
}

export interface IndexTableRow {
  readonly kind: IndexKind;
  /** Undefined for the exact index, which has none. */
  readonly ef: number | undefined;
  /** Share of the ten nearest that were found, 0..1. */
  readonly recallAt10: number;
  /** Queries a second, one thread, median round. */
  readonly queriesPerSecond: number;
  readonly buildSeconds: number;
  readonly fileMegabytes: number;
}

const DEFAULTS = { rows: 10_000, dimension: 512, centres: 1000, queries: 200, rounds: 5, seed: 1 } as const;
const KINDS: readonly IndexKind[] = ['exact', 'usearch', 'hnswlib'];
const EFS = [32, 64, 128, 256];
const K = 10;
/** Deviation around a centre, whose coordinates have deviation 1. */
const SPREAD = 0.6;
/** As the build worker receives them. */
const BATCH_ROWS = 256;

interface Built {
  readonly index: VectorIndex;
  readonly buildSeconds: number;
  readonly fileMegabytes: number;
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
    return await measure(built, vectors, queries, options.efs ?? EFS, rounds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A Markdown table, as the README carries it. */
export function indexTableMarkdown(table: readonly IndexTableRow[]): string {
  const lines = table.map(({ kind, ef, recallAt10, queriesPerSecond, buildSeconds, fileMegabytes }) =>
    [
      '',
      NAMES[kind],
      ef ?? '-',
      recallAt10.toFixed(3),
      Math.round(queriesPerSecond),
      kind === 'exact' ? '-' : buildSeconds.toFixed(1),
      fileMegabytes.toFixed(1),
      '',
    ]
      .join(' | ')
      .trim(),
  );
  return ['| index | ef | recall@10 | QPS | build s | file MB |', '|---|---|---|---|---|---|', ...lines].join('\n');
}

const NAMES: Readonly<Record<IndexKind, string>> = { exact: 'exact', usearch: 'usearch f16', hnswlib: 'hnswlib f32' };

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
  const buildSeconds = (performance.now() - start) / 1000;
  const path = join(folder, kind);
  await index.save(path);
  const { size } = await stat(path);
  const opened = await loadIndex(kind, path, shape, index.labels());
  index.close();
  return { index: opened, buildSeconds, fileMegabytes: size / 1e6 };
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
    (each.index.kind === 'exact' ? [undefined] : efs).map((ef) => ({ ...each, ef, seconds: [] as number[] })),
  );
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) {
      const start = performance.now();
      askAll(run.index, queries, run.ef);
      run.seconds.push((performance.now() - start) / 1000);
    }
  }
  return runs.map(({ index, ef, seconds, buildSeconds, fileMegabytes }) => ({
    kind: index.kind,
    ef,
    recallAt10: recall(askAll(index, queries, ef), truth),
    queriesPerSecond: queries.rows / median(seconds),
    buildSeconds,
    fileMegabytes,
  }));
}

async function nearest(vectors: Matrix, queries: Matrix): Promise<Label[][]> {
  const oracle = await createIndex('exact', { dimension: vectors.dimension, metric: 'cosine', capacity: vectors.rows });
  const labels = Array.from({ length: vectors.rows }, (_, i) => i as Label);
  oracle.add(labels, vectors);
  return askAll(oracle, queries, undefined);
}

function askAll(index: VectorIndex, queries: Matrix, ef: number | undefined): Label[][] {
  const options = ef === undefined ? {} : { ef };
  return Array.from({ length: queries.rows }, (_, i) =>
    index.search(row(queries, i), K, options).map(({ label }) => label),
  );
}

function recall(found: readonly Label[][], truth: readonly Label[][]): number {
  const hits = truth.map((labels, i) => labels.filter((label) => found[i]?.includes(label)).length);
  return hits.reduce((sum, each) => sum + each, 0) / truth.flat().length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
