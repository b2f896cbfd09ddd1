// Non-negative least squares: how much of each part, never less than none, makes up a whole. Used to weigh words and
// to take excluded directions out. Knows nothing of either.

const MAX_SWEEPS = 500;
const CONVERGED = 1e-9;

/**
 * Weights w >= 0 that minimise |target - sum w_i part_i|^2, given gram[i][j] = part_i . part_j and
 * towards[i] = part_i . target. Coordinate descent (Franc, Hlavac, Navara 2005); exact to 1e-9 for the few parts we have.
 * A part of length 0 gets weight 0.
 */
export function nonNegativeFit(gram: readonly (readonly number[])[], towards: readonly number[]): number[] {
  const weights = towards.map(() => 0);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < weights.length; i++) {
      const products = gram[i] as readonly number[];
      const own = products[i] as number;
      if (own <= 0) continue;
      let rest = towards[i] as number;
      for (let j = 0; j < weights.length; j++) rest -= (products[j] as number) * (weights[j] as number);
      const before = weights[i] as number;
      const after = Math.max(0, before + rest / own);
      weights[i] = after;
      moved = Math.max(moved, Math.abs(after - before));
    }
    if (moved < CONVERGED) break;
  }
  return weights;
}
