// How exact a space's index is, and what is computed beside it: exact scores of full vectors, projected rows, and how many
// candidates make up for an order that is only nearly right. Knows vectors only.
import { dot, type Vector } from '../../core/vector.ts';
import { scorer } from '../../vectors/metric.ts';
import { type Projection, projectVectors } from '../../vectors/projections/projection.ts';
import type { IndexKind, Metric } from '../../vectors/vector-index.ts';
import type { VectorSource } from '../../vectors/vector-source.ts';

/** Cosine of unit vectors, dot product, or minus the Euclidean distance. */
export function exactScore(metric: Metric): (a: Vector, b: Vector) => number {
  if (metric !== 'euclidean') return dot;
  const scoreAt = scorer(metric);
  return (a, b) => scoreAt(a, b, 0);
}

/** Of an index that orders by the vectors themselves, rounded at most to f16. */
export const FINE = 1.2;
/** int8 rounds to two digits; tables and bits miss some of the nearest altogether. */
const COARSE: Readonly<Record<IndexKind, number>> = {
  exact: FINE,
  usearch: FINE,
  hnswlib: FINE,
  int8: 3,
  lsh: 8,
  binary: 12,
};
/** Lengths and angles of shorter vectors are off by a tenth or so (64 numbers). */
const PROJECTED = 5;
const MOST = 24;
/** Reading and comparing so many vectors takes a few milliseconds, so a coarse index is never asked for fewer. */
export const LEAST_CANDIDATES = 200;

export function overfetchOf(kind: IndexKind, projection: Projection | undefined): number {
  return Math.min(MOST, COARSE[kind] * (projection === undefined ? 1 : PROJECTED));
}

/** The source's vectors as an index of shorter ones takes them. */
export function projectedSource(source: VectorSource, projection: Projection): VectorSource {
  return {
    labels: () => source.labels(),
    async get(labels) {
      const found = [...(await source.get(labels))];
      const rows = projectVectors(
        projection,
        found.map(([, vector]) => vector),
      );
      return new Map(found.map(([label], i) => [label, rows[i] as Vector]));
    },
    async *scan(batch) {
      for await (const { labels, vectors } of source.scan(batch)) yield { labels, vectors: projection.apply(vectors) };
    },
  };
}
