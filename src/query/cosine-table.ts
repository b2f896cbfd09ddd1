// Cosines of a few vectors with every word of a vocabulary, fast enough for each page of answers.
// Knows vectors only.
import { type Matrix, pack, row, type Vector } from '../core/vector.ts';
import { principalAxes } from './principal-axes.ts';

/**
 * Texts of everyday words fill few dimensions: in this many, the widest, words keep nearly all that tells them apart. It
 * takes a page of 20 hits from 8 ms to 4 ms (1,055 words, 256-d); 48 took 5 ms for .001 more classes named, 32 lost .005.
 */
const REDUCED_DIMENSION = 40;

/**
 * Prepares unit vectors, row by row. The answer gives for each vector one value a row: its cosine, but for what lies
 * outside the widest REDUCED_DIMENSION directions of the rows. Exact where the rows have no more dimensions than that.
 */
export function createCosineTable(rows: Matrix): (vectors: readonly Vector[]) => Float32Array[] {
  if (rows.dimension <= REDUCED_DIMENSION || rows.rows === 0) return (vectors) => multiply(rows, vectors);
  const { axes } = principalAxes(rows, new Float32Array(rows.dimension));
  const widest: Matrix = {
    rows: REDUCED_DIMENSION,
    dimension: rows.dimension,
    data: axes.data.subarray(0, REDUCED_DIMENSION * rows.dimension),
  };
  const all = Array.from({ length: rows.rows }, (_, r) => row(rows, r));
  const reduced = pack(multiply(widest, all));
  return (vectors) => multiply(reduced, multiply(widest, vectors));
}

/** The product of a vector with one row, without the view on the row that `row` would make: it costs more than the product. */
export function rowDot(rows: Matrix, index: number, vector: Vector): number {
  const { data, dimension } = rows;
  const offset = index * dimension;
  let sum = 0;
  for (let i = 0; i < dimension; i++) sum += (data[offset + i] as number) * (vector[i] as number);
  return sum;
}

/** Four vectors are taken through a row at once, side by side in doubles, so that the row is read once for all of them. */
function multiply(rows: Matrix, vectors: readonly Vector[]): Float32Array[] {
  const { dimension } = rows;
  const four = new Float64Array(4 * dimension);
  const products = new Float32Array(4 * rows.rows);
  return vectors.map((_, v) => {
    if (v % 4 === 0) {
      vectors.slice(v, v + 4).forEach((vector, k) => {
        for (let i = 0; i < dimension; i++) four[4 * i + k] = vector[i] as number;
      });
      multiplyFour(rows.data, four, products);
    }
    const own = new Float32Array(rows.rows);
    for (let r = 0; r < own.length; r++) own[r] = products[4 * r + (v % 4)] as number;
    return own;
  });
}

function multiplyFour(data: Float32Array, four: Float64Array, products: Float32Array): void {
  for (let offset = 0, out = 0; out < products.length; out += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let at = 0; at < four.length; at += 4, offset++) {
      const value = data[offset] as number;
      a += value * (four[at] as number);
      b += value * (four[at + 1] as number);
      c += value * (four[at + 2] as number);
      d += value * (four[at + 3] as number);
    }
    products[out] = a;
    products[out + 1] = b;
    products[out + 2] = c;
    products[out + 3] = d;
  }
}
