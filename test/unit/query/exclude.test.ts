import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addScaled, dot, norm, scale, unit, type Vector } from '../../../src/core/vector.ts';
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
  const margin = fc.double({ min: 0, max: 0.5, noNaN: true });
  /** Four at right angles: to keep all of their margins takes no more than the length of the query. */
  const excluded = fc
    .uniqueArray(fc.integer({ min: 0, max: DIMENSION - 1 }), { minLength: 1, maxLength: 4 })
    .chain((axes) => fc.tuple(...axes.map((i) => margin.map((m) => ({ direction: axis(i), margin: m })))));
  const plainly = (list: readonly Vector[]) => list.map((direction) => ({ direction, margin: 0 }));
  /** Queries that are not about what is excluded alone: those are refused. */
  const isLeft = (query: Vector, list: readonly Vector[]) => norm(withoutPositivePart(query, list)) > 0.1;
  const asked = fc.tuple(unitVector(), excluded).filter(([query, list]) =>
    isLeft(
      query,
      list.map(({ direction }) => direction),
    ),
  );

  it('leans away from each direction by its margin, and no nearer vector does', () => {
    fc.assert(
      fc.property(asked, ([query, list]) => {
        // On axes the nearest vector is known: each number that leans too little is set, the others stay.
        const expected = Float32Array.from(query);
        for (const { direction, margin: m } of list) {
          const i = direction.indexOf(1);
          expected[i] = Math.min(expected[i] as number, -m);
        }
        expectNear(leanAway(query, list), unit(expected));
      }),
    );
  });

  it('is exclude where no direction has a margin', () => {
    fc.assert(
      fc.property(unitVector(), directions, (query, list) => {
        fc.pre(isLeft(query, list));
        expectNear(leanAway(query, plainly(list)), exclude(query, list));
      }),
    );
  });

  it('does not depend on how long the query is', () => {
    fc.assert(
      fc.property(asked, fc.double({ min: 0.1, max: 10, noNaN: true }), ([query, list], factor) => {
        expectNear(leanAway(scale(query, factor), list), leanAway(query, list));
      }),
    );
  });

  it.each([
    [
      'nearly contradict each other',
      [unit(addScaled(axis(1), axis(2), 0.1)), unit(addScaled(scale(axis(1), -1), axis(2), 0.1))],
    ],
    ['contradict each other', [axis(1), scale(axis(1), -1)]],
    ['are many', Array.from({ length: DIMENSION - 1 }, (_, i) => axis(i + 1))],
  ])('never drowns the query, where margins %s', (_, list) => {
    const found = leanAway(
      axis(0),
      list.map((direction) => ({ direction, margin: 0.5 })),
    );
    expect(dot(found, axis(0))).toBeGreaterThan(Math.SQRT1_2 - 1e-4);
    for (const direction of list) expect(dot(found, direction)).toBeLessThan(1e-4);
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

  it('leaves a picture without any direction without one', () => {
    expectNear(exclude(scale(axis(0), 0), [axis(0), axis(1)]), scale(axis(0), 0));
  });

  it('refuses a query of which nothing is left', () => {
    expect(() => exclude(axis(0), [axis(0)])).toThrow(expect.objectContaining({ code: 'QUERY_CANCELS_OUT' }));
  });
});
