import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canPool, pool } from '../../../src/embedding/encoders/pooling.ts';

const SEED = 12;
const TOLERANCE = 1e-5;

/** Values that a mean cannot hide behind: the place itself. */
const range = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);
const side = fc.integer({ min: 1, max: 5 });

describe('pooling', () => {
  it('takes the mean over rows and columns of each channel, before or after them', () => {
    fc.assert(
      fc.property(side, side, side, side, (pictures, channels, rows, columns) => {
        const area = rows * columns;
        const planes = range(pictures * channels * area);
        const last = new Float32Array(planes.length);
        const expected: number[] = [];
        for (let p = 0; p < pictures; p++) {
          for (let c = 0; c < channels; c++) {
            let sum = 0;
            for (let i = 0; i < area; i++) {
              const value = planes[(p * channels + c) * area + i] as number;
              last[(p * area + i) * channels + c] = value;
              sum += value;
            }
            expected.push(sum / area);
          }
        }
        const first = pool(planes, [pictures, channels, rows, columns], 'gap', 'NCHW');
        const behind = pool(last, [pictures, rows, columns, channels], 'gap', 'NHWC');
        for (const pooled of [first, behind]) {
          expect(pooled).toHaveLength(expected.length);
          for (const [i, value] of expected.entries())
            expect(Math.abs((pooled[i] as number) - value)).toBeLessThan(TOLERANCE * 1000);
        }
      }),
      { seed: SEED },
    );
  });

  it('takes the first token of each picture', () => {
    expect([...pool(range(12), [2, 3, 2], 'cls', 'NCHW')]).toEqual([0, 1, 6, 7]);
  });

  it('takes the mean of all tokens of each picture', () => {
    expect([...pool(range(12), [2, 3, 2], 'mean', 'NCHW')]).toEqual([2, 3, 8, 9]);
  });

  it('leaves everything where nothing is pooled, in memory of its own', () => {
    const data = range(12);
    const pooled = pool(data, [2, 3, 1, 2], 'none', 'NCHW');
    expect(pooled).toEqual(data);
    expect(pooled.buffer).not.toBe(data.buffer);
  });

  it('knows which shapes it can read', () => {
    const shapes = { rows: [2, 8], tokens: [2, 5, 8], maps: [2, 8, 3, 3], none: [2] };
    const readable = Object.fromEntries(
      (['none', 'cls', 'mean', 'gap'] as const).map((pooling) => [
        pooling,
        Object.entries(shapes).flatMap(([name, dims]) => (canPool(pooling, dims) ? [name] : [])),
      ]),
    );
    expect(readable).toEqual({
      none: ['rows', 'tokens', 'maps'],
      cls: ['tokens'],
      mean: ['tokens'],
      gap: ['maps'],
    });
  });
});
