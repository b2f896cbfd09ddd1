// Partly whitened picture space: directions in which all pictures differ a lot count less, so that what is particular
// to a picture counts more. Re-scores the candidates of image queries. Knows no index and no query.
import { AppError } from '../core/errors.ts';
import { addScaled, dot, type Matrix, meanOfRows, row, unit, type Vector } from '../core/vector.ts';
import { principalAxes } from './principal-axes.ts';

export interface Whitening {
  /** Mean of the sample, taken away first. */
  readonly mean: Vector;
  /** dimension x dimension, symmetric: eigenvectors * singular values^-power * eigenvectors'. */
  readonly transform: Matrix;
}

/**
 * Added to each variance before the power is taken, relative to the mean variance: it keeps directions in which the
 * sample hardly varies, and which hold noise, from being blown up.
 */
const FLOOR = 0.008;
/** Fewer pictures than this say too little of a space of hundreds of dimensions. */
export const LEAST_SAMPLE = 200;

/**
 * Fits on a sample of pictures' unit vectors, at least LEAST_SAMPLE (INTERNAL otherwise); a few thousand are plenty.
 * power 0 only centres, .5 is best for finding the same class, 1 for finding the very picture.
 */
export function fitWhitening(sample: Matrix, power: number): Whitening {
  return fitWhitenings(sample, [power])[0] as Whitening;
}

/** The same for several powers from one decomposition, which is the costly part (256-d: about 0.2 s). */
export function fitWhitenings(sample: Matrix, powers: readonly number[]): Whitening[] {
  if (sample.rows < LEAST_SAMPLE) {
    throw new AppError('INTERNAL', `Whitening expects at least ${LEAST_SAMPLE} vectors, got ${sample.rows}.`);
  }
  const centreOfAll = meanOfRows(sample);
  const { variances, axes } = principalAxes(sample, centreOfAll);
  const floor = (FLOOR * variances.reduce((sum, value) => sum + value, 0)) / sample.dimension;
  return powers.map((power) => {
    const scales = variances.map((value) => (value + floor) ** (-power / 2));
    return { mean: centreOfAll, transform: recompose(axes, scales) };
  });
}

/** The picture's unit vector in the whitened space, unit length: cosines between such vectors are the new scores. */
export function whiten(picture: Vector, whitening: Whitening): Vector {
  return whitenDirection(addScaled(picture, whitening.mean, -1), whitening);
}

/** The same for a vector that is already centred, such as a query read through windows. */
export function whitenDirection(centred: Vector, whitening: Whitening): Vector {
  const out = new Float32Array(centred.length);
  for (let i = 0; i < out.length; i++) out[i] = dot(row(whitening.transform, i), centred);
  return unit(out);
}

/** sum scale_k * axis_k axis_k', the symmetric matrix that stretches each axis by its scale. */
function recompose(axes: Matrix, scales: readonly number[]): Matrix {
  const n = axes.dimension;
  const data = new Float32Array(n * n);
  for (let k = 0; k < axes.rows; k++) {
    const direction = row(axes, k);
    for (let i = 0; i < n; i++) {
      const factor = (scales[k] as number) * (direction[i] as number);
      for (let j = 0; j < n; j++) data[i * n + j] = (data[i * n + j] as number) + factor * (direction[j] as number);
    }
  }
  return { rows: n, dimension: n, data };
}
