import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../../src/core/errors.ts';
import { GloveParser, type ParsedWords } from '../../../src/words/glove-parser.ts';

function parse(text: string | Buffer, pieceBytes = 1 << 20, maxWords = 1e6): ParsedWords {
  const bytes = Buffer.from(text);
  const parser = new GloveParser({ name: 'test.txt', maxWords });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (!parser.push(bytes.subarray(at, at + pieceBytes))) break;
  }
  return parser.finish();
}

function rows({ blocks, dimension }: ParsedWords): number[][] {
  const all = blocks.flatMap((block) => [...block]);
  return Array.from({ length: all.length / dimension }, (_, i) => all.slice(i * dimension, (i + 1) * dimension));
}

/** 200 sound lines, so that one more that is faulty is less than 1 %. */
const SOUND = Array.from({ length: 200 }, (_, i) => `w${i} ${i + 1} 2 3\n`).join('');

function refusal(text: string): { line: unknown; message: string } {
  try {
    parse(text);
  } catch (error) {
    if (isAppError(error, 'WORDS_INVALID')) return { line: error.details.line, message: error.message };
    throw error;
  }
  throw new Error('expected WORDS_INVALID');
}

describe('a word vector file', () => {
  it('comes back as it was written, wherever the pieces are cut', () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(0.0001), max: 1000 });
    const words = fc.uniqueArray(fc.stringMatching(/^[a-zé漢'.-]{1,8}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 2, max: 6 }),
        fc.infiniteStream(value),
        fc.integer({ min: 1, max: 40 }),
        (list, dimension, values, piece) => {
          const vectors = list.map(() => Array.from({ length: dimension }, () => values.next().value as number));
          const text = list.map((word, i) => `${word} ${(vectors[i] as number[]).join(' ')}\n`).join('');
          const parsed = parse(text, piece);
          expect(parsed.words).toEqual(list);
          expect(rows(parsed)).toEqual(vectors);
          expect(parsed.faults).toEqual([]);
        },
      ),
    );
  });

  it('may begin with the header of word2vec and fastText, and may end its lines with a space or \\r\\n', () => {
    const parsed = parse('2 3\na 1 2 3 \r\nb 4 5 6 \r\n');
    expect([parsed.words, rows(parsed), parsed.faults]).toEqual([
      ['a', 'b'],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [],
    ]);
  });

  it('may begin with a byte order mark and end without a line feed', () => {
    expect(parse('\uFEFFa 1 2\nb 3 4').words).toEqual(['a', 'b']);
  });

  it('may hold words with spaces, as glove.840B does', () => {
    const parsed = parse(`${SOUND}. . . 7 8 9\nat name@domain.com 4 5 6\n`);
    expect(parsed.words.slice(200)).toEqual(['. . .', 'at name@domain.com']);
    expect(rows(parsed)[200]).toEqual([7, 8, 9]);
    expect(parsed.faults).toEqual([]);
  });

  it('keeps only the first words where so many were asked for', () => {
    const parsed = parse(SOUND, 64, 5);
    expect([parsed.words.length, parsed.isPartial]).toEqual([5, true]);
    expect(parse('a 1 2\nb 3 4\n', 64, 2).isPartial).toBe(false);
  });

  it.each([
    ['WRONG_WIDTH', 'x 1 2'],
    ['WRONG_WIDTH', 'x 1 2 3 4'],
    ['NOT_A_NUMBER', 'x 1 nan 3'],
    ['DUPLICATE', 'w7 1 2 3'],
    ['ZERO_VECTOR', 'x 0 0 0'],
    ['WRONG_WIDTH', 'x'],
    ['NO_WORD', ''],
  ])('counts a %s line and goes on: %j', (kind, line) => {
    const parsed = parse(`${SOUND}${line}\nlast 1 2 3\n`);
    expect(parsed.faults).toMatchObject([{ kind, count: 1, firstLine: 201 }]);
    expect(parsed.words.length).toBe(201);
    expect(rows(parsed).at(-1)).toEqual([1, 2, 3]);
  });

  it('counts a last line that is cut off', () => {
    const parsed = parse('a 1 2 3\nb 4 5 6\nc 7 8');
    expect([parsed.words, parsed.faults[0]?.kind, parsed.faults[0]?.firstLine]).toEqual([['a', 'b'], 'CUT_OFF', 3]);
  });

  it.each([
    ['a first line that holds no numbers', 'hello world\nb 1 2\n', 1],
    ['a first line of data that does not fit the header', '3 4\na 1 2 3\nb 1 2 3 4\n', 2],
    ['a header that promises far more', '1000 2\na 1 2\nb 1 2\n', 3],
    ['a word alone', 'hello\n', 1],
    ['an empty file', '', 0],
    ['more than 1 % of faulty lines', `${SOUND}x 1\nx 1\nx 1\n`, 201],
  ])('is refused with its line: %s', (_, text, line) => {
    const { line: found, message } = refusal(text);
    expect(found).toBe(line);
    expect(message).toContain(`test.txt: line ${line}: `);
  });

  it('is refused early where it is binary', () => {
    const parser = new GloveParser({ name: 'x.bin', maxWords: 10 });
    expect(() => {
      for (let i = 0; i < 4; i++) parser.push(Buffer.alloc(1 << 19, 7));
    }).toThrow(/no text of word vectors/);
  });
});
