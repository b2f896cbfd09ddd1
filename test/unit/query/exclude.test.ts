import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, norm, scale } from '../../../src/core/vector.ts';
import { exclude, withoutPositivePart } from '../../../src/query/exclude.ts';
import { axis, expectNear, unitVector } from './vectors.ts';

const directions = fc.array(unitVector(), { minLength: 1, maxLength: 4 });

describe('withoutPositivePart', () => {
  it('leans towards no excluded direction', () => {
    fc.assert(
      fc.property(unitVector(), directions, (query, excluded) => {
        const rest = withoutPositivePart(query, excluded);
        for (const direction of excluded) expect(dot(rest, direction)).toBeLessThan(1e-4);
      }),
    );
  });

  it('is done after once: a second time changes nothing', () => {
    fc.assert(
      fc.property(unitVector(), directions, (query, excluded) => {
        const once = withoutPositivePart(query, excluded);
        expectNear(withoutPositivePart(once, excluded), once, 1e-3);
      }),
    );
  });

  it('does not depend on the order of the exclusions', () => {
    fc.assert(
      fc.property(unitVector(), directions, (query, excluded) => {
        expectNear(withoutPositivePart(query, [...excluded].reverse()), withoutPositivePart(query, excluded), 1e-3);
      }),
    );
  });

  it('never makes the query longer', () => {
    fc.assert(
      fc.property(unitVector(), directions, (query, excluded) => {
        expect(norm(withoutPositivePart(query, excluded))).toBeLessThanOrEqual(norm(query) + 1e-5);
      }),
    );
  });
});

describe('exclude', () => {
  it('leaves a query alone that already leans away', () => {
    expectNear(exclude(axis(0), [scale(axis(0), -1), axis(3)]), axis(0));
  });

  it('refuses a query of which nothing is left', () => {
    expect(() => exclude(axis(0), [axis(0)])).toThrow(expect.objectContaining({ code: 'QUERY_CANCELS_OUT' }));
  });
});
