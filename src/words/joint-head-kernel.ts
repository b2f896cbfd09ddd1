// The change of axes under which a penalty on the weights of kernel units becomes the plain one of ridge regression:
// triangular systems on packed Float64 rows. Knows no kernel and no words.
import { CholeskyDecomposition, Matrix as Dense } from 'ml-matrix';
import { AppError } from '../core/errors.ts';
import type { Matrix } from '../core/vector.ts';
import type { Moments } from './ridge.ts';

/** Equal or nearly equal centres would make the kernel singular; this share of its mean diagonal is added to it. */
const JITTER = 1e-5;

/** Packed rows of the lower triangle L with L L' = kernel (a symmetric positive matrix, up to rounding). */
export function lowerTriangleOf({ rows: n, data }: Matrix): Float64Array {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += data[i * n + i] as number;
  const dense = new Dense(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const value = ((data[i * n + j] as number) + (data[j * n + i] as number)) / 2;
      dense.set(i, j, i === j ? value + JITTER * (trace / n || 1) : value);
    }
  }
  const decomposition = new CholeskyDecomposition(dense);
  if (!decomposition.isPositiveDefinite())
    throw new AppError('INTERNAL', 'The kernel of the hidden layer is not positive definite.');
  return Float64Array.from(decomposition.lowerTriangularMatrix.to1DArray());
}

/**
 * The moments of inputs L^-1 k from those of inputs k; `unwhiten` turns weights on them (packed rows, `columns` a row) into
 * weights on k.
 */
export function whitenedMoments(moments: Moments, lower: Float64Array) {
  const n = moments.inputSum.length;
  const q = moments.outputSum.length;
  const half = solveLower(lower, moments.inputProducts, n);
  const whitened: Moments = {
    ...moments,
    inputSum: solveLower(lower, moments.inputSum, 1),
    inputProducts: solveLower(lower, transposed(half, n), n),
    crossProducts: solveLower(lower, moments.crossProducts, q),
  };
  const unwhiten = (weights: Float32Array, columns: number): Float32Array =>
    Float32Array.from(solveUpper(lower, Float64Array.from(weights), columns));
  return { whitened, unwhiten };
}

/** X with L X = right, both packed by rows of `columns` numbers. */
function solveLower(lower: Float64Array, right: Float64Array, columns: number): Float64Array {
  const n = right.length / columns;
  const out = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(out, i, k, lower[i * n + k] as number, columns);
    divideRow(out, i, lower[i * n + i] as number, columns);
  }
  return out;
}

/** X with L' X = right. */
function solveUpper(lower: Float64Array, right: Float64Array, columns: number): Float64Array {
  const n = right.length / columns;
  const out = Float64Array.from(right);
  for (let i = n - 1; i >= 0; i--) {
    divideRow(out, i, lower[i * n + i] as number, columns);
    for (let k = 0; k < i; k++) subtractRow(out, k, i, lower[i * n + k] as number, columns);
  }
  return out;
}

function subtractRow(rows: Float64Array, from: number, what: number, factor: number, columns: number): void {
  for (let j = 0, a = from * columns, b = what * columns; j < columns; j++, a++, b++)
    rows[a] = (rows[a] as number) - factor * (rows[b] as number);
}

function divideRow(rows: Float64Array, at: number, divisor: number, columns: number): void {
  for (let a = at * columns; a < (at + 1) * columns; a++) rows[a] = (rows[a] as number) / divisor;
}

function transposed(square: Float64Array, n: number): Float64Array {
  return square.map((_, at) => square[(at % n) * n + Math.floor(at / n)] as number);
}
