// Parts of a picture, its hash and its placeholder.
import fc from 'fast-check';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { describe, expect, it, vi } from 'vitest';
import type { Region } from '../../../src/core/pixels.ts';
import { WHOLE_REGION } from '../../../src/core/pixels.ts';
import { readPicture } from '../../../src/media/picture.ts';
import {
  BLUE,
  colourAt,
  distance,
  flat,
  GREEN,
  hamming,
  NEAR,
  QUARTERS,
  quarters,
  RED,
  SPEC,
  waves,
} from './fixtures.ts';

// Every example decodes and encodes several pictures; a busy machine takes its time.
vi.setConfig({ testTimeout: 20_000 });

describe('regions', () => {
  const window: Region = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };

  it('gives one result for each region, in order', async () => {
    const bytes = await quarters(400, 300).jpeg({ quality: 95 }).toBuffer();
    const corners = [0, 0.5].flatMap((y) => [0, 0.5].map((x): Region => ({ x, y, width: 0.5, height: 0.5 })));
    const { pixels } = await readPicture(bytes, SPEC, [WHOLE_REGION, ...corners]);
    expect(pixels).toHaveLength(5);
    for (const [i, colour] of QUARTERS.entries()) {
      expect(distance(colourAt(pixels[i + 1], 16, 16), colour)).toBeLessThanOrEqual(NEAR);
    }
  });

  it('shows the same whole picture, hash and placeholder with and without windows beside it', async () => {
    const bytes = await waves(700, 500).jpeg({ quality: 92 }).toBuffer();
    const alone = await readPicture(bytes, SPEC, [WHOLE_REGION]);
    const beside = await readPicture(bytes, SPEC, [window, WHOLE_REGION]);
    expect(meanDifference(alone.pixels[0]?.data, beside.pixels[1]?.data)).toBeLessThan(2);
    expect(hamming(alone.perceptualHash, beside.perceptualHash)).toBeLessThanOrEqual(2);
    const withoutWhole = await readPicture(bytes, SPEC, [window]);
    expect(hamming(alone.perceptualHash, withoutWhole.perceptualHash)).toBeLessThanOrEqual(2);
  });

  it('gives a region what a cut-out file would give', async () => {
    const picture = await waves(600, 480).png().toBuffer();
    const region: Region = { x: 0.25, y: 0.5, width: 0.5, height: 0.25 };
    const cutOut = await sharp(picture).extract({ left: 150, top: 240, width: 300, height: 120 }).png().toBuffer();
    const [ours] = (await readPicture(picture, SPEC, [region])).pixels;
    const [theirs] = (await readPicture(cutOut, SPEC, [WHOLE_REGION])).pixels;
    expect(meanDifference(ours?.data, theirs?.data)).toBeLessThan(2);
  });

  it('refuses a region that leaves the picture', async () => {
    const bytes = await flat(20, 20, RED).png().toBuffer();
    for (const wrong of [{ x: -0.1 }, { y: 0.8 }, { width: 0 }, { height: Number.NaN }, { width: 1.2 }]) {
      const region = { x: 0.4, y: 0.4, width: 0.5, height: 0.5, ...wrong };
      await expect(readPicture(bytes, SPEC, [region])).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    }
  });

  it('takes any region inside, however small', async () => {
    const bytes = await waves(90, 70).png().toBuffer();
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    const regions = fc.tuple(fraction, fraction, fraction, fraction).map(([x, y, w, h]) => {
      const [left, top] = [x * 0.999, y * 0.999];
      return { x: left, y: top, width: Math.max(1e-6, w * (1 - left)), height: Math.max(1e-6, h * (1 - top)) };
    });
    await fc.assert(
      fc.asyncProperty(regions, async (region) => {
        const { pixels } = await readPicture(bytes, SPEC, [region]);
        expect(pixels[0]).toMatchObject({ width: 32, height: 32 });
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

describe('hash and placeholder', () => {
  it('keep the hash over resizing, compression and rotation by EXIF, and change it for another picture', async () => {
    const original = await waves(800, 600).png().toBuffer();
    const hash = async (bytes: Uint8Array) => (await readPicture(bytes, SPEC, [WHOLE_REGION])).perceptualHash;
    const reference = await hash(original);
    expect(reference).toMatch(/^[0-9a-f]{16}$/);
    const turned = await sharp(original).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer();
    for (const copy of [
      await sharp(original).resize(300).jpeg({ quality: 60 }).toBuffer(),
      await sharp(original).webp({ quality: 50 }).toBuffer(),
      turned,
    ]) {
      expect(hamming(reference, await hash(copy))).toBeLessThanOrEqual(4);
    }
    expect(hamming(reference, await hash(await waves(800, 600, 2).png().toBuffer()))).toBeGreaterThan(12);
  });

  it('hash a flat picture to zero', async () => {
    expect((await readPicture(await flat(50, 70, GREEN).jpeg().toBuffer(), SPEC, [WHOLE_REGION])).perceptualHash).toBe(
      '0'.repeat(16),
    );
  });

  it('make a placeholder of the right colour and shape from the whole picture, not from the crop', async () => {
    const { placeholder } = await readPicture(await flat(300, 100, BLUE).png().toBuffer(), SPEC, [WHOLE_REGION]);
    const { r, g, b } = thumbHashToAverageRGBA(placeholder);
    expect(distance([r * 255, g * 255, b * 255], BLUE)).toBeLessThan(16);
    expect(thumbHashToApproximateAspectRatio(placeholder)).toBeGreaterThan(2);
    expect(placeholder.length).toBeLessThan(30);
  });
});

function meanDifference(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}
