import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { average, averagePrecision, median, precisionAt } from '../../../src/query/measures.ts';
import '../../support/seed.ts';

const lists = fc.array(fc.boolean(), { maxLength: 40 });

describe('precisionAt', () => {
  it('counts the first k, or as many as there are right ones at all', () => {
    expect(precisionAt(2, [true, false, true, true])).toBe(0.5);
    expect(precisionAt(10, [true, false, true])).toBe(0.5);
    expect(precisionAt(10, [false, false])).toBe(0);
    expect(precisionAt(10, [])).toBe(0);
  });

  it('knows of right ones that the list does not hold', () => {
    expect(precisionAt(4, [true, true], 8)).toBe(0.5);
    expect(precisionAt(4, [true, true], 2)).toBe(1);
  });

  it('is 1 for a list that begins with its right ones, and never more', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 50 }), (ranked, k) => {
        const sorted = ranked.toSorted((a, b) => Number(b) - Number(a));
        const best = precisionAt(k, sorted);
        expect(best).toBe(ranked.includes(true) ? 1 : 0);
        expect(precisionAt(k, ranked)).toBeLessThanOrEqual(best);
      }),
    );
  });
});

describe('averagePrecision', () => {
  it('is the mean of the precision at each right one', () => {
    expect(averagePrecision([true, false, true])).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(averagePrecision([true, false, true], { relevant: 4 })).toBeCloseTo((1 + 2 / 3) / 4, 12);
    expect(averagePrecision([false])).toBe(0);
  });

  it('rises when a right one moves ahead of a wrong one', () => {
    fc.assert(
      fc.property(lists, (ranked) => {
        const at = ranked.findIndex((isRight, i) => !isRight && ranked[i + 1] === true);
        fc.pre(at >= 0);
        const better = ranked.with(at, true).with(at + 1, false);
        expect(averagePrecision(better)).toBeGreaterThan(averagePrecision(ranked));
      }),
    );
  });
});

describe('average and median', () => {
  it('are the usual ones, and NaN of nothing', () => {
    expect(average([1, 2, 6])).toBe(3);
    expect(median([9, 1, 2])).toBe(2);
    expect(average([])).toBeNaN();
    expect(median([])).toBeNaN();
  });
});
