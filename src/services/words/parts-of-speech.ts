// Whether WordNet lists a word as an adjective, or as something that one does: such words are left to the model, though
// most of them are rare nouns too (red, running). The lists are read with the first question.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export class PartsOfSpeech {
  readonly #folder: string;
  #adjectives: ReadonlySet<string> | undefined;
  #verbs: ReadonlySet<string> | undefined;

  /** `folder` holds WordNet's index.adj and index.verb. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  isAdjective(word: string): boolean {
    this.#adjectives ??= readLemmas(join(this.#folder, 'index.adj'));
    return this.#adjectives.has(word);
  }

  /** running, sitting, dancing: what somebody does. */
  isGerund(word: string): boolean {
    if (!word.endsWith('ing')) return false;
    this.#verbs ??= readLemmas(join(this.#folder, 'index.verb'));
    const verbs = this.#verbs;
    const stem = word.slice(0, -3);
    return [stem, `${stem}e`, stem.slice(0, -1)].some((form) => verbs.has(form));
  }
}

/** First field of each line; the licence at the top is indented. */
function readLemmas(path: string): ReadonlySet<string> {
  const text = readFileSync(path, 'latin1');
  return new Set(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(' '))
      .map((line) => line.slice(0, line.indexOf(' ')).replaceAll('_', ' ')),
  );
}
