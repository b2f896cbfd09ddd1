// Random unit vectors for the laws of query mathematics.
import fc from 'fast-check';
import { unit, type Vector } from '../../../src/core/vector.ts';
import type { ModalityMeans } from '../../../src/query/space.ts';

export const DIMENSION = 8;

/** Float32 arithmetic on vectors of length 1: sums of a few dozen products. */
export const TOLERANCE = 1e-5;

/** A unit vector; never near zero before it is scaled. */
export const unitVector = (dimension = DIMENSION): fc.Arbitrary<Vector> =>
  fc
    .array(fc.integer({ min: -1000, max: 1000 }), { minLength: dimension, maxLength: dimension })
    .filter((values) => values.some((value) => Math.abs(value) > 100))
    .map((values) => unit(Float32Array.from(values)));

/** Means that are shorter than 1 and apart from each other, as CLIP's are. */
export const MEANS: ModalityMeans = {
  imageMean: Float32Array.from({ length: DIMENSION }, (_, i) => (i === 0 ? 0.6 : 0)),
  textMean: Float32Array.from({ length: DIMENSION }, (_, i) => (i === 1 ? 0.6 : 0)),
};

/** The i-th axis. */
export function axis(i: number, dimension = DIMENSION): Vector {
  return Float32Array.from({ length: dimension }, (_, k) => (k === i ? 1 : 0));
}

export function expectNear(actual: Vector, expected: Vector, tolerance = 1e-4): void {
  const difference = Math.max(...Array.from(actual, (value, i) => Math.abs(value - (expected[i] as number))));
  if (!(difference <= tolerance)) throw new Error(`vectors differ by ${difference}, at most ${tolerance} expected`);
}
