import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, norm, pack, unit } from '../../../src/core/vector.ts';
import { diversify } from '../../../src/query/diversify.ts';
import { applyFeedback } from '../../../src/query/feedback.ts';
import { fitWhitening, LEAST_SAMPLE, whiten } from '../../../src/query/whitening.ts';
import { axis, DIMENSION, expectNear, unitVector } from './vectors.ts';

const candidates = fc
  .array(fc.record({ score: fc.double({ min: -1, max: 1, noNaN: true }), vector: unitVector() }), { maxLength: 20 })
  .map((list) => list.sort((a, b) => b.score - a.score));
const diversity = fc.double({ min: 0, max: 1, noNaN: true });

describe('diversify', () => {
  it('leaves the order alone at 0', () => {
    fc.assert(
      fc.property(candidates, (list) => {
        expect(diversify(list, 0)).toEqual(list);
      }),
    );
  });

  it('loses no hit and doubles none', () => {
    fc.assert(
      fc.property(candidates, diversity, (list, d) => {
        const picked = diversify(list, d);
        expect(picked.length).toBe(list.length);
        expect(new Set(picked)).toEqual(new Set(list));
      }),
    );
  });

  it('starts with the best hit unless only difference counts', () => {
    fc.assert(
      fc.property(candidates, fc.double({ min: 0, max: 0.99, noNaN: true }), (list, d) => {
        expect(diversify(list, d)[0]?.score).toEqual(list[0]?.score);
      }),
    );
  });

  it('puts a different hit before a near copy of the first', () => {
    const [first, copy, other] = [
      { score: 0.9, vector: axis(0) },
      { score: 0.89, vector: axis(0) },
      { score: 0.8, vector: axis(1) },
    ] as const;
    expect(diversify([first, copy, other], 0.7)).toEqual([first, other, copy]);
  });

  it('a shorter page is the head of the longer one', () => {
    fc.assert(
      fc.property(candidates, diversity, fc.integer({ min: 0, max: 20 }), (list, d, count) => {
        expect(diversify(list, d, count)).toEqual(diversify(list, d).slice(0, count));
      }),
    );
  });
});

describe('applyFeedback', () => {
  it('changes nothing without a judgement', () => {
    fc.assert(fc.property(unitVector(), (query) => expectNear(applyFeedback(query, [], []), query)));
  });

  it('moves towards what is liked and away from what is not', () => {
    fc.assert(
      fc.property(unitVector(), unitVector(), (query, picture) => {
        fc.pre(Math.abs(dot(query, picture)) < 0.95);
        expect(dot(applyFeedback(query, [picture], []), picture)).toBeGreaterThan(dot(query, picture));
        expect(dot(applyFeedback(query, [], [picture]), picture)).toBeLessThan(dot(query, picture));
      }),
    );
  });
});

describe('whitening', () => {
  // Four times as wide along the first axis as along the others.
  const sample = fc
    .sample(unitVector(), { seed: 9, numRuns: 400 })
    .map((vector) => unit(vector.map((value, i) => (i === 0 ? 4 * value : value))));

  it('with power 0 only centres', () => {
    const whitening = fitWhitening(pack(sample), 0);
    const vector = sample[0] as Float32Array;
    expectNear(whiten(vector, whitening), unit(vector.map((value, i) => value - (whitening.mean[i] as number))), 1e-3);
  });

  it('evens the directions out: the wide one no longer dominates', () => {
    const spreadOf = (power: number) => {
      const whitening = fitWhitening(pack(sample), power);
      const rows = sample.map((vector) => whiten(vector, whitening));
      const squares = axis(0).map((_, i) => rows.reduce((sum, vector) => sum + (vector[i] as number) ** 2, 0));
      return (squares[0] as number) / squares.reduce((a, b) => a + b, 0);
    };
    expect(spreadOf(0)).toBeGreaterThan(3 / DIMENSION);
    expect(spreadOf(0.5)).toBeLessThan(spreadOf(0));
    expect(spreadOf(1)).toBeLessThan(2 / DIMENSION);
  });

  it('gives vectors of length 1', () => {
    const whitening = fitWhitening(pack(sample), 0.5);
    fc.assert(
      fc.property(unitVector(), (vector) => {
        expect(norm(whiten(vector, whitening))).toBeCloseTo(1, 4);
      }),
    );
  });

  it('refuses a sample that is too small', () => {
    const run = () => fitWhitening(pack(sample.slice(0, LEAST_SAMPLE - 1)), 0.5);
    expect(run).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});
