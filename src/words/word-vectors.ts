// Word vectors as a caller sees them: by word, by phrase, by row. Knows no file format, index or picture.
import { addScaled, type Matrix, unit, type Vector } from '../core/vector.ts';
import type { PackedWords } from './packed-words.ts';

export class WordVectors {
  readonly fingerprint: string;
  readonly dimension: number;
  /** Most frequent first: the row number is the frequency rank. */
  readonly words: readonly string[];
  readonly #packed: PackedWords;
  readonly #rows: ReadonlyMap<string, number>;

  constructor(packed: PackedWords) {
    this.fingerprint = packed.fingerprint;
    this.dimension = packed.dimension;
    this.words = packed.words;
    this.#packed = packed;
    this.#rows = new Map(packed.words.map((word, row) => [word, row]));
  }

  get size(): number {
    return this.words.length;
  }

  /** Row of a word: spelled exactly so, else in lower case (most files hold lower case only); undefined where unknown. */
  indexOf(word: string): number | undefined {
    const text = word.trim().normalize('NFC');
    return this.#rows.get(text) ?? this.#rows.get(text.toLowerCase());
  }

  /** The unit vector of a word (a copy); undefined where unknown. */
  vector(word: string): Vector | undefined {
    const row = this.indexOf(word);
    return row === undefined ? undefined : this.vectorAt(row);
  }

  /** The unit vector of row 0 <= row < size (a copy). */
  vectorAt(row: number): Vector {
    return this.#packed.read(row, 1);
  }

  /**
   * The unit vector of a word or of several: a phrase that has no vector of its own (with hyphens or underscores for its
   * spaces, or in one word) is the mean of its words; undefined where one of them is unknown.
   */
  phraseVector(phrase: string): Vector | undefined {
    const parts = phrase
      .trim()
      .split(/[\s_-]+/)
      .filter((part) => part !== '');
    for (const joined of new Set([phrase, parts.join('-'), parts.join('_'), parts.join('')])) {
      const own = this.vector(joined);
      if (own !== undefined) return own;
    }
    const vectors = parts.map((part) => this.vector(part));
    let sum: Vector = new Float32Array(this.dimension);
    for (const vector of vectors) {
      if (vector === undefined) return undefined;
      sum = addScaled(sum, vector, 1);
    }
    return vectors.length === 0 ? undefined : unit(sum);
  }

  /** All rows in order, `batch` at a time. */
  *scan(batch: number): Generator<{ readonly start: number; readonly vectors: Matrix }> {
    for (let start = 0; start < this.size; start += batch) {
      const rows = Math.min(batch, this.size - start);
      yield { start, vectors: { rows, dimension: this.dimension, data: this.#packed.read(start, rows) } };
    }
  }

  /** Frees what the vectors lie in; they cannot be read afterwards. */
  close(): void {
    this.#packed.close();
  }
}
