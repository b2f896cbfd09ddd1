// The field's measures over ranked lists: how much of what was found is right. Pure; knows neither pictures nor vectors.

/**
 * Share of right ones among the first k, or among the first n where only n are right (0 where none is). `relevant`: how many
 * right ones there are altogether, where the list does not hold them all.
 */
export function precisionAt(k: number, ranked: readonly boolean[], relevant = countRight(ranked)): number {
  const depth = Math.min(k, relevant);
  return depth === 0 ? 0 : countRight(ranked.slice(0, depth)) / depth;
}

/**
 * Mean of the precision at each right one's rank (average precision); the `relevant` that are not in the list count 0. An object, for
 * a bare number would let `rankings.map(averagePrecision)` pass each list's place as the number of right ones.
 */
export function averagePrecision(
  ranked: readonly boolean[],
  { relevant = countRight(ranked) }: { readonly relevant?: number } = {},
): number {
  let right = 0;
  let sum = 0;
  ranked.forEach((isRight, i) => {
    if (isRight) sum += ++right / (i + 1);
  });
  return relevant === 0 ? 0 : sum / relevant;
}

/** The arithmetic mean; NaN of nothing. */
export function average(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value (the upper one of two); NaN of nothing. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function countRight(ranked: readonly boolean[]): number {
  return ranked.filter(Boolean).length;
}
