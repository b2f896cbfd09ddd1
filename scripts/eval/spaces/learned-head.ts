// The head that `semblance learn` fits, upon vectors that are at hand: from features to the word vectors of the classes' names.
import { join } from 'node:path';
import { ROOT } from '../../../src/compose.ts';
import { type Matrix, pack, row } from '../../../src/core/vector.ts';
import { applyHead, fitHead, type HeadKind } from '../../../src/words/joint-head.ts';
import { meaningOf, phraseOf } from '../../../src/words/joint-head-phrases.ts';
import { loadWords } from '../../../src/words/load-words.ts';
import { WordVectors } from '../../../src/words/word-vectors.ts';

const WORDS = 'models/words/semblance.100d.txt.gz';
const CACHE = '.cache/eval/words';

/** From rows of unit length and the class of each, to what maps such rows into the space of word vectors; unknown words are left out. */
export async function learnHead(
  kind: HeadKind,
  vectors: Matrix,
  classNames: readonly string[],
): Promise<(vectors: Matrix) => Matrix> {
  const { words } = await loadWords(join(ROOT, WORDS), CACHE);
  const meanings = new WordVectors(words);
  try {
    const names = [...new Set(classNames)].filter((name) => isKnown(meanings, name));
    const kept = classNames.flatMap((name, i) => (names.includes(name) ? [i] : []));
    const head = fitHead(kind, {
      features: pack(kept.map((i) => row(vectors, i))),
      classes: kept.map((i) => names.indexOf(classNames[i] ?? '')),
      words: pack(names.map((name) => meaningOf(meanings, phraseOf(name)))),
    });
    return (rows) => applyHead(head, rows);
  } finally {
    meanings.close();
  }
}

function isKnown(words: WordVectors, name: string): boolean {
  try {
    meaningOf(words, phraseOf(name));
    return true;
  } catch {
    return false;
  }
}
