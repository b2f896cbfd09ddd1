// The field's measures over ranked lists. Pure.

/** Share of right ones among the first k, or among the first n where only n are right (0 where none is). */
export function precisionAt(k: number, ranked: readonly boolean[]): number {
  const right = ranked.filter(Boolean).length;
  const depth = Math.min(k, right);
  return depth === 0 ? 0 : ranked.slice(0, depth).filter(Boolean).length / depth;
}

/** Mean of the precision at each right one's rank (average precision). */
export function averagePrecision(ranked: readonly boolean[]): number {
  let right = 0;
  let sum = 0;
  ranked.forEach((isRight, i) => {
    if (isRight) sum += ++right / (i + 1);
  });
  return right === 0 ? 0 : sum / right;
}

/** 1 where a right one is among the first k, else 0. */
export function hitAt(k: number, ranked: readonly boolean[]): number {
  return ranked.slice(0, k).some(Boolean) ? 1 : 0;
}

/** 1 / rank of the first right one, 0 where there is none. */
export function reciprocalRank(ranked: readonly boolean[]): number {
  const rank = ranked.indexOf(true);
  return rank < 0 ? 0 : 1 / (rank + 1);
}

export function average(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
