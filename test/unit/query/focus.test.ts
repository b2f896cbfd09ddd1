import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addScaled, dot, norm, pack, unit, type Vector } from '../../../src/core/vector.ts';
import { FOCUS_WINDOWS, regionOfView, WHOLE } from '../../../src/core/views.ts';
import { focusSubspace } from '../../../src/query/focus-subspace.ts';
import { estimateOverfetch, focusWeights } from '../../../src/query/focus-weights.ts';
import { focusScorer, focusWindows, toFocusCandidate } from '../../../src/query/focus-windows.ts';
import { centre } from '../../../src/query/space.ts';
import { axis, DIMENSION, expectNear, MEANS, unitVector } from './vectors.ts';

const regions = [WHOLE, ...FOCUS_WINDOWS].map(regionOfView);
const toViews = (vectors: readonly Vector[]) =>
  vectors.map((vector, i) => ({ vector, region: regions[i] as (typeof regions)[0] }));
const views = fc.array(unitVector(), { minLength: 3, maxLength: regions.length }).map(toViews);
const strength = fc.double({ min: 0, max: 1, noNaN: true });
const pictureOf = (i: number): Vector => unit(addScaled(axis(i), MEANS.imageMean, 1));
const textOf = (i: number): Vector => unit(addScaled(axis(i), MEANS.textMean, 1));

