// Word vectors and their neighbours. The file is opened in the background, so that a start never waits for it; questions
// that need it do. Knows no picture and no model.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { dot } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import type { LiveIndex } from '../../vectors/live-index.ts';
import type { VectorSource } from '../../vectors/vector-source.ts';
import { loadWords } from '../../words/load-words.ts';
import { wordQuery } from '../../words/word-query.ts';
import { WordVectors } from '../../words/word-vectors.ts';
import { assertFirst, checkedText } from '../checks.ts';

export interface WordHit {
  readonly word: string;
  /** Cosine in word space. */
  readonly score: number;
}

export interface OpenWords {
  readonly vectors: WordVectors;
  readonly index: LiveIndex;
}

interface Deps {
  /** Undefined: there are no word vectors. */
  readonly file: string | undefined;
  readonly cacheFolder: string;
  readonly openIndex: (vectors: WordVectors, source: VectorSource) => Promise<LiveIndex>;
  readonly log: Logger;
}

const MAX_WORDS = 20;

export class WordService {
  readonly #deps: Deps;
  #opening: Promise<OpenWords> | undefined;
  #current: OpenWords | undefined;
  #isClosed = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Undefined while the file is being read, and where there is none. */
  get current(): OpenWords | undefined {
    return this.#current;
  }

  /** There is a file, whatever becomes of it. */
  get isConfigured(): boolean {
    return this.#deps.file !== undefined;
  }

  /** Begins to open the file, unless that was begun. A file that cannot be used is logged; questions then say why. */
  start(): void {
    if (this.#deps.file === undefined) return;
    this.ready().catch((error: unknown) => {
      if (!this.#isClosed) this.#deps.log.warn({ err: error }, 'the word vectors cannot be used');
    });
  }

  /** The words, once they are open. Rejects with FILE_NOT_FOUND, WORDS_INVALID, STORAGE_FAILED, SHUTTING_DOWN. */
  ready(): Promise<OpenWords> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * Nearest words to the mean of `words` less `minus`, the words themselves left out. Throws BAD_ARGUMENT, UNKNOWN_WORD with
   * the nearest spellings, QUERY_CANCELS_OUT, and what `ready` throws.
   */
  async similarWords(words: readonly string[], minus: readonly string[], first: number): Promise<WordHit[]> {
    assertFirst(first);
    if (words.length < 1 || words.length + minus.length > MAX_WORDS) {
      const message = `\`words\` expects at least 1 word, and no more than ${MAX_WORDS} together with \`minus\`; got ${words.length} and ${minus.length}.`;
      throw new AppError('BAD_ARGUMENT', message);
    }
    const plus = words.map((word) => checkedText(word, 'words'));
    const taken = minus.map((word) => checkedText(word, 'minus'));
    const { vectors, index } = await this.ready();
    const query = wordQuery(vectors, plus, taken);
    const asked = new Set([...plus, ...taken].flatMap((text) => [text, ...text.split(/[\s_-]+/)]).map(folded));
    const neighbors = await index.search(query, Math.min(vectors.size, first + asked.size + 8));
    return neighbors
      .map(({ label }) => ({ label, word: vectors.words[label] ?? '', score: dot(query, vectors.vectorAt(label)) }))
      .filter(({ word }) => !asked.has(folded(word)))
      .sort((a, b) => b.score - a.score || a.label - b.label)
      .slice(0, first)
      .map(({ word, score }) => ({ word, score }));
  }

  async settled(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.index.settled();
  }

  /** Waits for a file that is being read, and closes what is open. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => undefined);
    await this.#current?.index.close();
    this.#current?.vectors.close();
    this.#current = undefined;
    this.#opening = undefined;
  }

  async #open(): Promise<OpenWords> {
    const { file, cacheFolder, openIndex } = this.#deps;
    this.#assertOpen();
    if (file === undefined) {
      throw new AppError(
        'FILE_NOT_FOUND',
        'There are no word vectors; set SEMBLANCE_WORDS to a GloVe file (.txt, .gz, .zip).',
      );
    }
    const { words } = await loadWords(file, cacheFolder);
    const vectors = new WordVectors(words);
    try {
      this.#assertOpen();
      this.#current = { vectors, index: await openIndex(vectors, wordSource(vectors)) };
      return this.#current;
    } catch (error) {
      vectors.close();
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new AppError('SHUTTING_DOWN', 'The word vectors are closed.');
  }
}

/** Labels are rows. Reading gives way to other work between batches: a large file has hundreds of them. */
export function wordSource(vectors: WordVectors): VectorSource {
  const labels = Array.from({ length: vectors.size }, (_, row) => row as Label);
  return {
    labels: async () => labels,
    get: async (wanted) => new Map(wanted.map((label) => [label, vectors.vectorAt(label)])),
    async *scan(batch) {
      for (const { start, vectors: matrix } of vectors.scan(batch)) {
        yield { labels: labels.slice(start, start + matrix.rows), vectors: matrix };
        await nextTurn();
      }
    },
  };
}

function folded(word: string): string {
  return word.normalize('NFC').toLowerCase();
}
