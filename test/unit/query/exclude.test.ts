import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, norm, scale, unit } from '../../../src/core/vector.ts';
import { exclude, leanAway, withoutPositivePart } from '../../../src/query/exclude.ts';
import { axis, DIMENSION, expectNear, unitVector } from './vectors.ts';

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

describe('leanAway', () => {
  const margin = fc.double({ min: 0, max: 0.8, noNaN: true });
  /** At a right angle or nearer to each other, margins never contradict one another. */
  const excluded = fc
    .uniqueArray(fc.integer({ min: 0, max: DIMENSION - 1 }), { minLength: 1, maxLength: 4 })
    .chain((axes) => fc.tuple(...axes.map((i) => margin.map((m) => ({ direction: axis(i), margin: m })))));

  it('leans away from each direction by its margin, and no nearer vector does', () => {
    fc.assert(
      fc.property(unitVector(), excluded, (query, list) => {
        fc.pre(
          norm(
            withoutPositivePart(
              query,
              list.map(({ direction }) => direction),
            ),
          ) > 0.1,
        );
        const found = leanAway(query, list);
        // On axes the nearest vector is known: each number that leans too little is set, the others stay.
        const expected = Float32Array.from(query);
        for (const { direction, margin: m } of list) {
          const i = direction.indexOf(1);
          expected[i] = Math.min(expected[i] as number, -m);
        }
        expectNear(found, unit(expected));
      }),
    );
  });

  it('is exclude where no direction has a margin', () => {
    fc.assert(
      fc.property(unitVector(), directions, (query, list) => {
        fc.pre(norm(withoutPositivePart(query, list)) > 0.1);
        expectNear(
          leanAway(
            query,
            list.map((direction) => ({ direction, margin: 0 })),
          ),
          exclude(query, list),
        );
      }),
    );
  });

  it('does not depend on how long the query is', () => {
    fc.assert(
      fc.property(unitVector(), excluded, fc.double({ min: 0.1, max: 10, noNaN: true }), (query, list, factor) => {
        fc.pre(
          norm(
            withoutPositivePart(
              query,
              list.map(({ direction }) => direction),
            ),
          ) > 0.1,
        );
        expectNear(leanAway(scale(query, factor), list), leanAway(query, list));
      }),
    );
  });

  it('refuses a query of which nothing would be left without the margin', () => {
    const run = () => leanAway(axis(0), [{ direction: axis(0), margin: 0.5 }]);
    expect(run).toThrow(expect.objectContaining({ code: 'QUERY_CANCELS_OUT' }));
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