describe('focusWindows', () => {
  it('gives a heat map of weights from 0 to 1 that sum to 1, and a query of length 1', () => {
    fc.assert(
      fc.property(views, unitVector(), strength, (picture, vector, s) => {
        const focus = focusWindows(picture, [{ vector, strength: s }], MEANS);
        expect(focus.map.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
        for (const { weight } of focus.map) expect(weight).toBeGreaterThanOrEqual(0);
        expect(norm(focus.query)).toBeCloseTo(1, 4);
      }),
    );
  });

  it('is the plain picture at strength 0', () => {
    fc.assert(
      fc.property(views, unitVector(), (picture, vector) => {
        const focus = focusWindows(picture, [{ vector, strength: 0 }], MEANS);
        expectNear(focus.query, centre(picture[0]?.vector as Vector, 'IMAGE', MEANS));
      }),
    );
  });

  it('looks where the class is, and moves the query there', () => {
    const picture = toViews([unit(addScaled(pictureOf(2), pictureOf(3), 1)), pictureOf(2), pictureOf(3), pictureOf(3)]);
    const focus = focusWindows(picture, [{ vector: textOf(2), strength: 0.8 }], MEANS);
    const weights = focus.map.map(({ weight }) => weight);
    expect(weights[1]).toBe(Math.max(...weights));
    const [wanted, other] = [2, 3].map((i) => toFocusCandidate(pictureOf(i), MEANS));
    const score = focusScorer(focus);
    expect(score(wanted as NonNullable<typeof wanted>)).toBeGreaterThan(score(other as NonNullable<typeof other>));
  });

  it('adds several foci up, in any order', () => {
    fc.assert(
      fc.property(views, unitVector(), unitVector(), (picture, a, b) => {
        const foci = [
          { vector: a, strength: 0.8 },
          { vector: b, strength: 0.5 },
        ];
        const one = focusWindows(picture, foci, MEANS);
        const two = focusWindows(picture, [...foci].reverse(), MEANS);
        expectNear(
          Float32Array.from(one.map, ({ weight }) => weight),
          Float32Array.from(two.map, ({ weight }) => weight),
        );
      }),
    );
  });

  it('the same class twice looks where the class once looks', () => {
    fc.assert(
      fc.property(views, unitVector(), (picture, vector) => {
        const once = focusWindows(picture, [{ vector, strength: 0.8 }], MEANS);
        const twice = focusWindows(
          picture,
          [
            { vector, strength: 0.8 },
            { vector, strength: 0.8 },
          ],
          MEANS,
        );
        expectNear(twice.query, once.query);
      }),
    );
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses strength %d', (bad) => {
    const run = () => focusWindows(toViews([pictureOf(2)]), [{ vector: textOf(2), strength: bad }], MEANS);
    expect(run).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});

describe('focusSubspace', () => {
  it('scores as the definition with M = (1 - s) I + s P does', () => {
    fc.assert(
      fc.property(unitVector(), unitVector(), unitVector(), strength, (query, direction, candidate, s) => {
        const apply = (x: Vector) =>
          addScaled(
            x.map((value) => (1 - s) * value),
            direction,
            s * dot(direction, x),
          );
        const [mq, mx] = [apply(query), apply(candidate)];
        fc.pre(norm(mq) > 0.01 && norm(mx) > 0.01);
        const expected = dot(mq, mx) / (norm(mq) * norm(mx));
        expect(focusSubspace(query, [direction], s).score(candidate)).toBeCloseTo(expected, 3);
      }),
    );
  });

  it('is the cosine at strength 0', () => {
    fc.assert(
      fc.property(unitVector(), unitVector(), unitVector(), (query, direction, candidate) => {
        expect(focusSubspace(query, [direction], 0).score(candidate)).toBeCloseTo(dot(query, candidate), 4);
      }),
    );
  });

  it('does not care how often a direction is named', () => {
    fc.assert(
      fc.property(unitVector(), unitVector(), (query, direction) => {
        expectNear(
          focusSubspace(query, [direction, direction], 0.8).query,
          focusSubspace(query, [direction], 0.8).query,
        );
      }),
    );
  });
});

describe('focusWeights', () => {
  it('at strength 1 is sum(w^2 a b) / (|wa| |wb|)', () => {
    fc.assert(
      fc.property(unitVector(), unitVector(), unitVector(), (query, weights, candidate) => {
        const times = (x: Vector) => x.map((value, i) => value * (weights[i] as number));
        const [wq, wx] = [times(query), times(candidate)];
        fc.pre(norm(wq) > 0.01 && norm(wx) > 0.01);
        const { score } = focusWeights(query, [{ vector: weights, strength: 1 }]);
        expect(score(candidate)).toBeCloseTo(dot(wq, wx) / (norm(wq) * norm(wx)), 3);
      }),
    );
  });

  it('finds the picture itself first, at every strength', () => {
    fc.assert(
      fc.property(unitVector(), unitVector(), unitVector(), strength, (query, weights, candidate, s) => {
        const { score } = focusWeights(query, [{ vector: weights, strength: s }]);
        expect(score(query)).toBeGreaterThanOrEqual(score(candidate) - 1e-4);
      }),
    );
  });

  it('asks for enough candidates: the ten best of a library are among them', () => {
    const generator = fc.sample(unitVector(), { seed: 4, numRuns: 1200 });
    const [query, weights, ...library] = generator as [Vector, Vector, ...Vector[]];
    const focus = focusWeights(query, [{ vector: weights, strength: 1 }]);
    const depth = estimateOverfetch(focus, pack(library.filter((_, i) => i % 4 === 0)), library.length, 10);
    const order = (by: (x: Vector) => number) => [...library].sort((a, b) => by(b) - by(a));
    const candidates = new Set(order((x) => dot(focus.query, x)).slice(0, depth));
    const found = order(focus.score)
      .slice(0, 10)
      .filter((x) => candidates.has(x));
    expect(found.length).toBe(10);
    expect(depth).toBeGreaterThanOrEqual(10);
    expect(depth).toBeLessThanOrEqual(library.length);
  });

  it('never asks for more than the library, nor for fewer than k', () => {
    const focus = focusWeights(axis(0), [{ vector: axis(0), strength: 0.5 }]);
    const sample = pack(Array.from({ length: 5 }, (_, i) => axis(i % DIMENSION)));
    expect(estimateOverfetch(focus, sample, 3, 10)).toBe(3);
    expect(estimateOverfetch(focus, pack([], DIMENSION), 100, 10)).toBe(10);
  });
});
