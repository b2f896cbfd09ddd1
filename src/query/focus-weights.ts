// Focus by elementwise weights, the original recipe: w is the class's column of a classifier (bias left out) or its text
// vector. Exact for a classifier's non-negative features; kept for encoders that bring one. Knows vectors only.
import { AppError } from '../core/errors.ts';
import { addScaled, dot, type Matrix, row, unit, type Vector } from '../core/vector.ts';

export interface WeightsFocus {
  /** What the index is asked with: w^2 q, unit length. */
  readonly query: Vector;
  /** Exact score of a candidate, -1..1: sum(w^2 q x) / (|w q| |w x|). */
  readonly score: (candidate: Vector) => number;
}

/**
 * Several foci add up: their weights' squares are summed by strength, and strength below 1 keeps the rest of the
 * picture: w^2 = (1 - s) + s * (w^2 / mean w^2), s the greatest strength. With one focus of strength 1 this is the recipe to the letter.
 */
export function focusWeights(
  query: Vector,
  foci: readonly { readonly vector: Vector; readonly strength: number }[],
): WeightsFocus {
  const squares = squaredWeights(query.length, foci);
  const towards = query.map((value, i) => value * (squares[i] as number));
  const queryLength = weightedLength(query, squares);
  return {
    query: unit(towards),
    score: (candidate) => {
      let sum = 0;
      for (let i = 0; i < towards.length; i++) sum += (towards[i] as number) * (candidate[i] as number);
      const length = queryLength * weightedLength(candidate, squares);
      return length > 0 ? sum / length : 0;
    },
  };
}

/**
 * How many candidates to ask the index for, so that the k best by the exact score are among them with the wanted recall:
 * measured on a sample of the library, where both orders can be computed in full. Between k and `librarySize`.
 */
export function estimateOverfetch(
  focus: WeightsFocus,
  sample: Matrix,
  librarySize: number,
  k: number,
  recall = 0.98,
): number {
  if (sample.rows === 0) return Math.min(librarySize, k);
  const rows = Array.from({ length: sample.rows }, (_, i) => {
    const vector = row(sample, i);
    return { exact: focus.score(vector), candidate: dot(focus.query, vector) };
  });
  // The k best of the library are about this many of the sample; fewer than MIN_JUDGED would be judged by chance.
  const judged = Math.min(sample.rows, Math.max(MIN_JUDGED, Math.ceil((k * sample.rows) / Math.max(librarySize, 1))));
  const byCandidate = [...rows].sort((a, b) => b.candidate - a.candidate);
  const rankOf = new Map(byCandidate.map((entry, rank) => [entry, rank + 1]));
  const ranks = [...rows]
    .sort((a, b) => b.exact - a.exact)
    .slice(0, judged)
    .map((entry) => rankOf.get(entry) as number)
    .sort((a, b) => a - b);
  const needed = ranks[Math.min(judged - 1, Math.ceil(recall * judged) - 1)] as number;
  // A fifth more than the sample says: the estimate itself has an error.
  const share = Math.min(1, (SAFETY * needed) / sample.rows);
  return Math.min(librarySize, Math.max(k, Math.ceil(share * librarySize), Math.ceil((SAFETY * needed * k) / judged)));
}

const MIN_JUDGED = 50;
const SAFETY = 1.2;

function squaredWeights(
  dimension: number,
  foci: readonly { readonly vector: Vector; readonly strength: number }[],
): Vector {
  if (foci.length === 0 || foci.some(({ strength }) => !(strength >= 0 && strength <= 1))) {
    throw new AppError('BAD_ARGUMENT', 'A focus needs at least one class, each with a strength from 0 to 1.');
  }
  const strongest = Math.max(...foci.map((focus) => focus.strength));
  const total = foci.reduce((sum, focus) => sum + focus.strength, 0);
  let squares: Vector = new Float32Array(dimension).fill(1 - strongest);
  for (const { vector, strength } of foci) {
    if (strength === 0) continue;
    const square = vector.map((value) => value * value);
    const average = square.reduce((sum, value) => sum + value, 0) / dimension;
    if (average > 0) squares = addScaled(squares, square, (strongest * strength) / total / average);
  }
  return squares;
}

function weightedLength(vector: Vector, squares: Vector): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (squares[i] as number) * (vector[i] as number) ** 2;
  return Math.sqrt(sum);
}
