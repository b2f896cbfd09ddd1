import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaAverages } from '../../../src/media/area-average.ts';
import { boxOfRegion, frameBox, resizedSize } from '../../../src/media/framing.ts';
import { escapeXml, fitText } from '../../../src/media/svg-text.ts';
import { SPEC } from './fixtures.ts';

/** Half of a character; with the flag u it matches no whole one. */
const LONE_SURROGATE = /\p{Cs}/u;
const side = fc.integer({ min: 1, max: 60_000 });

describe('resized size', () => {
  it('rounds the longer side down, as the reference does', () => {
    expect(resizedSize({ width: 500, height: 375 }, { shortestEdge: 64 })).toEqual({ width: 85, height: 64 });
    expect(resizedSize({ width: 333, height: 500 }, { shortestEdge: 224 })).toEqual({ width: 224, height: 336 });
    expect(resizedSize({ width: 500, height: 375 }, { width: 256, height: 256 })).toEqual({ width: 256, height: 256 });
  });

  it('has the shorter side as given and keeps the aspect to one pixel', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const resized = resizedSize({ width, height }, { shortestEdge: 224 });
        expect(Math.min(resized.width, resized.height)).toBe(224);
        const exact = (224 * Math.max(width, height)) / Math.min(width, height);
        expect(Math.abs(Math.max(resized.width, resized.height) - exact)).toBeLessThan(1.01);
      }),
      { seed: 11 },
    );
  });
});

describe('framing', () => {
  it('reads only pixels of the box, resizes at most a few million, and covers the crop', () => {
    const spec = { ...SPEC, resize: { shortestEdge: 224 }, width: 224, height: 224 };
    fc.assert(
      fc.property(side, side, fc.nat(50), (width, height, left) => {
        const { source, resized, ...crop } = frameBox({ left, top: 0, width, height }, spec);
        expect(source.left).toBeGreaterThanOrEqual(left);
        expect(source.left + source.width).toBeLessThanOrEqual(left + width);
        expect(source.top + source.height).toBeLessThanOrEqual(height);
        expect(resized.width * resized.height).toBeLessThanOrEqual(2_000_000);
        expect(crop.left).toBeGreaterThanOrEqual(0);
        expect(crop.top).toBeGreaterThanOrEqual(0);
        expect(crop.left + 224).toBeLessThanOrEqual(resized.width);
        expect(crop.top + 224).toBeLessThanOrEqual(resized.height);
      }),
      { seed: 12, numRuns: 500 },
    );
  });
});

describe('box of a region', () => {
  it('lies inside the picture and has at least one pixel each way', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    const small = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(fraction, fraction, fraction, fraction, small, small, (x, y, w, h, width, height) => {
        const region = { x, y, width: Math.max(1e-9, w * (1 - x)), height: Math.max(1e-9, h * (1 - y)) };
        const box = boxOfRegion(region, { width, height });
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.width).toBeGreaterThanOrEqual(1);
        expect(box.height).toBeGreaterThanOrEqual(1);
        expect(box.left + box.width).toBeLessThanOrEqual(width);
        expect(box.top + box.height).toBeLessThanOrEqual(height);
      }),
      { seed: 13 },
    );
  });
});

describe('area averages', () => {
  it('keep the mean of the picture, whatever the grid', () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, size, size, fc.infiniteStream(fc.nat(255)), (width, height, columns, rows, stream) => {
        const data = Uint8Array.from({ length: width * height * 3 }, () => stream.next().value ?? 0);
        const cells = areaAverages({ width, height, data }, columns, rows);
        expect(cells).toHaveLength(columns * rows * 3);
        for (let channel = 0; channel < 3; channel++) {
          expect(channelMean(cells, channel)).toBeCloseTo(channelMean(data, channel), 6);
        }
      }),
      { seed: 14 },
    );
  });

  it('give each pixel where the grid is the picture', () => {
    const data = Uint8Array.from({ length: 18 }, (_, i) => i * 10);
    expect([...areaAverages({ width: 3, height: 2, data }, 3, 2)]).toEqual([...data]);
  });
});

describe('text of a drawing', () => {
  it('is safe in XML and keeps its length limit', () => {
    expect(escapeXml(`<a href="x">&'</a>`)).toBe('&#60;a href=&#34;x&#34;&#62;&#38;&#39;&#60;/a&#62;');
    expect(fitText('short', 500, 14)).toBe('short');
    expect(fitText('a\u0000b\u001fc', 500, 14)).toBe('a b c');
    const cut = fitText('a very long file name that does not fit.jpg', 100, 14);
    expect(cut).toMatch(/^a very.*…$/);
    expect(cut.length).toBeLessThan(16);
  });

  it('never splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 200 }), (text, width) => {
        expect(fitText(text, width, 14)).not.toMatch(LONE_SURROGATE);
      }),
      { seed: 15 },
    );
  });
});

function channelMean(values: ArrayLike<number>, channel: number): number {
  let sum = 0;
  for (let i = channel; i < values.length; i += 3) sum += values[i] ?? 0;
  return (sum * 3) / values.length;
}
