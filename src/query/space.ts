// The geometry that all queries share: the two modalities of a CLIP model sit apart, each around its own mean, and a
// vector says most about its subject once that mean is taken away. Knows no query, no picture and no index.
import { addScaled, dot, norm, unit, type Vector } from '../core/vector.ts';

/** Which tower made a vector. */
export type Modality = 'TEXT' | 'IMAGE';

/** Where each modality of a model sits: means of unit vectors, themselves shorter than 1. */
export interface ModalityMeans {
  readonly imageMean: Vector;
  readonly textMean: Vector;
}

/** In which space a query is scored: PLAIN cosine, or cosine after the picture is centred on the image mean. */
export type ScoreSpace = 'PLAIN' | 'CENTRED';

/** The direction of a vector seen from its modality's mean, unit length; the mean itself gives the zero vector. */
export function centre(vector: Vector, modality: Modality, means: ModalityMeans): Vector {
  return unit(addScaled(vector, modality === 'TEXT' ? means.textMean : means.imageMean, -1));
}

/** Cosine in -1..1 of a composed query and a picture's unit vector, in the query's space. */
export function scorePicture(query: Vector, picture: Vector, space: ScoreSpace, means: ModalityMeans): number {
  return space === 'PLAIN' ? dot(query, picture) : dot(query, centre(picture, 'IMAGE', means));
}

/** Below this length, relative to the weights that went in, nothing is left of a mix but rounding. */
const NOTHING_LEFT = 1e-4;

/** True where a mix of vectors with `mass` = the sum of |weight| has no direction worth asking for. */
export function cancelsOut(mix: Vector, mass: number): boolean {
  return !(norm(mix) > NOTHING_LEFT * mass);
}

/**
 * Orthonormal vectors that span the given ones (modified Gram-Schmidt, in order); dependent ones add nothing.
 * The result is at most as long as the input.
 */
export function orthonormalBasis(vectors: readonly Vector[]): Vector[] {
  const basis: Vector[] = [];
  for (const vector of vectors) {
    const length = norm(vector);
    let rest = vector;
    // Twice is enough: the second pass takes out what rounding left of the first (Kahan, Parlett).
    for (let pass = 0; pass < 2; pass++) {
      for (const direction of basis) rest = addScaled(rest, direction, -dot(rest, direction));
    }
    if (norm(rest) > NOTHING_LEFT * length) basis.push(unit(rest));
  }
  return basis;
}
