// "But not this": takes what a query has of the excluded directions out of it, and leaves the rest as it was.
// Works on centred vectors; knows no text, no picture and no index.
import { AppError } from '../core/errors.ts';
import { addScaled, dot, norm, unit, type Vector } from '../core/vector.ts';
import { nonNegativeFit } from './nonnegative-fit.ts';

/** A query that keeps less than this share of its length was about nothing but what is excluded. */
const LEAST_LEFT = 0.02;

/**
 * The unit vector nearest to `query` that leans towards none of the excluded directions: result . e_i <= 0 for all i.
 * For one direction this subtracts the positive component and nothing else: a query that leans away is left alone.
 * Several are solved at once (the projection on the polar cone of the directions, by a non-negative fit), so that
 * their order does not matter, as it would with one subtraction after another.
 * Both sides centred on their modality's mean and of unit length. Throws QUERY_CANCELS_OUT where nothing is left.
 */
export function exclude(query: Vector, excluded: readonly Vector[]): Vector {
  const rest = withoutPositivePart(query, excluded);
  if (norm(rest) < LEAST_LEFT * norm(query)) {
    throw new AppError(
      'QUERY_CANCELS_OUT',
      'The query asks for what it excludes, and nothing is left to look for; drop one of the two.',
    );
  }
  return unit(rest);
}

/** As `exclude`, but neither scaled to unit length nor refused: query - sum w_i e_i with w_i >= 0. */
export function withoutPositivePart(query: Vector, excluded: readonly Vector[]): Vector {
  const gram = excluded.map((a) => excluded.map((b) => dot(a, b)));
  const weights = nonNegativeFit(
    gram,
    excluded.map((direction) => dot(direction, query)),
  );
  return excluded.reduce((rest, direction, i) => addScaled(rest, direction, -(weights[i] as number)), query);
}
