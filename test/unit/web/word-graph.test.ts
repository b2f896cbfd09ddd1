// Laws of the words' graph.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawWords } from '../../../src/web/library/word-graph.ts';

const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{2,12}$/), { minLength: 1, maxLength: 14 });
const sizes = fc.record({ width: fc.integer({ min: 280, max: 1600 }), height: fc.integer({ min: 300, max: 500 }) });
const scored = (names: readonly string[]) => names.map((word, i) => ({ word, score: 0.9 - i / 40 }));

describe('drawWords', () => {
  it('puts every word inside the plane, and in the same place every time', () => {
    fc.assert(
      fc.property(words, sizes, ([word = '', ...others], { width, height }) => {
        const further = new Map(
          others.map((other) => [other, scored([word, ...others.filter((name) => name !== other)])]),
        );
        const graph = drawWords(word, scored(others), further, width, height);
        expect(graph.nodes.map((node) => node.word)).toEqual([word, ...others]);
        for (const { x, y } of graph.nodes) {
          expect(x).toBeGreaterThan(0);
          expect(x).toBeLessThan(width);
          expect(y).toBeGreaterThan(0);
          expect(y).toBeLessThan(height);
        }
        expect(drawWords(word, scored(others), further, width, height)).toEqual(graph);
      }),
      { numRuns: 20 },
    );
  });

  it('links the middle to all, and two neighbours once where one names the other', () => {
    const further = new Map([
      ['dog', scored(['puppy', 'cat'])],
      ['puppy', scored(['dog', 'house'])],
    ]);
    const { links } = drawWords('cat', scored(['dog', 'puppy']), further, 600, 400);
    expect(links.map(({ from, to }) => [from.word, to.word].sort().join(' ')).sort()).toEqual([
      'cat dog',
      'cat puppy',
      'dog puppy',
    ]);
  });
});
