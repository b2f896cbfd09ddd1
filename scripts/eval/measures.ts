// Measures over ranked lists that the evaluation alone needs; the others are in src/query/measures.ts. Pure.

/** 1 where a right one is among the first k, else 0. */
export function hitAt(k: number, ranked: readonly boolean[]): number {
  return ranked.slice(0, k).some(Boolean) ? 1 : 0;
}

/** 1 / rank of the first right one, 0 where there is none. */
export function reciprocalRank(ranked: readonly boolean[]): number {
  const rank = ranked.indexOf(true);
  return rank < 0 ? 0 : 1 / (rank + 1);
}
