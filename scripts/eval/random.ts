// Seeded randomness for evaluation: every figure in a table comes from a named seed.
import { seededUniform } from '../../src/core/seeded-random.ts';

export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** Uniform integer in [0, count). */
  readonly below: (count: number) => number;
  readonly between: (low: number, high: number) => number;
  readonly shuffle: <T>(items: readonly T[]) => T[];
}

export function seededRandom(seed: number): Random {
  const next = seededUniform(seed);
  const below = (count: number): number => Math.floor(next() * count);
  const shuffle = <T>(items: readonly T[]): T[] => {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  };
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    shuffle,
  };
}
