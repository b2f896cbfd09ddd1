// The directions of the largest mean square of many rows, in seconds whatever their shape: small problems exactly, large
// ones on the range that a random sketch finds. ml-matrix does the decompositions.
import { Matrix as Dense, EigenvalueDecomposition, QrDecomposition } from 'ml-matrix';
import { seededNormals } from '../../core/seeded-random.ts';
import type { Matrix } from '../../core/vector.ts';

export interface PrincipalDirections {
  /** Orthonormal rows of the data's length, the largest mean square first. Each one's largest number is positive. */
  readonly axes: Float32Array;
  /** Mean square of the rows along each axis, falling. */
  readonly variances: Float32Array;
}

/** An eigenvalue decomposition of so many rows takes about two seconds. */
const LARGEST_EXACT = 640;
/** Directions found beside those wanted, and rounds of refinement: Halko, Martinsson and Tropp (2011), algorithm 4.4. */
const OVERSAMPLING = 16;
const POWER_ROUNDS = 2;

/** The first `count` of them; count <= rows and length. Nothing is subtracted from the rows, which are not changed. */
export function principalDirections(rows: Matrix, count: number, seed: number): PrincipalDirections {
  if (rows.dimension <= LARGEST_EXACT) {
    const { values, vectors } = largestOf(meanSquares(rows.data, rows.rows, rows.dimension), count);
    return { axes: packAxes(vectors), variances: values };
  }
  const columns = Math.min(count + OVERSAMPLING, rows.rows, rows.dimension);
  const range = randomRange(rows, columns, seed);
  // The best directions within that range: the Rayleigh-Ritz method.
  const { values, vectors } = largestOf(meanSquares(times(rows, range), rows.rows, columns), count);
  return { axes: packAxes(range.mmul(vectors)), variances: values };
}

/** X'X / rows. */
function meanSquares(data: Float32Array | Float64Array, rows: number, columns: number): Dense {
  const sums = new Float64Array(columns * columns);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    for (let a = 0; a < columns; a++) {
      const left = row[a] as number;
      for (let b = 0; b <= a; b++)
        sums[a * columns + b] = (sums[a * columns + b] as number) + left * (row[b] as number);
    }
  }
  const out = new Dense(columns, columns);
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b <= a; b++) {
      const value = (sums[a * columns + b] as number) / rows;
      out.set(a, b, value);
      out.set(b, a, value);
    }
  }
  return out;
}

/** The largest eigenvalues of a symmetric matrix, falling, and their vectors as columns. */
function largestOf(symmetric: Dense, count: number): { readonly values: Float32Array; readonly vectors: Dense } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  const chosen = order.slice(0, count);
  const values = Float32Array.from(chosen, (i) => Math.max(0, realEigenvalues[i] ?? 0));
  return { values, vectors: eigenvectorMatrix.subMatrixColumn(chosen) };
}

/** Columns as packed rows. */
function packAxes(directions: Dense): Float32Array {
  const axes = new Float32Array(directions.columns * directions.rows);
  for (let j = 0; j < directions.columns; j++) {
    axes.set(withFixedSign(directions.getColumn(j)), j * directions.rows);
  }
  return axes;
}

/** Orthonormal columns whose span holds nearly all of the largest directions of the rows. */
function randomRange(rows: Matrix, columns: number, seed: number): Dense {
  const normals = seededNormals(rows.dimension * columns, seed);
  let range = orthonormal(new Dense(toRows(normals, columns)));
  for (let round = 0; round < POWER_ROUNDS; round++) {
    const products = times(rows, range);
    range = orthonormal(timesTransposed(rows, new Dense(toRows(products, columns))));
  }
  return range;
}

/** X R, packed row by row. Its columns run in the inner loop, so memory is read in order. */
function times(rows: Matrix, range: Dense): Float64Array {
  const { columns } = range;
  const packed = Float64Array.from(range.to1DArray());
  const out = new Float64Array(rows.rows * columns);
  for (let i = 0; i < rows.rows; i++) {
    const sums = out.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < rows.dimension; j++) {
      const value = rows.data[i * rows.dimension + j] as number;
      if (value === 0) continue;
      for (let c = 0; c < columns; c++) sums[c] = (sums[c] as number) + value * (packed[j * columns + c] as number);
    }
  }
  return out;
}

/** X' P for P of a row for each row of X. */
function timesTransposed(rows: Matrix, products: Dense): Dense {
  const { columns } = products;
  const packed = Float64Array.from(products.to1DArray());
  const out = new Float64Array(rows.dimension * columns);
  for (let i = 0; i < rows.rows; i++) {
    const row = packed.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < rows.dimension; j++) {
      const value = rows.data[i * rows.dimension + j] as number;
      if (value === 0) continue;
      const at = j * columns;
      for (let c = 0; c < columns; c++) out[at + c] = (out[at + c] as number) + value * (row[c] as number);
    }
  }
  return new Dense(toRows(out, columns));
}

function orthonormal(matrix: Dense): Dense {
  return new QrDecomposition(matrix).orthogonalMatrix;
}

function toRows(packed: Float32Array | Float64Array, columns: number): Float64Array[] {
  return Array.from({ length: packed.length / columns }, (_, i) =>
    Float64Array.from(packed.subarray(i * columns, (i + 1) * columns)),
  );
}

/** A direction and its opposite are one axis: the one whose largest number is positive is taken. */
function withFixedSign(direction: readonly number[]): number[] {
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? direction.map((value) => -value) : [...direction];
}
