// What goes into a tower: token rectangles and pixel planes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelTables, toPlanes, toTensorOrder } from '../../../src/embedding/pixel-tensor.ts';
import { cutTokens, padTokens } from '../../../src/embedding/text-tokens.ts';
import { FAKE_MODEL } from '../../support/fake-embedder.ts';

const SEED = 11;
const FLOAT32_TOLERANCE = 1e-6;
const END = 999;

describe('cutting tokens', () => {
  it('keeps the beginning and the end token, and no more than the limit', () => {
    const body = fc.array(fc.nat({ max: 900 }), { maxLength: 60 });
    fc.assert(
      fc.property(body, fc.integer({ min: 2, max: 40 }), (ids, limit) => {
        const whole = [...ids, END];
        const cut = cutTokens(whole, limit);
        expect(cut).toHaveLength(Math.min(whole.length, limit));
        expect(cut.at(-1)).toBe(END);
        expect(cut.slice(0, -1)).toEqual(whole.slice(0, cut.length - 1));
      }),
      { seed: SEED },
    );
  });
});

describe('padding tokens', () => {
  it('fills to the longest text and masks what it filled', () => {
    const batch = padTokens(
      [
        [5, END],
        [5, 6, 7, END],
      ],
      0,
    );
    expect(batch).toMatchObject({ rows: 2, columns: 4 });
    expect([...batch.ids].map(Number)).toEqual([5, END, 0, 0, 5, 6, 7, END]);
    expect([...batch.mask].map(Number)).toEqual([1, 1, 0, 0, 1, 1, 1, 1]);
  });

  it('fills to a fixed width where one is given', () => {
    expect([...padTokens([[5, END]], 1, 4).ids].map(Number)).toEqual([5, END, 1, 1]);
  });
});

describe('pixel planes', () => {
  it('hold (value * rescale - mean) / deviation of each channel at its place', () => {
    const spec = { ...FAKE_MODEL.pixels, mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.25, 2] } as const;
    const tables = levelTables(spec);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }), fc.nat(), (area, pictures, salt) => {
        const data = Uint8Array.from({ length: pictures * area * 3 }, (_, i) => (i * 53 + salt) % 256);
        const planes = toPlanes(data, area, tables);
        expect(planes).toHaveLength(data.length);
        data.forEach((value, i) => {
          const picture = Math.floor(i / (3 * area));
          const pixel = Math.floor((i % (3 * area)) / 3);
          const channel = (i % 3) as 0 | 1 | 2;
          const expected = (value / 255 - spec.mean[channel]) / spec.deviation[channel];
          const got = planes[picture * 3 * area + channel * area + pixel] as number;
          expect(Math.abs(got - expected)).toBeLessThan(FLOAT32_TOLERANCE);
        });
      }),
      { seed: SEED, numRuns: 50 },
    );
  });
});

describe('pixels in the order of any network', () => {
  it('hold the same value for each pixel and colour, wherever the channel stands', () => {
    const side = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(side, side, fc.infiniteStream(fc.nat({ max: 255 })), (pictures, area, levels) => {
        const data = Uint8Array.from({ length: pictures * area * 3 }, () => levels.next().value ?? 0);
        const tables = levelTables({ ...FAKE_MODEL.pixels, mean: [0.1, 0.2, 0.3], deviation: [1, 2, 3] });
        const rgb = toPlanes(data, area, tables);
        const planes = { RGB: rgb, BGR: toTensorOrder(data, area, tables, 'NCHW', 'BGR') };
        const last = {
          RGB: toTensorOrder(data, area, tables, 'NHWC', 'RGB'),
          BGR: toTensorOrder(data, area, tables, 'NHWC', 'BGR'),
        };
        expect(toTensorOrder(data, area, tables, 'NCHW', 'RGB')).toEqual(rgb);
        for (let picture = 0; picture < pictures; picture++) {
          for (let i = 0; i < area; i++) {
            for (let colour = 0; colour < 3; colour++) {
              const value = rgb[(picture * 3 + colour) * area + i];
              expect(planes.BGR[(picture * 3 + 2 - colour) * area + i]).toBe(value);
              expect(last.RGB[(picture * area + i) * 3 + colour]).toBe(value);
              expect(last.BGR[(picture * area + i) * 3 + 2 - colour]).toBe(value);
            }
          }
        }
      }),
      { seed: SEED },
    );
  });
});
