import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, norm, pack, row } from '../../../src/core/vector.ts';
import {
  backgroundStatistics,
  computeStatistics,
  parseStatistics,
  serialiseStatistics,
} from '../../../src/query/statistics.ts';
import { DIMENSION, expectNear, unitVector } from './vectors.ts';

const vectors = fc.array(unitVector(), { minLength: 1, maxLength: 30 });

describe('backgroundStatistics', () => {
  it('agrees with the definition of mean and deviation', () => {
    fc.assert(
      fc.property(unitVector(), vectors, (vector, background) => {
        const cosines = background.map((other) => dot(vector, other));
        const mean = cosines.reduce((a, b) => a + b, 0) / cosines.length;
        const found = backgroundStatistics(vector, pack(background));
        expect(found.mean).toBeCloseTo(mean, 5);
        expect(found.deviation ** 2).toBeCloseTo(
          cosines.reduce((sum, c) => sum + (c - mean) ** 2, 0) / cosines.length,
          5,
        );
        expect(found.best).toBeGreaterThanOrEqual(mean - 1e-6);
        expect(found.best).toBeLessThanOrEqual(Math.max(...cosines) + 1e-6);
      }),
    );
  });

  it('refuses an empty background', () => {
    const run = () => backgroundStatistics(new Float32Array(DIMENSION), pack([], DIMENSION));
    expect(run).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});

describe('the statistics file', () => {
  const make = (list: Float32Array[]) =>
    computeStatistics({
      pictures: list,
      texts: list.slice(0, 1),
      backgroundPictures: list,
      backgroundWords: list.slice(0, 2),
    });

  it('reads back what was written: means exactly, backgrounds to a hundredth, rows of length 1', () => {
    fc.assert(
      fc.property(vectors, (list) => {
        const written = make(list);
        const read = parseStatistics(serialiseStatistics(written));
        expect(read.imageMean).toEqual(written.imageMean);
        expect(read.textMean).toEqual(written.textMean);
        expect(read.backgroundWords.rows).toBe(written.backgroundWords.rows);
        for (let i = 0; i < list.length; i++) {
          expectNear(row(read.backgroundPictures, i), row(written.backgroundPictures, i), 0.01);
          expect(norm(row(read.backgroundPictures, i))).toBeCloseTo(1, 5);
        }
      }),
    );
  });

  it('refuses a file that is cut short, of another format, or no statistics at all', () => {
    const file = serialiseStatistics(make(fc.sample(unitVector(), { seed: 1, numRuns: 5 })));
    for (const bad of [
      file.subarray(0, -1),
      Buffer.from('{"format":"x"}\n'),
      Buffer.from('nothing'),
      new Uint8Array(),
    ]) {
      expect(() => parseStatistics(bad)).toThrow(expect.objectContaining({ code: 'MODEL_UNAVAILABLE' }));
    }
  });
});
