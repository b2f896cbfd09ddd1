// Where a picture that came later belongs on a map that is drawn already: beside what it is most like, so that nothing
// else has to move. Knows places and scores only.

export interface PlacedNeighbor {
  readonly x: number;
  readonly y: number;
  /** Cosine to the picture that is to be placed, -1..1. */
  readonly score: number;
}

/** Neighbours that have a say. More would pull everything to the middle of the map. */
export const PLACING_NEIGHBORS = 8;
/** Below this distance two pictures are as good as equal. */
const SAME = 0.02;

/**
 * The weighted mean of the neighbours' places; inside their bounds. `neighbors`: best first, at least one. The weight falls
 * to nothing at the last of them, and a picture that is as good as equal decides alone: a plain mean would lie in the empty
 * space between groups.
 */
export function placeBeside(neighbors: readonly PlacedNeighbor[]): { readonly x: number; readonly y: number } {
  const last = neighbors.at(-1)?.score ?? 0;
  const weights = neighbors.map(({ score }) => ((score - last) / (Math.max(0, 1 - score) + SAME)) ** 2);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  // All are equally near: a plain mean.
  const shares = sum > 0 ? weights.map((weight) => weight / sum) : neighbors.map(() => 1 / neighbors.length);
  return {
    x: neighbors.reduce((total, { x }, i) => total + x * (shares[i] as number), 0),
    y: neighbors.reduce((total, { y }, i) => total + y * (shares[i] as number), 0),
  };
}
