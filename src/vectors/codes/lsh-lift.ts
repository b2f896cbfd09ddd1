// Hyperplane hashing finds small angles. This file turns "nearest by the metric" into "smallest angle" for rows and
// queries of any length, by one number put behind a vector. Knows nothing of hashes and tables.
import type { Metric } from '../vector-index.ts';

/** Numbers that are put behind a vector. */
export const LIFTED = 1;

/**
 * With x' = x - c, c the mean of the rows (vectors of one model lie in a narrow cone, and angles at its tip are all small):
 * - dot: q.x = q.x' + q.c, and q.c is the same for all rows. Rows get sqrt(M^2 - |x'|^2) behind them, M the length of the
 *   longest, and queries 0: all rows then have length M, and the largest product is the smallest angle (Neyshabur and
 *   Srebro 2015, "simple LSH"; Bachrach et al. 2014).
 * - euclidean, and cosine, which is the same on unit vectors: x' goes to the sphere by stereographic projection, (2r x',
 *   |x'|^2 - r^2) / (|x'|^2 + r^2), r the usual |x'|. Angles there grow with |q - x| / sqrt(|x'|^2 + r^2): the order of
 *   the metric for rows equally far from c, nearly so for rows near one another. (Simple LSH upon |x|^2 as a further
 *   number keeps the order exactly, yet leaves so little angle where lengths differ that it found .60 of the ten nearest where this finds .99.)
 */
export class Lift {
  readonly #metric: Metric;
  readonly #centre: Float32Array;
  /** r^2 and M^2 as above. */
  readonly #usualSquare: number;
  #longestSquare: number;

  /** `numbers`: as `numbers()` gave them. */
  constructor(metric: Metric, numbers: Float32Array) {
    this.#metric = metric;
    this.#usualSquare = numbers[0] as number;
    this.#longestSquare = numbers[1] as number;
    this.#centre = numbers.slice(2);
  }

  /** The lift that suits these rows: `read` writes row i into the vector it gets. Rows that come later may be longer. */
  static fit(metric: Metric, dimension: number, rows: number, read: (row: number, out: Float32Array) => void): Lift {
    const row = new Float32Array(dimension);
    const sums = new Float64Array(dimension);
    for (let i = 0; i < rows; i++) {
      read(i, row);
      for (let j = 0; j < dimension; j++) sums[j] = (sums[j] as number) + (row[j] as number);
    }
    const centre = Float32Array.from(sums, (sum) => sum / Math.max(1, rows));
    let squares = 0;
    let longest = 0;
    for (let i = 0; i < rows; i++) {
      read(i, row);
      let square = 0;
      for (let j = 0; j < dimension; j++) square += ((row[j] as number) - (centre[j] as number)) ** 2;
      squares += square;
      longest = Math.max(longest, square);
    }
    return new Lift(metric, Float32Array.of(squares / Math.max(1, rows) || 1, longest, ...centre));
  }

  /** What a new Lift of the same metric is made from. */
  numbers(): Float32Array {
    return Float32Array.of(this.#usualSquare, this.#longestSquare, ...this.#centre);
  }

  /** Writes the row that begins at `start` of `data`, lifted, to `out` of length dimension + LIFTED. */
  liftRow(data: Float32Array, start: number, out: Float32Array): void {
    const square = this.#centred(data, start, out);
    if (this.#metric === 'dot') out[out.length - 1] = Math.sqrt(Math.max(0, this.#longestSquare - square));
    else this.#toSphere(square, out);
  }

  /** The same for a query, which is not changed. */
  liftQuery(query: Float32Array, out: Float32Array): void {
    if (this.#metric !== 'dot') this.liftRow(query, 0, out);
    else {
      out.set(query);
      out[query.length] = 0;
    }
  }

  /** Writes x' and returns its squared length. */
  #centred(data: Float32Array, start: number, out: Float32Array): number {
    const centre = this.#centre;
    let square = 0;
    for (let i = 0; i < centre.length; i++) {
      const value = (data[start + i] as number) - (centre[i] as number);
      out[i] = value;
      square += value * value;
    }
    return square;
  }

  /** Signs are all that is taken of the result, so the common factor 1 / (|x'|^2 + r^2) is left out. */
  #toSphere(square: number, out: Float32Array): void {
    const last = out.length - 1;
    const factor = 2 * Math.sqrt(this.#usualSquare);
    for (let i = 0; i < last; i++) out[i] = (out[i] as number) * factor;
    out[last] = square - this.#usualSquare;
  }
}
