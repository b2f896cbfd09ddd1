import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unit } from '../../../src/core/vector.ts';
import type { Label } from '../../../src/core/views.ts';
import { diffLabels } from '../../../src/vectors/label-list.ts';
import { scanExact, topK } from '../../../src/vectors/select.ts';

describe('topK', () => {
  it('equals the beginning of a sort by score, then label', () => {
    const scored = fc.array(fc.record({ label: fc.nat(1000), score: fc.constantFrom(-1, 0, 0.25, 0.5, 1) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 70 }), (list, k) => {
        const neighbors = list.map(({ label, score }) => ({ label: label as Label, score }));
        const sorted = neighbors.toSorted((a, b) => b.score - a.score || a.label - b.label).slice(0, k);
        expect(topK(neighbors, k)).toEqual(sorted);
      }),
      { seed: 21 },
    );
  });
});

describe('scanExact', () => {
  it('scores any vectors by cosine as their unit vectors, and a zero vector by 0', () => {
    const vectors = [Float32Array.of(0, 0, 0), Float32Array.of(0, 9, 0), Float32Array.of(-2, 0, 0)];
    const batch = { labels: [4, 5, 6] as Label[], vectors: pack(vectors) };
    const found = scanExact(Float32Array.of(0.001, 0.001, 0), batch, 3, 'cosine');
    expect(found.map(({ label }) => label)).toEqual([5, 4, 6]);
    expect(found[0]?.score).toBeCloseTo(Math.SQRT1_2, 6);
    expect(found[1]?.score).toBe(0);
    expect(unit(vectors[1] as Float32Array)).toEqual(Float32Array.of(0, 1, 0));
  });

  it('refuses a query of another dimension', () => {
    const batch = { labels: [4] as Label[], vectors: pack([Float32Array.of(1, 2)]) };
    expect(() => scanExact(Float32Array.of(1), batch, 3, 'dot')).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});

describe('diffLabels', () => {
  it('names what each list has alone', () => {
    const ascending = fc.uniqueArray(fc.nat(40)).map((list) => list.sort((a, b) => a - b) as Label[]);
    fc.assert(
      fc.property(ascending, ascending, (wanted, held) => {
        expect(diffLabels(wanted, held)).toEqual({
          missing: wanted.filter((label) => !held.includes(label)),
          surplus: held.filter((label) => !wanted.includes(label)),
        });
      }),
      { seed: 23 },
    );
  });
});
