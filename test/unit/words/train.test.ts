import { describe, expect, it } from 'vitest';
import { PairCounter } from '../../../scripts/words/co-occurrence.ts';
import { trainGlove } from '../../../scripts/words/glove.ts';
import { tokenise } from '../../../scripts/words/tokens.ts';
import { dot, unit } from '../../../src/core/vector.ts';
import { readGloveFile } from '../../../src/words/glove-file.ts';

const OPTIONS = { dimension: 8, epochs: 40, rate: 0.05, xMax: 10, alpha: 0.75, seed: 3 };

function count(lines: readonly (readonly number[])[], words: number, window: number): Map<string, number> {
  // A small table, so that it has to grow.
  const counter = new PairCounter(words, 4);
  for (const line of lines) counter.addLine(line, window);
  const { first, second, weight } = counter.pairs();
  return new Map(Array.from(first, (a, i) => [`${a} ${second[i]}`, weight[i] as number]));
}

describe('training word vectors', () => {
  it('takes words in lower case, with hyphens and apostrophes inside', () => {
    expect(tokenise("The dog's T-shirt: it isn’t RED, 3 x Über!")).toEqual([
      'the',
      'dog',
      't-shirt',
      'it',
      "isn't",
      'red',
      '3',
      'x',
      'über',
    ]);
  });

  it('counts each pair inside the window by one over its distance, and unknown words as room', () => {
    expect(
      count(
        [
          [2, 0, -1, 1],
          [1, 2],
        ],
        3,
        3,
      ),
    ).toEqual(
      new Map([
        ['0 2', 1],
        ['0 1', 0.5],
        ['1 2', Math.fround(1 / 3 + 1)],
      ]),
    );
    expect([...count([[0, 1, 2]], 3, 1).keys()].sort()).toEqual(['0 1', '1 2']);
  });

  it('counts as a plain table does, however often it grows', () => {
    const lines = Array.from({ length: 40 }, (_, i) => Array.from({ length: 9 }, (_, j) => (i * 7 + j * j * 3) % 50));
    const expected = new Map<string, number>();
    for (const line of lines) {
      line.forEach((a, i) => {
        line.slice(0, i).forEach((b, j) => {
          if (a === b || i - j > 4) return;
          const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
          expected.set(key, (expected.get(key) ?? 0) + 1 / (i - j));
        });
      });
    }
    const counted = count(lines, 50, 4);
    expect([...counted.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [key, weight] of expected) expect(counted.get(key)).toBeCloseTo(weight, 4);
  });

  it('gives words of the same company near vectors, the same for the same seed', async () => {
    const counter = new PairCounter(8);
    // 0 and 1 stand with 2, 3, 4; 5 stands with 6, 7.
    for (let i = 0; i < 30; i++) for (const word of [0, 1]) counter.addLine([word, 2, 3, 4], 3);
    for (let i = 0; i < 30; i++) counter.addLine([5, 6, 7], 3);
    const costs: number[] = [];
    const train = () => trainGlove(counter.pairs(), 8, OPTIONS, (_, cost) => costs.push(cost));
    const vectors = await train();
    expect(await train()).toEqual(vectors);
    expect(costs[OPTIONS.epochs - 1]).toBeLessThan((costs[0] as number) / 5);
    const word = (i: number) => unit(vectors.subarray(i * 8, (i + 1) * 8));
    expect(dot(word(0), word(1))).toBeGreaterThan(dot(word(0), word(5)));
  });
});

describe('the word vectors that ship', () => {
  it('are 25,000 sound words of 100 dimensions', async () => {
    const { words, dimension, faults } = await readGloveFile('models/words/semblance.100d.txt.gz');
    expect([words.length, dimension, faults]).toEqual([25_000, 100, []]);
    expect(words).toEqual(expect.arrayContaining(['dog', 'sofa', 'king', 'beach', 't-shirt']));
  });
});
