// What a phrase means to a learned space: the mean of its words' vectors, those that say nothing left out. Also how the name of
// a class folder is read. Pure.
import type { Vector } from '../core/vector.ts';
import { knownVector } from './word-query.ts';
import type { WordVectors } from './word-vectors.ts';

/** The most frequent words of any text name nothing: the, of, and. */
const FUNCTION_WORDS = 150;

/** `golden_retriever`, `Golden-Retriever` and `007.golden_retriever` are "golden retriever". */
export function phraseOf(folderName: string): string {
  return folderName
    .normalize('NFC')
    .replace(/^\d+[._-]+(?=\p{L})/u, '')
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** A unit vector; undefined where a word of the text has none. */
export function findMeaning(vectors: WordVectors, text: string): Vector | undefined {
  const parts = partsOf(text);
  for (const joined of [parts.join('-'), parts.join('_'), parts.join('')]) {
    const own = vectors.vector(joined);
    if (own !== undefined) return own;
  }
  return vectors.phraseVector(contentOf(vectors, parts));
}

/** The same, but throws UNKNOWN_WORD with the nearest spellings. */
export function meaningOf(vectors: WordVectors, text: string): Vector {
  return findMeaning(vectors, text) ?? knownVector(vectors, contentOf(vectors, partsOf(text)));
}

function partsOf(text: string): string[] {
  return text
    .replace(/[^\p{L}\p{N}\p{M}'’_.-]+/gu, ' ')
    .split(/[\s_-]+/)
    .filter((part) => part !== '');
}

/** Without function words, unless there is nothing else. */
function contentOf(vectors: WordVectors, parts: readonly string[]): string {
  const content = parts.filter((part) => (vectors.indexOf(part) ?? FUNCTION_WORDS) >= FUNCTION_WORDS);
  return (content.length > 0 ? content : parts).join(' ');
}
