// Turns the bytes of a word vector file, piece by piece as they come, into words and packed numbers. Reads GloVe text, and
// word2vec text and fastText .vec, which begin with a line "count dimension". Knows no file, archive or cache.
import { type FaultCount, LineFaults } from './line-faults.ts';
import { isSeparator, parseRow, parseSlowly } from './parse-row.ts';

export interface ParsedWords {
  readonly dimension: number;
  /** In the file's order: most frequent first. */
  readonly words: readonly string[];
  /** Row after row, as written in the file; each block holds whole rows. */
  readonly blocks: readonly Float32Array[];
  /** Lines that were left out. */
  readonly faults: readonly FaultCount[];
  /** The file holds more words than were asked for. */
  readonly isPartial: boolean;
}

export interface ParseOptions {
  /** The file is called this in messages. */
  readonly name: string;
  /** Words beyond so many are not read. */
  readonly maxWords: number;
}

const NEWLINE = 10;
const MAX_LINE_BYTES = 1 << 20;
const MAX_DIMENSION = 4096;
/** A block of rows takes about so many bytes, so that growing never copies. */
const BLOCK_BYTES = 16 << 20;

export class GloveParser {
  readonly #options: ParseOptions;
  readonly #faults: LineFaults;
  readonly #words: string[] = [];
  readonly #known = new Set<string>();
  readonly #blocks: Float32Array[] = [];
  #block = new Float32Array(0);
  #rowsInBlock = 0;
  #dimension = 0;
  /** Words that a header line promised. */
  #promised: number | undefined;
  #line = 0;
  #dataLines = 0;
  #rest: Buffer = Buffer.alloc(0);
  #isPartial = false;

  constructor(options: ParseOptions) {
    this.#options = options;
    this.#faults = new LineFaults(options.name);
  }

