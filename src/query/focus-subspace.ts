// Focus by a subspace: what two pictures share along the directions of a class counts more than the rest. Needs no
// windows, so it also serves where the query picture itself is gone. Knows vectors only.
import { AppError } from '../core/errors.ts';
import { addScaled, dot, scale, unit, type Vector } from '../core/vector.ts';
import { orthonormalBasis } from './space.ts';

export interface SubspaceFocus {
  /** What the index is asked with: M'M q, unit length. */
  readonly query: Vector;
  /** Exact score of a candidate, -1..1: (Mq . Mx) / (|Mq| |Mx|) with M = (1 - s) I + s P. */
  readonly score: (candidate: Vector) => number;
}

/**
 * `query` and the class's directions (its prompts, or several foci together) are centred on their modality's means, and
 * so must candidates be. strength 0 is the plain cosine; 1 looks at the class's directions alone.
 * Throws BAD_ARGUMENT for a strength outside 0..1.
 */
export function focusSubspace(query: Vector, directions: readonly Vector[], strength: number): SubspaceFocus {
  if (!(strength >= 0 && strength <= 1)) {
    throw new AppError('BAD_ARGUMENT', `A focus strength lies between 0 and 1, got ${strength}.`);
  }
  const basis = orthonormalBasis(directions);
  // P is a projection, so M'M = (1 - s)^2 I + (1 - (1 - s)^2) P.
  const kept = (1 - strength) ** 2;
  const reweighted = (vector: Vector): Vector =>
    basis.reduce((sum, axis) => addScaled(sum, axis, (1 - kept) * dot(axis, vector)), scale(vector, kept));
  const towards = reweighted(query);
  const queryLength = Math.sqrt(Math.max(0, dot(query, towards)));
  return {
    query: unit(towards),
    score: (candidate) => {
      const along = basis.reduce((sum, axis) => sum + dot(axis, candidate) ** 2, 0);
      const length = Math.sqrt(Math.max(0, kept * dot(candidate, candidate) + (1 - kept) * along));
      return queryLength * length > 0 ? dot(towards, candidate) / (queryLength * length) : 0;
    },
  };
}
