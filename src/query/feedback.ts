// "More like these, less like those": moves a query towards some pictures and away from others.
// Knows no index and no history: what was judged is handed in.
import { AppError } from '../core/errors.ts';
import { addScaled, mean, unit, type Vector } from '../core/vector.ts';
import { cancelsOut } from './space.ts';

/** Rocchio's weights as commonly used (Manning, Raghavan, Schuetze: Introduction to Information Retrieval, 9.1.1). */
const MORE_WEIGHT = 0.75;
const LESS_WEIGHT = 0.15;

/**
 * query + .75 mean(more) - .15 mean(less), unit length. All vectors centred and of unit length; neither list leaves
 * the query as it is. Throws QUERY_CANCELS_OUT where nothing is left.
 */
export function applyFeedback(query: Vector, moreLike: readonly Vector[], lessLike: readonly Vector[]): Vector {
  let moved = query;
  if (moreLike.length > 0) moved = addScaled(moved, mean(moreLike), MORE_WEIGHT);
  if (lessLike.length > 0) moved = addScaled(moved, mean(lessLike), -LESS_WEIGHT);
  if (cancelsOut(moved, 1)) {
    throw new AppError(
      'QUERY_CANCELS_OUT',
      'The pictures to be more like and those to be less like cancel the query; judge fewer of them.',
    );
  }
  return unit(moved);
}
