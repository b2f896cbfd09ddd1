// Vectors as sign bits about a centre, and the score that such bits speak for. Beside its bits a row keeps two numbers,
// its distance from the centre and its product with it, so that an estimate is on the scale of each metric.

import type { Metric } from '../vector-index.ts';
import { cosinesOfHamming, wordsFor } from './hamming.ts';
import { Column, type Packed } from './packed-rows.ts';

export interface BinaryCodes {
  readonly words: Column<Uint32Array>;
  /** |x - centre| and (x - centre).centre of each row x. */
  readonly lengths: Column<Float32Array>;
  readonly along: Column<Float32Array>;
  readonly columns: Column<Packed>[];
  /** Cosine by differing bits. */
  readonly cosines: Float64Array;
}

/** No rows yet, of so many bits. */
export function binaryCodes(bits: number): BinaryCodes {
  const words = new Column<Uint32Array>((length) => new Uint32Array(length), wordsFor(bits));
  const lengths = new Column<Float32Array>((length) => new Float32Array(length), 1);
  const along = new Column<Float32Array>((length) => new Float32Array(length), 1);
  const columns = [words, lengths, along] as Column<Packed>[];
  return { words, lengths, along, columns, cosines: cosinesOfHamming(bits) };
}

/** Writes the vector that begins at `start` of `data` into a row that there is room for. */
export function encodeBits(
  { words, lengths, along }: BinaryCodes,
  row: number,
  data: Float32Array,
  start: number,
  centre: Float32Array,
): void {
  const facts = signsOf(data, start, centre, words.data.subarray(row * words.stride, (row + 1) * words.stride));
  lengths.data[row] = facts.length;
  along.data[row] = facts.along;
}

export interface Estimator {
  /** The query's own bits. */
  readonly bits: Uint32Array;
  /** Score of a row from which the query differs in h bits: falls as h grows. */
  readonly score: (row: number, h: number) => number;
}

/**
 * What the bits say of `asked` (prepared) and a row x: the angle at the centre, taken from the share of differing bits,
 * put into q.x = c.c + c.x' + c.q' + |q'||x'|cos and |q - x|^2 = |q'|^2 + |x'|^2 - 2|q'||x'|cos with q', x' = q, x - c.
 * The angle is right on average where the signs are as those of random hyperplanes; off by about 1/sqrt(bits).
 */
export function estimator(
  metric: Metric,
  { words, lengths, along, cosines }: BinaryCodes,
  asked: Float32Array,
  centre: Float32Array,
): Estimator {
  const bits = new Uint32Array(words.stride);
  const own = signsOf(asked, 0, centre, bits);
  const base = centre.reduce((sum, value) => sum + value * value, 0) + own.along;
  const rowLengths = lengths.data;
  const rowAlong = along.data;
  if (metric === 'euclidean') {
    const square = own.length * own.length;
    const score = (row: number, h: number): number => {
      const length = rowLengths[row] as number;
      return -Math.sqrt(Math.max(0, square + length * (length - 2 * own.length * (cosines[h] as number))));
    };
    return { bits, score };
  }
  const dot = (row: number, h: number): number =>
    base + (rowAlong[row] as number) + own.length * (rowLengths[row] as number) * (cosines[h] as number);
  return { bits, score: metric === 'dot' ? dot : (row, h) => Math.max(-1, Math.min(1, dot(row, h))) };
}

/** Sets bit i of `out` where number i is above the centre's. */
function signsOf(
  data: Float32Array,
  start: number,
  centre: Float32Array,
  out: Uint32Array,
): { readonly length: number; readonly along: number } {
  out.fill(0);
  let square = 0;
  let along = 0;
  for (let i = 0; i < centre.length; i++) {
    const about = (data[start + i] as number) - (centre[i] as number);
    if (about > 0) out[i >>> 5] = (out[i >>> 5] as number) | (1 << (i & 31));
    square += about * about;
    along += about * (centre[i] as number);
  }
  return { length: Math.sqrt(square), along };
}
