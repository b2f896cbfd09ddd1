import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntoClauses } from '../../../src/words/clauses.ts';

/** Two special tokens, and one token for each word and mark. */
const count = async (texts: readonly string[]): Promise<number[]> =>
  texts.map((text) => 2 + (text.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)?.length ?? 0));

describe('a long text', () => {
  it('comes back whole where it fits', async () => {
    expect(await splitIntoClauses(' A cat on a sofa. ', 8, count)).toEqual([{ text: 'A cat on a sofa.', tokens: 6 }]);
  });

  it('is cut between sentences, then between clauses, then between words', async () => {
    const text = 'A cat sleeps. Two dogs run along the beach, and a man throws a ball. red green blue white black grey';
    expect((await splitIntoClauses(text, 9, count)).map((clause) => clause.text)).toEqual([
      'A cat sleeps.',
      'Two dogs run along the beach,',
      'and a man throws a ball.',
      'red green blue white black grey',
    ]);
    expect((await splitIntoClauses('one two three four five', 4, count)).map((clause) => clause.text)).toEqual([
      'one two',
      'three four',
      'five',
    ]);
  });

  it('loses no word and fits in every part', async () => {
    const words = fc.array(fc.constantFrom('cat', 'dog,', 'and', 'sofa.', 'The', 'with', 'beach;', 'who'), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(words, fc.integer({ min: 4, max: 20 }), async (list, room) => {
        const clauses = await splitIntoClauses(list.join(' '), room, count);
        expect(
          clauses
            .map(({ text }) => text)
            .join(' ')
            .replaceAll(/\s/g, ''),
        ).toBe(list.join(''));
        for (const { tokens } of clauses) expect(tokens).toBeLessThanOrEqual(room - 2);
      }),
    );
  });

  it('leaves one endless word to the tower', async () => {
    const endless = async (texts: readonly string[]): Promise<number[]> => texts.map((text) => 2 + text.length);
    expect(await splitIntoClauses('abcdefghij', 6, endless)).toEqual([{ text: 'abcdefghij', tokens: 10 }]);
  });
});
