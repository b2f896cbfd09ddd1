// Random projection by a matrix that is mostly zero: as true as the dense one for vectors whose weight is spread over many
// numbers, and sqrt(from) times as fast. Nothing is fitted; the matrix is made again from its seed.

import { seededUniform } from '../../core/seeded-random.ts';
import type { Matrix } from '../../core/vector.ts';
import { assertLength } from './gaussian-projection.ts';
import type { Projection } from './projection.ts';

export class SparseProjection implements Projection {
  readonly kind = 'sparse';
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  /** The row j of the matrix has its entries from starts[j] to starts[j + 1]: columns, and 1 or -1. */
  readonly #starts: Uint32Array;
  readonly #columns: Uint32Array;
  readonly #signs: Int8Array;
  readonly #factor: number;

  /**
   * Entries are sqrt(s/to) times 1 or -1, each with probability 1/2s, and 0 otherwise: s = sqrt(from) (Li, Hastie and
   * Church 2006), at least the 3 of Achlioptas (2003), for which the bounds of the dense projection hold.
   */
  constructor(from: number, to: number, seed: number) {
    this.from = from;
    this.to = to;
    this.seed = seed;
    this.id = `sparse:${to} of ${from}, seed ${seed}`;
    const s = Math.max(3, Math.sqrt(from));
    this.#factor = Math.sqrt(s / to);
    const next = seededUniform(seed);
    const starts = [0];
    const columns: number[] = [];
    const signs: number[] = [];
    for (let row = 0; row < to; row++) {
      for (let column = 0; column < from; column++) {
        const draw = next() * 2 * s;
        if (draw >= 2) continue;
        columns.push(column);
        signs.push(draw < 1 ? 1 : -1);
      }
      starts.push(columns.length);
    }
    this.#starts = Uint32Array.from(starts);
    this.#columns = Uint32Array.from(columns);
    this.#signs = Int8Array.from(signs);
  }

  apply(vectors: Matrix): Matrix {
    assertLength(vectors, this.from);
    const { from, to } = this;
    const data = new Float32Array(vectors.rows * to);
    for (let i = 0; i < vectors.rows; i++) {
      for (let j = 0; j < to; j++) {
        let sum = 0;
        for (let entry = this.#starts[j] as number; entry < (this.#starts[j + 1] as number); entry++) {
          sum += (this.#signs[entry] as number) * (vectors.data[i * from + (this.#columns[entry] as number)] as number);
        }
        data[i * to + j] = sum * this.#factor;
      }
    }
    return { rows: vectors.rows, dimension: to, data };
  }
}
