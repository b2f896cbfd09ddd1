// Re-orders hits so that the first ones differ from each other: maximal marginal relevance (Carbonell, Goldstein 1998).
// Knows scores and vectors only.
import { dot, type Vector } from '../core/vector.ts';

export interface Candidate {
  readonly score: number;
  /** Unit length; centred vectors tell pictures apart better than plain ones. */
  readonly vector: Vector;
}

/**
 * Picks `count` candidates one by one, each time the one with the greatest
 * (1 - diversity) * score - diversity * (highest cosine to one picked before). Candidates come best first.
 * diversity 0 returns them as they came; 1 looks at difference alone, after the best. Scores are brought to 0..1 over
 * the candidates first, as cosines of text queries move in a band that no cosine between pictures can match.
 */
export function diversify<T extends Candidate>(
  candidates: readonly T[],
  diversity: number,
  count = candidates.length,
): T[] {
  if (diversity <= 0) return candidates.slice(0, count);
  const relevance = toUnitRange(candidates.map((candidate) => candidate.score));
  const closest = candidates.map(() => 0);
  const left = new Set(candidates.keys());
  const picked: T[] = [];
  while (picked.length < count && left.size > 0) {
    let best = -1;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const i of left) {
      const value = (1 - diversity) * (relevance[i] as number) - diversity * (closest[i] as number);
      if (value > bestValue) [best, bestValue] = [i, value];
    }
    const chosen = candidates[best] as T;
    picked.push(chosen);
    left.delete(best);
    for (const i of left) {
      const cosine = dot(chosen.vector, (candidates[i] as T).vector);
      closest[i] = picked.length === 1 ? cosine : Math.max(closest[i] as number, cosine);
    }
  }
  return picked;
}

function toUnitRange(scores: readonly number[]): number[] {
  const high = Math.max(...scores);
  const low = Math.min(...scores);
  return scores.map((score) => (high > low ? (score - low) / (high - low) : 1));
}
