import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindsAmong, passToKinds } from '../../../src/services/tags/kinds.ts';
import { WordNet, wordNetFolder } from '../../../src/words/wordnet.ts';

const WORDS = ['animal', 'cat', 'puppy', 'dog', 'car', 'nonesuch'];

describe('kindsAmong', () => {
  it('finds the kinds of general words at any depth, and none of what WordNet lacks', () => {
    const wordnet = new WordNet(wordNetFolder());
    expect(kindsAmong(WORDS, wordnet)).toEqual([[1, 2, 3], [], [], [2], [], []]);
    wordnet.close();
  });
});

describe('passToKinds', () => {
  const probabilities = fc
    .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
    .map((values) => values.map((value) => value / values.reduce((sum, one) => sum + one, 0)));

  it('keeps the sum; general words lose, their kinds gain and keep their order, others stay', () => {
    fc.assert(
      fc.property(probabilities, (before) => {
        const after = passToKinds(before, [[1, 2], [], [], []]);
        const [general, first, second, other] = after as [number, number, number, number];
        expect(after.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        expect(general).toBeCloseTo((before[0] as number) / 2, 9);
        expect(first).toBeGreaterThan(before[1] as number);
        expect(first > second).toBe((before[1] as number) > (before[2] as number));
        expect(other).toBe(before[3]);
      }),
    );
  });

  it('leaves a general word whose kinds have no probability as it is', () => {
    expect(passToKinds([0.7, 0, 0.3], [[1], [], []])).toEqual([0.7, 0, 0.3]);
  });
});
