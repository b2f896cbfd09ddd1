// Arithmetic on dense Float32 vectors. Knows nothing of models, indexes or pictures.
import { AppError } from './errors.ts';

/** A Float32 vector; an embedding is one of L2 norm 1. */
export type Vector = Float32Array;

/** n vectors of one dimension, packed row after row. */
export interface Matrix {
  readonly rows: number;
  readonly dimension: number;
  /** Length rows * dimension. */
  readonly data: Float32Array;
}

/** Sum of products. Both vectors must have the same length; throws INTERNAL otherwise. */
export function dot(a: Vector, b: Vector): number {
  if (a.length !== b.length) {
    throw new AppError('INTERNAL', `dot expects vectors of one length, got ${a.length} and ${b.length}.`);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Euclidean length, >= 0. */
export function norm(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

/** A new vector of length 1 in the direction of `a`; the zero vector stays zero. */
export function unit(a: Vector): Vector {
  return scale(a, 1 / (norm(a) || 1));
}

/** A new vector factor * a. */
export function scale(a: Vector, factor: number): Vector {
  const out = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) * factor;
  return out;
}

/** A new vector a + factor * b. */
export function addScaled(a: Vector, b: Vector, factor: number): Vector {
  if (a.length !== b.length) {
    throw new AppError('INTERNAL', `addScaled expects vectors of one length, got ${a.length} and ${b.length}.`);
  }
  const out = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) + factor * (b[i] as number);
  return out;
}

/** The arithmetic mean, not normalised. Throws INTERNAL for an empty list. */
export function mean(vectors: readonly Vector[]): Vector {
  const first = vectors[0];
  if (first === undefined) throw new AppError('INTERNAL', 'mean expects at least one vector.');
  let sum: Vector = new Float32Array(first.length);
  for (const vector of vectors) sum = addScaled(sum, vector, 1);
  return scale(sum, 1 / vectors.length);
}

/** Copies vectors of one length into a matrix; an empty list needs its dimension said. */
export function pack(vectors: readonly Vector[], dimension = vectors[0]?.length ?? 0): Matrix {
  const data = new Float32Array(vectors.length * dimension);
  vectors.forEach((vector, i) => {
    if (vector.length !== dimension) {
      throw new AppError('INTERNAL', `pack expects vectors of dimension ${dimension}, got ${vector.length}.`);
    }
    data.set(vector, i * dimension);
  });
  return { rows: vectors.length, dimension, data };
}

/** Row i as a view on the matrix's own memory; do not write to it. */
export function row(matrix: Matrix, i: number): Vector {
  return matrix.data.subarray(i * matrix.dimension, (i + 1) * matrix.dimension);
}

/** All rows in order, each a view as `row` gives it. */
export function rowsOf(matrix: Matrix): Vector[] {
  return Array.from({ length: matrix.rows }, (_, i) => row(matrix, i));
}

/** A copy of only these rows, in this order. */
export function pickRows(matrix: Matrix, rows: readonly number[]): Matrix {
  return pack(
    rows.map((i) => row(matrix, i)),
    matrix.dimension,
  );
}

/** The arithmetic mean of the rows, not normalised. Throws INTERNAL for a matrix without any. */
export function meanOfRows(matrix: Matrix): Vector {
  return mean(rowsOf(matrix));
}
