// How much of the truth an approximate index finds.
import { AppError } from '../core/errors.ts';
import type { Matrix } from '../core/vector.ts';
import { row } from '../core/vector.ts';
import type { Label } from '../core/views.ts';
import type { SearchOptions, VectorIndex } from './vector-index.ts';

/** Share of the true neighbors that were found, 0..1; lists of one query stand at one place. 1 where nothing was to be found. */
export function recallOf(found: readonly (readonly Label[])[], truth: readonly (readonly Label[])[]): number {
  if (found.length !== truth.length) {
    throw new AppError('INTERNAL', `recall expects an answer a query, got ${found.length} for ${truth.length}.`);
  }
  let hits = 0;
  let wanted = 0;
  truth.forEach((labels, i) => {
    const answered = new Set(found[i]);
    wanted += labels.length;
    hits += labels.filter((label) => answered.has(label)).length;
  });
  return wanted === 0 ? 1 : hits / wanted;
}

/**
 * recall@k: the share of the exact index's k best that are among the index's k best, over all query rows; 0..1. Both hold
 * the same vectors under the same labels. Throws INTERNAL for queries of another dimension.
 */
export function recallAtK(
  k: number,
  index: Pick<VectorIndex, 'search'>,
  exact: Pick<VectorIndex, 'search'>,
  queries: Matrix,
  options: SearchOptions = {},
): number {
  const ask = (asked: Pick<VectorIndex, 'search'>): Label[][] =>
    Array.from({ length: queries.rows }, (_, i) => asked.search(row(queries, i), k, options).map(({ label }) => label));
  return recallOf(ask(index), ask(exact));
}
