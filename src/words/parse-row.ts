// Reads the numbers of one line of a word vector file straight from its bytes. The law: each number equals
// Number(text) rounded to Float32. Knows no file and no word.

/** Exact in double precision: a whole number below 2^53 divided by one of these is the nearest double (Clinger 1990). */
const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, power) => 10 ** power);
const MAX_FAST_CHARACTERS = 15;
const MAX_NUMBER_CHARACTERS = 400;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const NEWLINE = 10;
const SPACE = 32;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** bytes[i] separates two fields: a space, a tab, or a carriage return before the end. */
export function isSeparator(byte: number | undefined): boolean {
  return byte === SPACE || byte === 9 || byte === 13;
}

/**
 * Parses numbers from bytes[start..end) into out[at..]; at most `count` of them are written.
 * Returns how many fields there are, or -1 where one is not a finite number. bytes[end] must be a line feed.
 */
export function parseRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Float32Array,
  at: number,
  count: number,
): number {
  let position = start;
  let fields = 0;
  let byte = bytes[position] as number;
  for (;;) {
    while (byte === SPACE || byte === 9 || byte === 13) byte = bytes[++position] as number;
    if (position >= end) return fields;
    const first = position;
    const isNegative = byte === MINUS;
    if (isNegative) byte = bytes[++position] as number;
    const digits = position;
    let whole = 0;
    while (byte >= ZERO && byte <= NINE) {
      whole = whole * 10 + (byte - ZERO);
      byte = bytes[++position] as number;
    }
    let scale = 0;
    let length = position - digits;
    if (byte === DOT) {
      byte = bytes[++position] as number;
      const dot = position;
      while (byte >= ZERO && byte <= NINE) {
        whole = whole * 10 + (byte - ZERO);
        byte = bytes[++position] as number;
      }
      scale = position - dot;
      length += scale;
    }
    let value: number;
    const isEnd = byte === SPACE || byte === NEWLINE || byte === 13 || byte === 9;
    if (isEnd && length > 0 && length <= MAX_FAST_CHARACTERS) {
      value = whole / (POWERS_OF_TEN[scale] as number);
      if (isNegative) value = -value;
    } else {
      while (byte !== SPACE && byte !== NEWLINE && byte !== 13 && byte !== 9) byte = bytes[++position] as number;
      value = parseSlowly(bytes, first, position);
      if (Number.isNaN(value)) return -1;
    }
    if (fields < count) out[at + fields] = value;
    fields++;
  }
}

/** Exponents and long numbers; NaN where the text is not a number that Float32 can hold. */
export function parseSlowly(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MAX_NUMBER_CHARACTERS) return Number.NaN;
  const text = String.fromCharCode(...bytes.subarray(start, end));
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(Math.fround(value)) ? value : Number.NaN;
}
