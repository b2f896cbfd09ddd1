// Token lists of different lengths to the one rectangle that a text tower reads. Pure; knows no tokenizer.

export interface TokenBatch {
  readonly rows: number;
  readonly columns: number;
  /** Row after row, length rows * columns. */
  readonly ids: BigInt64Array;
  /** 1 for a token, 0 for padding. */
  readonly mask: BigInt64Array;
}

/**
 * The first `limit` tokens of a longer text, its own last token (the end token) kept as the last: CLIP pools at the end
 * token, and a text without one becomes noise. transformers.js cuts after it added the special tokens and loses it.
 */
export function cutTokens(ids: readonly number[], limit: number): readonly number[] {
  if (ids.length <= limit) return ids;
  return [...ids.slice(0, limit - 1), ids[ids.length - 1] as number];
}

/** Pads on the right with `padding` to the longest list, or to `columns` where given. No list may be longer. */
export function padTokens(
  lists: readonly (readonly number[])[],
  padding: number,
  columns = Math.max(...lists.map((list) => list.length)),
): TokenBatch {
  const ids = new BigInt64Array(lists.length * columns).fill(BigInt(padding));
  const mask = new BigInt64Array(lists.length * columns);
  lists.forEach((list, row) => {
    list.forEach((id, column) => {
      ids[row * columns + column] = BigInt(id);
    });
    mask.fill(1n, row * columns, row * columns + list.length);
  });
  return { rows: lists.length, columns, ids, mask };
}