  /** Takes the next bytes; returns false once no more are needed. Throws WORDS_INVALID where the file is none. */
  push(chunk: Buffer): boolean {
    if (this.#isPartial) return false;
    let start = 0;
    if (this.#rest.length > 0) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) return this.#keep(Buffer.concat([this.#rest, chunk]));
      const line = Buffer.concat([this.#rest, chunk.subarray(0, end + 1)]);
      this.#readLine(line, 0, line.length - 1, false);
      start = end + 1;
    }
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0 || this.#isPartial) break;
      this.#readLine(chunk, start, end, false);
      start = end + 1;
    }
    return this.#keep(Buffer.from(chunk.subarray(start)));
  }

  /** After the last bytes. Throws WORDS_INVALID where the file is unsound as a whole. */
  finish(): ParsedWords {
    if (this.#rest.length > 0 && !this.#isPartial) {
      this.#readLine(Buffer.concat([this.#rest, Buffer.of(NEWLINE)]), 0, this.#rest.length, true);
    }
    if (this.#words.length === 0) throw this.#faults.error(this.#line, 'the file holds no word vectors');
    this.#faults.assertSound(this.#dataLines);
    this.#checkPromise();
    const used = this.#block.subarray(0, this.#rowsInBlock * this.#dimension);
    return {
      dimension: this.#dimension,
      words: this.#words,
      blocks: used.length > 0 ? [...this.#blocks, used] : this.#blocks,
      faults: this.#faults.list(),
      isPartial: this.#isPartial,
    };
  }

  #keep(rest: Buffer): boolean {
    if (rest.length > MAX_LINE_BYTES) {
      throw this.#faults.error(
        this.#line + 1,
        `longer than ${MAX_LINE_BYTES} bytes, so this is no text of word vectors`,
      );
    }
    this.#rest = rest;
    return !this.#isPartial;
  }

  /** bytes[end] is a line feed. */
  #readLine(bytes: Buffer, start: number, end: number, isUnfinished: boolean): void {
    this.#line++;
    if (this.#dimension === 0 && this.#readFirstLine(bytes, start, end)) return;
    if (this.#words.length >= this.#options.maxWords) {
      this.#isPartial = true;
      return;
    }
    this.#dataLines++;
    this.#makeRoom();
    const dimension = this.#dimension;
    const at = this.#rowsInBlock * dimension;
    const wordEnd = firstSeparator(bytes, start, end);
    const fields = parseRow(bytes, wordEnd, end, this.#block, at, dimension);
    if (fields === dimension && wordEnd > start) this.#addRow(bytes.toString('utf8', start, wordEnd), at);
    else this.#readOddLine(bytes, start, end, at, fields, isUnfinished);
  }

  /** A header says how many numbers a line has; else the first line shows it. Returns true where the line is used up. */
  #readFirstLine(bytes: Buffer, start: number, end: number): boolean {
    const isMarked = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
    const text = bytes.toString('utf8', start + (isMarked ? 3 : 0), end).trim();
    const header = /^(\d+)[ \t]+(\d+)$/.exec(text);
    if (header !== null && this.#promised === undefined) {
      this.#promised = Number(header[1]);
      this.#setDimension(Number(header[2]));
      return true;
    }
    this.#setDimension(text.split(/[ \t]+/).length - 1);
    const line = Buffer.from(`${text}\n`);
    const wordEnd = firstSeparator(line, 0, line.length - 1);
    this.#makeRoom();
    if (parseRow(line, wordEnd, line.length - 1, this.#block, 0, this.#dimension) < 0) {
      throw this.#faults.error(this.#line, 'a field after the word is not a number');
    }
    this.#dataLines++;
    this.#addRow(line.toString('utf8', 0, wordEnd), 0);
    return true;
  }

  #setDimension(dimension: number): void {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw this.#faults.error(this.#line, `${dimension} numbers to a word; 1 to ${MAX_DIMENSION} are supported`);
    }
    this.#dimension = dimension;
  }

  /** The last fields are the numbers, so that a word may hold spaces (glove.840B has a few); all else is a fault. */
  #readOddLine(bytes: Buffer, start: number, end: number, at: number, fields: number, isUnfinished: boolean): void {
    const wordEnd = endOfWord(bytes, start, end, this.#dimension);
    if (wordEnd > start && !isNumber(bytes, lastFieldStart(bytes, start, wordEnd), wordEnd)) {
      if (parseRow(bytes, wordEnd, end, this.#block, at, this.#dimension) === this.#dimension) {
        this.#addRow(bytes.toString('utf8', start, wordEnd), at);
        return;
      }
    }
    const found = countFields(bytes, start, end) - 1;
    const hasWord = end > start && !isSeparator(bytes[start]);
    if (this.#words.length === 0) {
      throw this.#faults.error(
        this.#line,
        `expected a word and ${this.#dimension} numbers, got ${Math.max(0, found)} fields after the word${fields < 0 ? ', not all numbers' : ''}`,
      );
    }
    if (isUnfinished) this.#faults.add('CUT_OFF', this.#line, 'the last line is cut off');
    else if (!hasWord && found !== this.#dimension) this.#faults.add('NO_WORD', this.#line, 'no word at the start');
    else if (found !== this.#dimension) {
      this.#faults.add('WRONG_WIDTH', this.#line, `expected ${this.#dimension} numbers, got ${Math.max(0, found)}`);
    } else this.#faults.add('NOT_A_NUMBER', this.#line, 'a field after the word is not a number');
  }

  /** The row already lies at block[at..]. */
  #addRow(word: string, at: number): void {
    if (this.#known.has(word)) {
      this.#faults.add('DUPLICATE', this.#line, `the word "${word.slice(0, 40)}" came before`);
      return;
    }
    if (isZero(this.#block, at, this.#dimension)) {
      this.#faults.add('ZERO_VECTOR', this.#line, `the vector of "${word.slice(0, 40)}" is zero`);
      return;
    }
    this.#known.add(word);
    this.#words.push(word);
    this.#rowsInBlock++;
  }

  #makeRoom(): void {
    const rowsInFull = Math.max(1, Math.floor(BLOCK_BYTES / (this.#dimension * 4)));
    if (this.#block.length > 0 && this.#rowsInBlock < rowsInFull) return;
    if (this.#block.length > 0) this.#blocks.push(this.#block);
    this.#block = new Float32Array(rowsInFull * this.#dimension);
    this.#rowsInBlock = 0;
  }

  /** A file with a header that ends early was cut at a line's end. */
  #checkPromise(): void {
    const missing = (this.#promised ?? 0) - this.#dataLines;
    if (this.#isPartial || missing <= 0) return;
    const problem = `the header promised ${this.#promised} words, but the file ends after ${this.#dataLines}`;
    if (missing > (this.#promised ?? 0) * 0.01) throw this.#faults.error(this.#line, problem);
    this.#faults.add('CUT_OFF', this.#line, problem);
  }
}

function firstSeparator(bytes: Buffer, start: number, end: number): number {
  let position = start;
  while (position < end && bytes[position] !== 32 && bytes[position] !== 9) position++;
  return position;
}

/** Walks back over `count` fields from the end of the line; returns where the text before them ends (start: there is none). */
function endOfWord(bytes: Buffer, start: number, end: number, count: number): number {
  let position = trimEnd(bytes, start, end);
  for (let i = 0; i < count; i++) {
    position = trimEnd(bytes, start, lastFieldStart(bytes, start, position));
  }
  return position;
}

function trimEnd(bytes: Buffer, start: number, end: number): number {
  let position = end;
  while (position > start && isSeparator(bytes[position - 1])) position--;
  return position;
}

function lastFieldStart(bytes: Buffer, start: number, end: number): number {
  let position = end;
  while (position > start && !isSeparator(bytes[position - 1])) position--;
  return position;
}

function isNumber(bytes: Buffer, start: number, end: number): boolean {
  return !Number.isNaN(parseSlowly(bytes, start, end));
}

function countFields(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('latin1', start, end).trim();
  return text === '' ? 0 : text.split(/[ \t\r]+/).length;
}

function isZero(values: Float32Array, at: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (values[at + i] !== 0) return false;
  return true;
}
