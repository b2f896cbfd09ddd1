// Words that are spelled nearly like one that nobody knows. Pure.
import { distance } from 'fastest-levenshtein';

/** Share of the letters that may differ: 1 of up to 5, 2 of up to 8, 3 beyond. */
function maxEdits(length: number): number {
  return Math.min(3, Math.max(1, Math.ceil((length - 2) / 3)));
}

/**
 * At most `first` of `words` with the fewest edits (insert, delete, replace) to `word`, compared in lower case; ties by
 * their order, which is their frequency. Empty where none is near.
 */
export function nearestSpellings(word: string, words: readonly string[], first = 5): string[] {
  const wanted = word.trim().toLowerCase();
  const most = maxEdits(wanted.length);
  // By number of edits; each list in the order of `words`.
  const found: string[][] = Array.from({ length: most + 1 }, () => []);
  for (const candidate of words) {
    if (Math.abs(candidate.length - wanted.length) > most) continue;
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits <= most) found[edits]?.push(candidate);
  }
  return found.flat().slice(0, first);
}
