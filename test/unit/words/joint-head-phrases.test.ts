// How folder names and texts become places in word space.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack, unit } from '../../../src/core/vector.ts';
import { findMeaning, meaningOf, phraseOf } from '../../../src/words/joint-head-phrases.ts';
import { WordVectors } from '../../../src/words/word-vectors.ts';

const FRAME = 150;
const NAMES = ['dog', 'golden', 'retriever', 't-shirt', 'beach'];
let vectors: WordVectors;

beforeAll(() => {
  // The first rows stand for the most frequent words of any text.
  const words = ['a', 'on', 't', 'of', ...Array.from({ length: FRAME - 4 }, (_, i) => `filler${i}`), ...NAMES];
  const rows = pack(
    words.map((_, i) => unit(Float32Array.from({ length: 8 }, (__, j) => Math.sin(i * 8 + j + i * i * 0.3)))),
  );
  vectors = new WordVectors({
    words,
    dimension: 8,
    fingerprint: 'few',
    read: (start: number, count: number) => rows.data.slice(start * 8, (start + count) * 8),
    close() {},
  });
});
afterAll(() => vectors.close());

describe('the name of a class folder', () => {
  it.each([
    ['golden_retriever', 'golden retriever'],
    ['Golden-Retriever', 'golden retriever'],
    ['007.golden_retriever', 'golden retriever'],
    ['  cat ', 'cat'],
    ['2024', '2024'],
  ])('%s is read as "%s"', (folder, phrase) => {
    expect(phraseOf(folder)).toBe(phrase);
  });
});

describe('the meaning of a text', () => {
  it('is the mean of its words', () => {
    const [golden, retriever] = [vectors.vector('golden'), vectors.vector('retriever')];
    const mean = unit(Float32Array.from({ length: 8 }, (_, i) => (golden?.[i] ?? 0) + (retriever?.[i] ?? 0)));
    meaningOf(vectors, 'golden retriever').forEach((value, i) => {
      expect(value).toBeCloseTo(mean[i] ?? 0, 5);
    });
  });

  it('leaves out words that say nothing, unless there are no others', () => {
    expect(meaningOf(vectors, 'A dog, on a beach!')).toEqual(meaningOf(vectors, 'dog beach'));
    expect(meaningOf(vectors, 'a')).toEqual(vectors.vector('a'));
  });

  it('knows a word by its hyphen, also where the folder name has lost it', () => {
    expect(meaningOf(vectors, 't shirt')).toEqual(vectors.vector('t-shirt'));
    expect(meaningOf(vectors, 't-shirt')).toEqual(vectors.vector('t-shirt'));
  });

  it('refuses a word without a vector, with the nearest spellings', () => {
    expect(findMeaning(vectors, 'golden retreiver')).toBeUndefined();
    expect(() => meaningOf(vectors, 'golden retreiver')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_WORD',
        details: { word: 'retreiver', suggestions: ['retriever'] },
      }),
    );
  });
});
