// "But not this": takes what a query has of the excluded directions out of it, and leaves the rest as it was.
// Works on centred vectors; knows no text, no picture and no index.
import { AppError } from '../core/errors.ts';
import { addScaled, dot, norm, unit, type Vector } from '../core/vector.ts';
import { nonNegativeFit } from './nonnegative-fit.ts';

/** A query that keeps less than this share of its length was about nothing but what is excluded. */
const LEAST_LEFT = 0.02;

export interface Excluded {
  /** Centred on its modality's mean, unit length. */
  readonly direction: Vector;
  /** How far the query is to lean away from it, as a share of the query's length; 0: it only must not lean towards it. */
  readonly margin: number;
}

/**
 * The unit vector nearest to `query` that leans towards none of the excluded directions: result . e_i <= 0 for all i.
 * For one direction this subtracts the positive component and nothing else: a query that leans away is left alone.
 * Several are solved at once (the projection on the polar cone of the directions, by a non-negative fit), so that
 * their order does not matter, as it would with one subtraction after another.
 * Both sides centred on their modality's mean and of unit length. Throws QUERY_CANCELS_OUT where nothing is left.
 */
export function exclude(query: Vector, directions: readonly Vector[]): Vector {
  return leanAway(query, directions.map(asItIs));
}

/**
 * As `exclude`, with a margin of each direction: the vector nearest to `query` with v . e_i <= -margin_i |query| for all i,
 * scaled to unit length. Margins that are many, or that contradict one another, are kept only as far as the query itself,
 * whose length is the most that is added for them, is not drowned; it still leans towards none of the directions.
 * Throws QUERY_CANCELS_OUT where nothing would be left without the margins.
 */
export function leanAway(query: Vector, excluded: readonly Excluded[]): Vector {
  const directions = excluded.map(({ direction }) => direction);
  const plain = withoutPositivePart(query, directions);
  if (norm(plain) < LEAST_LEFT * norm(query)) {
    throw new AppError(
      'QUERY_CANCELS_OUT',
      'The query asks for what it excludes, and nothing is left to look for; drop one of the two.',
    );
  }
  const added = addScaled(nearest(query, excluded), plain, -1);
  const share = norm(added) > norm(query) ? norm(query) / norm(added) : 1;
  return unit(withoutPositivePart(addScaled(plain, added, share), directions));
}

/** As `exclude`, but neither scaled to unit length nor refused: query - sum w_i e_i with w_i >= 0. */
export function withoutPositivePart(query: Vector, directions: readonly Vector[]): Vector {
  return nearest(query, directions.map(asItIs));
}

function nearest(query: Vector, excluded: readonly Excluded[]): Vector {
  const gram = excluded.map((a) => excluded.map((b) => dot(a.direction, b.direction)));
  const length = norm(query);
  const weights = nonNegativeFit(
    gram,
    excluded.map(({ direction, margin }) => dot(direction, query) + margin * length),
  );
  return excluded.reduce((rest, { direction }, i) => addScaled(rest, direction, -(weights[i] as number)), query);
}

const asItIs = (direction: Vector): Excluded => ({ direction, margin: 0 });
