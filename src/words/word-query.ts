// "king - man + woman": one unit vector from words that are added and words that are taken away. Pure.
import { AppError } from '../core/errors.ts';
import { addScaled, norm, unit, type Vector } from '../core/vector.ts';
import { nearestSpellings } from './spelling.ts';
import type { WordVectors } from './word-vectors.ts';

/** Below this length what is left is rounding, not meaning. */
const MIN_NORM = 1e-3;

/**
 * The sum of the unit vectors of `plus`, less those of `minus`, at length 1 (Mikolov et al. 2013). Words may be phrases.
 * Throws BAD_ARGUMENT where `plus` is empty, UNKNOWN_WORD with the nearest spellings, QUERY_CANCELS_OUT.
 */
export function wordQuery(vectors: WordVectors, plus: readonly string[], minus: readonly string[] = []): Vector {
  if (plus.length === 0) throw new AppError('BAD_ARGUMENT', 'words expects at least one word to start from, got none.');
  let sum: Vector = new Float32Array(vectors.dimension);
  for (const word of plus) sum = addScaled(sum, knownVector(vectors, word), 1 / plus.length);
  for (const word of minus) sum = addScaled(sum, knownVector(vectors, word), -1 / plus.length);
  if (norm(sum) < MIN_NORM) {
    throw new AppError('QUERY_CANCELS_OUT', 'The words taken away cancel the others; leave one of them out.');
  }
  return unit(sum);
}

/** Throws UNKNOWN_WORD; details.suggestions holds the nearest spellings. */
export function knownVector(vectors: WordVectors, word: string): Vector {
  const vector = vectors.phraseVector(word);
  if (vector !== undefined) return vector;
  const unknown =
    word
      .trim()
      .split(/\s+/)
      .find((part) => vectors.indexOf(part) === undefined) ?? word;
  const suggestions = nearestSpellings(unknown, vectors.words);
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(', ')}?` : ' No word is spelled nearly so.';
  throw new AppError('UNKNOWN_WORD', `There is no word vector for "${unknown}".${hint}`, {
    details: { word: unknown, suggestions },
  });
}
