// What the cases of every index adapter are held against: how near each kind must come, and the plain definition of a score.
import { expect } from 'vitest';
import { seededRandom } from '../../scripts/eval/random.ts';
import { isAppError } from '../../src/core/errors.ts';
import { type Matrix, pack, row, scale, type Vector } from '../../src/core/vector.ts';
import type { Label } from '../../src/core/views.ts';
import { assertAvailable, createIndex } from '../../src/vectors/make-index.ts';
import type { IndexKind, Metric, VectorIndex } from '../../src/vectors/vector-index.ts';

export const KINDS: readonly IndexKind[] = ['exact', 'usearch', 'hnswlib', 'lsh', 'int8', 'binary'];
export const METRICS: readonly Metric[] = ['cosine', 'dot', 'euclidean'];
/** f16 keeps 11 bits: about three digits of a score near 1. Bytes keep two; bits are off by 1/sqrt(their number) and more. */
export const TOLERANCE: Readonly<Record<IndexKind, number>> = {
  exact: 1e-6,
  usearch: 4e-3,
  hnswlib: 1e-5,
  lsh: 2e-2,
  int8: 2e-2,
  binary: 0.6,
};
export const RECALL = 0.95;
/** Neighbors asked for where ten are wanted. One bit a number only chooses candidates, which the planner scores exactly. */
export const FETCHED: Readonly<Record<IndexKind, number>> = {
  exact: 10,
  usearch: 10,
  hnswlib: 10,
  lsh: 10,
  int8: 10,
  binary: 100,
};
/** Graphs are built on a machine that may be busy. */
export const SLOW_MS = 60_000;

export const isInstalled: Readonly<Record<IndexKind, boolean>> = {
  exact: true,
  usearch: await isThere('usearch'),
  hnswlib: await isThere('hnswlib'),
  lsh: true,
  int8: true,
  binary: true,
};

async function isThere(kind: IndexKind): Promise<boolean> {
  try {
    await assertAvailable(kind);
    return true;
  } catch (error) {
    if (isAppError(error, 'INDEX_UNAVAILABLE')) return false;
    throw error;
  }
}

export async function filled(kind: IndexKind, metric: Metric, matrix: Matrix): Promise<VectorIndex> {
  const index = await createIndex(kind, { dimension: matrix.dimension, metric });
  index.add(range(matrix.rows), matrix);
  return index;
}

export function recallAt10(index: VectorIndex, oracle: VectorIndex, queries: Matrix): number {
  let hits = 0;
  for (let i = 0; i < queries.rows; i++) {
    const query = row(queries, i);
    const exact = oracle.search(query, 10);
    const found = new Map(index.search(query, FETCHED[index.kind]).map(({ label, score }) => [label, score]));
    for (const { label, score } of exact) {
      const got = found.get(label);
      if (got === undefined) continue;
      hits++;
      expect(Math.abs(got - score)).toBeLessThan(TOLERANCE[index.kind]);
    }
  }
  return hits / (queries.rows * 10);
}

/** The plain definition, in doubles. */
export function scoreOf(metric: Metric, a: Vector, b: Vector): number {
  let product = 0;
  let distance = 0;
  let lengths = 0;
  for (let i = 0; i < a.length; i++) {
    product += (a[i] as number) * (b[i] as number);
    distance += ((a[i] as number) - (b[i] as number)) ** 2;
  }
  if (metric === 'dot') return product;
  if (metric === 'euclidean') return -Math.sqrt(distance);
  lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths === 0 ? 0 : product / lengths;
}

/** Within the index's precision. Few vectors are held whole by binary: their scores are exact. */
export function expectNear(kind: IndexKind, score: number | undefined, expected: number): void {
  const tolerance = kind === 'binary' ? 5e-3 : Math.max(5e-3, TOLERANCE[kind]);
  expect(Math.abs((score ?? Number.NaN) - expected)).toBeLessThanOrEqual(tolerance);
}

/** Each row scaled by a factor between 1/3 and 3, so that the three metrics disagree. */
export function ofManyLengths(matrix: Matrix): Matrix {
  const random = seededRandom(23);
  const rows = Array.from({ length: matrix.rows }, (_, i) => scale(row(matrix, i), 3 ** random.between(-1, 1)));
  return pack(rows);
}

export function label(value: number): Label {
  return value as Label;
}

export function labels(...values: number[]): Label[] {
  return values as Label[];
}

export function range(count: number): Label[] {
  return labels(...Array(count).keys());
}
