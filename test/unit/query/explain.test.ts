import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addScaled, dot, pack, unit, type Vector } from '../../../src/core/vector.ts';
import { createExplainer } from '../../../src/query/explain.ts';
import { nonNegativeFit } from '../../../src/query/nonnegative-fit.ts';
import { axis, MEANS, unitVector } from './vectors.ts';

const DIMENSION = 48;
const pad = (vector: Vector): Vector => Float32Array.from({ length: DIMENSION }, (_, i) => vector[i] ?? 0);
const means = { imageMean: pad(MEANS.imageMean), textMean: pad(MEANS.textMean) };
const WORDS = ['cat', 'kitten', 'bottle', 'tree', 'car', ...Array.from({ length: 35 }, (_, i) => `other-${i}`)];
/** "kitten" lies close to "cat"; the others apart. */
const directionOf = (i: number): Vector =>
  i === 1 ? unit(addScaled(axis(2, DIMENSION), axis(3, DIMENSION), 0.3)) : axis(i === 0 ? 2 : i + 2, DIMENSION);
const vectors = WORDS.map((_, i) => unit(addScaled(directionOf(i), means.textMean, 1)));
const explainer = createExplainer(WORDS, pack(vectors), means);
/** A picture of these words: as much of each as stated. */
const pictureOf = (parts: Record<string, number>): Vector => {
  let sum = new Float32Array(DIMENSION);
  for (const [word, share] of Object.entries(parts))
    sum = Float32Array.from(addScaled(sum, directionOf(WORDS.indexOf(word)), share));
  return unit(addScaled(unit(sum), means.imageMean, 1));
};

describe('why', () => {
  it('names what the picture shows, most of it first, synonyms once', () => {
    const [explanation] = explainer.explain([pictureOf({ cat: 1, bottle: 0.6 })]);
    expect(explanation?.why.map(({ word }) => word).slice(0, 2)).toEqual(['cat', 'bottle']);
    expect(explanation?.why.map(({ word }) => word)).not.toContain('kitten');
  });

  it('gives at most six words, with weights of 0 or more that sum to 1', () => {
    fc.assert(
      fc.property(unitVector(DIMENSION), (picture) => {
        const why = explainer.explain([picture])[0]?.why ?? [];
        expect(why.length).toBeLessThanOrEqual(6);
        fc.pre(why.length > 0);
        expect(why.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
        expect(Math.min(...why.map(({ weight }) => weight))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('marks the words that the query shares, and says what the picture lacks of it', () => {
    const query = unit(addScaled(directionOf(0), directionOf(2), 1));
    const [both, catOnly] = explainer.explain(
      [pictureOf({ cat: 1, bottle: 1 }), pictureOf({ cat: 1, tree: 1 })],
      query,
    );
    expect(both?.missing).toEqual([]);
    expect(catOnly?.missing.map(({ word }) => word)).toEqual(['bottle']);
    expect(catOnly?.why.filter(({ shared }) => shared).map(({ word }) => word)).toEqual(['cat']);
  });

  it('puts the heaviest word first', () => {
    fc.assert(
      fc.property(unitVector(DIMENSION), (picture) => {
        const weights = (explainer.explain([picture])[0]?.why ?? []).map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort((a, b) => b - a));
      }),
    );
  });

  it('does not call lacking what is hardly a part of the query, nor what the picture shows by another name', () => {
    const mostlyCat = unit(addScaled(directionOf(0), directionOf(2), 0.3));
    const [catOnly] = explainer.explain([pictureOf({ cat: 1, tree: 1 })], mostlyCat);
    expect(catOnly?.missing).toEqual([]);
    const [kitten] = explainer.explain([pictureOf({ kitten: 1, bottle: 1 })], directionOf(0));
    expect(kitten?.missing).toEqual([]);
  });

  it('explains a picture the same alone and on a page of any length', () => {
    fc.assert(
      fc.property(fc.array(unitVector(DIMENSION), { minLength: 1, maxLength: 9 }), (pictures) => {
        const page = explainer.explain(pictures);
        expect(page).toEqual(pictures.map((picture) => explainer.explain([picture])[0]));
      }),
    );
  });

  it('says nothing with an empty vocabulary', () => {
    const mute = createExplainer([], pack([], DIMENSION), means);
    expect(mute.explain([vectors[0] as Vector])).toEqual([{ why: [], missing: [] }]);
  });
});

describe('nonNegativeFit', () => {
  it('meets the conditions of the optimum: no weight below 0, no gain left in any direction', () => {
    fc.assert(
      fc.property(fc.array(unitVector(), { minLength: 1, maxLength: 5 }), unitVector(), (parts, target) => {
        const gram = parts.map((a) => parts.map((b) => dot(a, b)));
        const towards = parts.map((part) => dot(part, target));
        const weights = nonNegativeFit(gram, towards);
        parts.forEach((_, i) => {
          const gain =
            (towards[i] as number) - weights.reduce((sum, weight, j) => sum + weight * (gram[i]?.[j] as number), 0);
          expect(weights[i]).toBeGreaterThanOrEqual(0);
          expect(gain).toBeLessThan(1e-3);
          if ((weights[i] as number) > 1e-3) expect(gain).toBeGreaterThan(-1e-3);
        });
      }),
    );
  });
});
