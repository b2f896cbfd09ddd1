import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addScaled, dot, norm, scale, unit } from '../../../src/core/vector.ts';
import { composeQuery, type Term, WORD_MARGIN } from '../../../src/query/compose.ts';
import { centre, scorePicture } from '../../../src/query/space.ts';
import { axis, expectNear, MEANS, TOLERANCE, unitVector } from './vectors.ts';

const term = fc.record({
  vector: unitVector(),
  modality: fc.constantFrom('TEXT' as const, 'IMAGE' as const),
  weight: fc.double({ min: 0.1, max: 5, noNaN: true }),
});
const terms = fc.array(term, { minLength: 1, maxLength: 5 });

/** Random terms may cancel each other, which is an answer of its own and tested apart. */
function composeOrSkip(list: readonly Term[]) {
  try {
    return composeQuery(list, [], MEANS);
  } catch {
    return fc.pre(false) as never;
  }
}

describe('composeQuery', () => {
  it('gives a vector of length 1 and weights whose absolute values sum to 1', () => {
    fc.assert(
      fc.property(terms, (list) => {
        const query = composeOrSkip(list);
        expect(norm(query.vector)).toBeCloseTo(1, 5);
        expect(query.weights.reduce((sum, weight) => sum + Math.abs(weight), 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('does not depend on the scale of the weights', () => {
    fc.assert(
      fc.property(terms, fc.double({ min: 0.01, max: 100, noNaN: true }), (list, factor) => {
        const query = composeOrSkip(list);
        const scaled = composeOrSkip(list.map((item) => ({ ...item, weight: item.weight * factor })));
        expectNear(scaled.vector, query.vector);
      }),
    );
  });

  it('does not depend on the order of the terms', () => {
    fc.assert(
      fc.property(terms, (list) => {
        expectNear(composeOrSkip([...list].reverse()).vector, composeOrSkip(list).vector);
      }),
    );
  });

  it('leaves a single text as it is, in plain space', () => {
    fc.assert(
      fc.property(unitVector(), (vector) => {
        const query = composeQuery([{ vector, modality: 'TEXT', weight: 3 }], [], MEANS);
        expect(query.space).toBe('PLAIN');
        expectNear(query.vector, vector);
      }),
    );
  });

  it('centres text and picture before it mixes them, so that each has its say', () => {
    const text = unit(addScaled(axis(2), MEANS.textMean, 1));
    const image = unit(addScaled(axis(3), MEANS.imageMean, 1));
    const query = composeQuery(
      [
        { vector: text, modality: 'TEXT', weight: 1 },
        { vector: image, modality: 'IMAGE', weight: 1 },
      ],
      [],
      MEANS,
    );
    expect(query.space).toBe('CENTRED');
    const [ownText, ownImage] = [centre(text, 'TEXT', MEANS), centre(image, 'IMAGE', MEANS)];
    expect(dot(query.vector, ownText)).toBeCloseTo(dot(query.vector, ownImage), 5);
  });

  it('refuses terms that cancel each other', () => {
    const vector = axis(2);
    const cancelling: Term[] = [
      { vector, modality: 'TEXT', weight: 1 },
      { vector, modality: 'TEXT', weight: -1 },
    ];
    expect(() => composeQuery(cancelling, [], MEANS)).toThrow(expect.objectContaining({ code: 'QUERY_CANCELS_OUT' }));
  });

  it('refuses a query that excludes just what it asks for', () => {
    const vector = unit(addScaled(axis(2), MEANS.textMean, 1));
    const run = () => composeQuery([{ vector, modality: 'TEXT', weight: 1 }], [{ vector, modality: 'TEXT' }], MEANS);
    expect(run).toThrow(expect.objectContaining({ code: 'QUERY_CANCELS_OUT' }));
  });

  it.each([
    [[]],
    [[{ vector: axis(0), modality: 'TEXT', weight: 0 }]],
    [[{ vector: axis(0), modality: 'TEXT', weight: Number.NaN }]],
  ])('refuses unusable terms: %j', (list) => {
    const run = () => composeQuery(list as Term[], [], MEANS);
    expect(run).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });

  it('ranks a picture of the excluded thing lower than without the exclusion', () => {
    const textOf = (i: number) => unit(addScaled(axis(i), MEANS.textMean, 1));
    const picture = unit(addScaled(scale(axis(4), 1), MEANS.imageMean, 1));
    const ask: Term[] = [{ vector: unit(addScaled(textOf(3), textOf(4), 0.7)), modality: 'TEXT', weight: 1 }];
    const plain = composeQuery(ask, [], MEANS);
    const without = composeQuery(ask, [{ vector: textOf(4), modality: 'TEXT' }], MEANS);
    const score = (query: typeof plain) => scorePicture(query.vector, picture, query.space, MEANS);
    expect(score(without)).toBeLessThan(score(plain) - TOLERANCE);
  });

  it('leans away from a word that is excluded from a picture, and no further than it must from a picture', () => {
    const picture = (i: number) => unit(addScaled(axis(i), MEANS.imageMean, 1));
    const word = unit(addScaled(axis(4), MEANS.textMean, 1));
    const ask: Term[] = [{ vector: picture(3), modality: 'IMAGE', weight: 1 }];
    const lean = (vector: typeof word, modality: 'TEXT' | 'IMAGE') =>
      dot(composeQuery(ask, [{ vector, modality }], MEANS).vector, centre(vector, modality, MEANS));
    expect(lean(word, 'TEXT')).toBeCloseTo(-WORD_MARGIN / Math.hypot(1, WORD_MARGIN), 5);
    expect(lean(picture(4), 'IMAGE')).toBeCloseTo(0, 5);
  });
});
