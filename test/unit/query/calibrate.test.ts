import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Calibration,
  type Calibrations,
  chooseCuts,
  confidenceOf,
  fitCalibration,
  passesLevel,
} from '../../../src/query/calibrate.ts';
import { parseCalibrations, serialiseCalibrations } from '../../../src/query/calibration-file.ts';
import { fitLogistic, probabilityOf } from '../../../src/query/logistic.ts';

const background = { mean: 0.2, deviation: 0.05, best: 0.3 };
const pairOf = (cosine: number) => ({ cosine, query: background, picture: background });

/** Outcomes follow a known curve, deterministically: the i-th of n at each level is yes if i / n < p. */
function examples(): { features: number[][]; outcomes: boolean[] } {
  const features: number[][] = [];
  const outcomes: boolean[] = [];
  for (let x = -3; x <= 3; x += 0.25) {
    const p = 1 / (1 + Math.exp(-(1.5 * x - 0.5)));
    for (let i = 0; i < 200; i++) {
      features.push([x]);
      outcomes.push(i / 200 < p);
    }
  }
  return { features, outcomes };
}

describe('fitLogistic', () => {
  it('finds the curve that made the outcomes', () => {
    const { features, outcomes } = examples();
    const model = fitLogistic(features, outcomes);
    for (const x of [-2, 0, 1, 2]) {
      expect(probabilityOf(model, [x])).toBeCloseTo(1 / (1 + Math.exp(-(1.5 * x - 0.5))), 1);
    }
  });

  it('does not depend on the units of a feature', () => {
    const { features, outcomes } = examples();
    const model = fitLogistic(features, outcomes);
    const scaled = fitLogistic(
      features.map(([x]) => [1000 * (x as number) + 7]),
      outcomes,
    );
    expect(probabilityOf(scaled, [1007])).toBeCloseTo(probabilityOf(model, [1]), 6);
  });

  it('on average promises as many yes as there are', () => {
    const { features, outcomes } = examples();
    const model = fitLogistic(features, outcomes);
    const promised = features.reduce((sum, row) => sum + probabilityOf(model, row), 0);
    expect(promised / features.length).toBeCloseTo(outcomes.filter(Boolean).length / outcomes.length, 4);
  });

  it('stays finite where the outcomes can be told apart perfectly', () => {
    const model = fitLogistic([[0], [0.1], [0.9], [1]], [false, false, true, true]);
    expect(Number.isFinite(probabilityOf(model, [0.5]))).toBe(true);
  });

  it('refuses examples of one outcome', () => {
    expect(() => fitLogistic([[1], [2]], [true, true])).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});

const fitted: Calibration = {
  ...fitCalibration(
    [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4].map((cosine) => ({ ...pairOf(cosine), right: cosine > 0.22 })),
    ['cosine', 'queryZ', 'pictureGap'],
  ),
  cuts: { LOOSE: 0.2, NORMAL: 0.5, STRICT: 0.8 },
};

describe('confidenceOf', () => {
  it('lies between 0 and 1 and rises with the cosine', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (cosine, more) => {
          const [low, high] = [confidenceOf(pairOf(cosine), fitted), confidenceOf(pairOf(cosine + more), fitted)];
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(high).toBeGreaterThanOrEqual(low);
        },
      ),
    );
  });

  it('what passes a stricter level passes every looser one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (confidence) => {
        const passed = (['STRICT', 'NORMAL', 'LOOSE', 'NONE'] as const).map((level) =>
          passesLevel(confidence, level, fitted),
        );
        expect([...passed].sort()).toEqual(passed);
        expect(passed[3]).toBe(true);
      }),
    );
  });
});

describe('chooseCuts', () => {
  it('refuses the stated shares of absent queries, stricter levels more', () => {
    const best = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000).map((value) => value / 1000);
    const cuts = chooseCuts(best);
    const refused = (cut: number) => best.filter((value) => value < cut).length / best.length;
    expect(refused(cuts.LOOSE)).toBeCloseTo(0.3, 2);
    expect(refused(cuts.NORMAL)).toBeCloseTo(0.6, 2);
    expect(refused(cuts.STRICT)).toBeCloseTo(0.85, 2);
  });
});

describe('the calibration file', () => {
  const both: Calibrations = {
    textToImage: fitted,
    imageToImage: { ...fitted, features: ['cosine', 'queryGap', 'pictureZ'] },
  };

  it('answers after a round trip as before', () => {
    const read = parseCalibrations(serialiseCalibrations(both));
    for (const cosine of [0.1, 0.25, 0.4]) {
      expect(confidenceOf(pairOf(cosine), read.textToImage)).toBeCloseTo(
        confidenceOf(pairOf(cosine), both.textToImage),
        5,
      );
      expect(confidenceOf(pairOf(cosine), read.imageToImage)).toBeCloseTo(
        confidenceOf(pairOf(cosine), both.imageToImage),
        5,
      );
    }
    expect(read.textToImage.cuts).toEqual(both.textToImage.cuts);
  });

  it.each([
    ['not JSON', '{'],
    ['another format', '{"format":"x"}'],
    ['an unknown feature', serialiseCalibrations(both).replace('queryZ', 'mood')],
    ['a weight missing', serialiseCalibrations(both).replace(/"bias": [^,}\n]+/, '"bias": null')],
  ])('refuses a file with %s', (_, text) => {
    expect(() => parseCalibrations(text)).toThrow(expect.objectContaining({ code: 'MODEL_UNAVAILABLE' }));
  });
});
