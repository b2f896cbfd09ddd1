// Vectors of one byte a number: each row is scaled by its own largest number, so that adding one never touches another.
// A row of d numbers takes d + 8 bytes. Each number is off by at most 1/254 of the row's largest; the dot product with
// a unit vector by about 1/440 of it (errors of deviation 1/(127 sqrt 12) add up like a random walk).

import type { Metric } from '../vector-index.ts';
import { Column, type Packed } from './packed-rows.ts';

const LARGEST_BYTE = 127;
/** Queries get 12 bits: their share of the error vanishes beside a row's, and sums stay within 32 bits up to 33,000 numbers. */
const LARGEST_OF_QUERY = 2047;

/** A query, made ready to be compared with byte rows. */
export interface ByteQuery {
  readonly codes: Int16Array;
  readonly scale: number;
  readonly square: number;
  readonly metric: Metric;
}

export class ByteRows {
  readonly dimension: number;
  readonly codes: Column<Int8Array>;
  /** What one step of a row's codes is worth, and the squared length of the row as it is held. */
  readonly scales = new Column<Float32Array>((length) => new Float32Array(length), 1);
  readonly squares = new Column<Float32Array>((length) => new Float32Array(length), 1);

  constructor(dimension: number) {
    this.dimension = dimension;
    this.codes = new Column<Int8Array>((length) => new Int8Array(length), dimension);
  }

  get columns(): Column<Packed>[] {
    return [this.codes, this.scales, this.squares] as Column<Packed>[];
  }

  /** Writes the vector that begins at `start` of `data` into a row that there is room for. */
  put(row: number, data: Float32Array, start: number): void {
    const { dimension } = this;
    const codes = this.codes.data;
    const at = row * dimension;
    const step = largest(data, start, dimension) / LARGEST_BYTE;
    let square = 0;
    for (let i = 0; i < dimension; i++) {
      const code = step === 0 ? 0 : Math.round((data[start + i] as number) / step);
      codes[at + i] = code;
      square += code * code;
    }
    this.scales.data[row] = step;
    this.squares.data[row] = square * step * step;
  }

  /** The row as it is held, written to `out` (length: the dimension). */
  read(row: number, out: Float32Array): void {
    const codes = this.codes.data;
    const step = this.scales.data[row] as number;
    const at = row * this.dimension;
    for (let i = 0; i < this.dimension; i++) out[i] = (codes[at + i] as number) * step;
  }

  /** Dot product of the query with the row (cosine, dot), or minus their distance (euclidean). */
  score(query: ByteQuery, row: number): number {
    const sum = integerDotAt(query.codes, this.codes.data, row * this.dimension);
    const product = sum * query.scale * (this.scales.data[row] as number);
    if (query.metric !== 'euclidean') return product;
    return -Math.sqrt(Math.max(0, query.square + (this.squares.data[row] as number) - 2 * product));
  }
}

/** `asked` is prepared as the rows are (metric.ts). */
export function byteQuery(metric: Metric, asked: Float32Array): ByteQuery {
  const scale = largest(asked, 0, asked.length) / LARGEST_OF_QUERY;
  const codes = Int16Array.from(asked, (value) => (scale === 0 ? 0 : Math.round(value / scale)));
  // Of the codes, not of `asked`: a distance near 0 is the root of a difference of squares, which must fit each other.
  const square = codes.reduce((sum, code) => sum + code * code, 0) * scale * scale;
  return { codes, scale, square, metric };
}

function largest(data: Float32Array, start: number, count: number): number {
  let most = 0;
  for (let i = start; i < start + count; i++) most = Math.max(most, Math.abs(data[i] as number));
  return most;
}

/** Four sums of 32 bits side by side. */
function integerDotAt(query: Int16Array, data: Int8Array, start: number): number {
  const length = query.length;
  const whole = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < whole; i += 4) {
    const at = start + i;
    a = (a + Math.imul(query[i] as number, data[at] as number)) | 0;
    b = (b + Math.imul(query[i + 1] as number, data[at + 1] as number)) | 0;
    c = (c + Math.imul(query[i + 2] as number, data[at + 2] as number)) | 0;
    d = (d + Math.imul(query[i + 3] as number, data[at + 3] as number)) | 0;
  }
  for (; i < length; i++) a = (a + Math.imul(query[i] as number, data[start + i] as number)) | 0;
  return a + b + c + d;
}
