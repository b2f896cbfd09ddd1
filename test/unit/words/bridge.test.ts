import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, norm, pack, row, unit, type Vector } from '../../../src/core/vector.ts';
import { type Bridge, fitBridge } from '../../../src/words/bridge.ts';
import { parseBridge, serializeBridge } from '../../../src/words/bridge-file.ts';
import { addMoments, applyMap, fitRidge, momentsOf, reverseMoments } from '../../../src/words/ridge.ts';
import { seededNumbers } from './numbers.ts';

/** Float32 in, sums in double precision. */
const TOLERANCE = 4;

function randomMatrix(rows: number, dimension: number, seed: number): Matrix {
  const next = seededNumbers(seed);
  return { rows, dimension, data: Float32Array.from({ length: rows * dimension }, next) };
}

function units(matrix: Matrix): Matrix {
  return pack(Array.from({ length: matrix.rows }, (_, i) => unit(row(matrix, i))));
}

/** y = shift + x A + noise. */
function linearImage(x: Matrix, dimension: number, noise: number, seed: number): Matrix {
  const weights = randomMatrix(x.dimension, dimension, seed);
  const next = seededNumbers(seed + 1);
  const rows = Array.from({ length: x.rows }, (_, r) =>
    Float32Array.from({ length: dimension }, (_, j) => {
      let sum = 3 + j + noise * next();
      for (let i = 0; i < x.dimension; i++) sum += (row(x, r)[i] as number) * (row(weights, i)[j] as number);
      return sum;
    }),
  );
  return pack(rows);
}

const all = (matrix: Matrix): number[] => Array.from({ length: matrix.rows }, (_, i) => i);

describe('ridge regression', () => {
  it('recovers a linear map with a shift where there is no noise and no penalty', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 1e6 }),
        (p, q, seed) => {
          const x = randomMatrix(60, p, seed);
          const y = linearImage(x, q, 0, seed + 7);
          const map = fitRidge(momentsOf(x, y, all(x)), [1e-9]);
          const fresh = randomMatrix(5, p, seed + 3);
          const truth = linearImage(fresh, q, 0, seed + 7);
          for (let i = 0; i < 5; i++) {
            applyMap(map, row(fresh, i)).forEach((value, j) => {
              expect(value).toBeCloseTo(row(truth, i)[j] as number, TOLERANCE);
            });
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('answers the mean where the penalty is overwhelming', () => {
    const x = randomMatrix(50, 4, 1);
    const y = linearImage(x, 3, 0, 2);
    const map = fitRidge(momentsOf(x, y, all(x)), [1e9]);
    expect([...applyMap(map, row(x, 0))].map((value) => value.toFixed(3))).toEqual(
      [...map.outputMean].map((value) => value.toFixed(3)),
    );
  });

  it('takes a stronger penalty when there is more noise', () => {
    const x = randomMatrix(60, 20, 3);
    const [clear, noisy] = [0, 30].map((noise) => {
      const y = linearImage(x, 5, noise, 4);
      return fitRidge(momentsOf(x, y, all(x))).lambda;
    });
    expect(clear).toBeLessThan(noisy as number);
  });

  it('adds up: sums over two halves are the sums over all, and reversing twice changes nothing', () => {
    const [x, y] = [randomMatrix(31, 3, 5), randomMatrix(31, 4, 6)];
    const whole = momentsOf(x, y, all(x));
    const halves = addMoments(momentsOf(x, y, all(x).slice(0, 10)), momentsOf(x, y, all(x).slice(10)));
    expect(halves.count).toBe(31);
    for (const key of ['inputSum', 'outputSum', 'inputProducts', 'crossProducts', 'outputProducts'] as const) {
      whole[key].forEach((value, i) => {
        expect(halves[key][i]).toBeCloseTo(value, 9);
      });
    }
    expect(reverseMoments(reverseMoments(whole))).toEqual(whole);
    expect(reverseMoments(whole)).toEqual(momentsOf(y, x, all(x)));
  });
});

describe('the bridge', () => {
  const words = units(randomMatrix(400, 12, 8));
  const clip = units(linearImage(words, 20, 0.2, 9));
  const bridge: Bridge = fitBridge(words, clip);

  it('puts held-out words first among all, where the spaces are nearly linear images of each other', () => {
    const { toClip, toWords, words: count, judged, candidates } = bridge.report;
    expect([count, judged, candidates]).toEqual([400, 40, 400]);
    expect(toClip.medianRank).toBe(1);
    expect(toWords.medianRank).toBe(1);
    expect(toClip.cosine).toBeGreaterThan(0.99);
  });

  it('finds nothing, and says so, where there is nothing to find', () => {
    const { toClip } = fitBridge(words, units(randomMatrix(400, 20, 10))).report;
    expect(toClip.medianRank).toBeGreaterThan(50);
    expect(Math.abs(toClip.centredCosine)).toBeLessThan(0.2);
  });

  it('answers unit vectors of the other side', () => {
    const there = bridge.toClip(row(words, 0));
    expect([there.length, bridge.toWords(there).length]).toEqual([20, 12]);
    expect(norm(there)).toBeCloseTo(1, TOLERANCE);
  });

  it('is the same after it was stored', () => {
    const bytes = serializeBridge(bridge);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const back = parseBridge(shifted.subarray(3));
    const same = (a: Vector, b: Vector): void => expect([...a]).toEqual([...b]);
    same(back.toClip(row(words, 5)), bridge.toClip(row(words, 5)));
    same(back.toWords(row(clip, 5)), bridge.toWords(row(clip, 5)));
    expect(back.report).toEqual(bridge.report);
  });

  it('refuses bytes that are no whole bridge', () => {
    const bytes = serializeBridge(bridge);
    for (const wrong of [bytes.subarray(0, 3), bytes.subarray(0, bytes.length - 4), new Uint8Array(40)]) {
      expect(() => parseBridge(wrong)).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }));
    }
  });

  it('refuses rows that do not pair up, and too few', () => {
    expect(() => fitBridge(words, randomMatrix(399, 20, 1))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => fitBridge(randomMatrix(5, 3, 1), randomMatrix(5, 3, 2))).toThrow(/at least 20/);
  });
});
