import fc from 'fast-check';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { describe, expect, it, vi } from 'vitest';
import type { PixelSpec, Region } from '../../../src/core/pixels.ts';
import { WHOLE_REGION } from '../../../src/core/pixels.ts';
import { readPicture } from '../../../src/media/picture.ts';
import {
  BLUE,
  type Colour,
  colourAt,
  distance,
  flat,
  GREEN,
  hamming,
  quarters,
  RED,
  SPEC,
  waves,
  YELLOW,
} from './fixtures.ts';

// Every example decodes and encodes several pictures; a busy machine takes its time.
vi.setConfig({ testTimeout: 20_000 });

/** JPEG, resizing and colour conversion move a channel by this much at most in the middle of a flat area. */
const NEAR = 14;

async function cornersOf(bytes: Uint8Array): Promise<number[][]> {
  const [pixels] = (await readPicture(bytes, SPEC, [WHOLE_REGION])).pixels;
  return [colourAt(pixels, 7, 7), colourAt(pixels, 24, 7), colourAt(pixels, 7, 24), colourAt(pixels, 24, 24)];
}

async function expectCorners(bytes: Uint8Array, expected: readonly Colour[], tolerance = NEAR): Promise<void> {
  const corners = await cornersOf(bytes);
  for (const [i, colour] of expected.entries())
    expect(distance(corners[i] ?? [], colour), `corner ${i}`).toBeLessThanOrEqual(tolerance);
}

const QUARTERS = [RED, GREEN, BLUE, YELLOW];

describe('formats', () => {
  it('reads JPEG, PNG, WebP, AVIF, GIF and TIFF and names the format', async () => {
    const made = {
      jpeg: quarters(80, 60).jpeg({ quality: 95 }),
      png: quarters(80, 60).png(),
      webp: quarters(80, 60).webp({ quality: 95 }),
      avif: quarters(80, 60).avif({ quality: 80 }),
      gif: quarters(80, 60).gif(),
      tiff: quarters(80, 60).tiff(),
    };
    for (const [format, picture] of Object.entries(made)) {
      const bytes = await picture.toBuffer();
      const read = await readPicture(bytes, SPEC, [WHOLE_REGION]);
      expect(read).toMatchObject({ format, width: 80, height: 60, takenAt: null });
      expect(read.pixels[0]).toMatchObject({ width: 32, height: 32 });
      expect(read.pixels[0]?.data).toHaveLength(32 * 32 * 3);
      await expectCorners(bytes, QUARTERS);
    }
  });

  it('reads CMYK, 16 bit, grey and grey with alpha as RGB', async () => {
    // A colour that ink can print; the brightest blue of a screen it cannot.
    const olive: Colour = [120, 130, 80];
    await expectCorners(await flat(40, 40, olive).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), [olive]);
    await expectCorners(await quarters(80, 60).toColourspace('rgb16').png().toBuffer(), QUARTERS);
    const grey = flat(40, 40, [90, 90, 90]);
    const inner: readonly Colour[] = [[90, 90, 90]];
    await expectCorners(await grey.clone().toColourspace('b-w').jpeg().toBuffer(), inner, 3);
    await expectCorners(await grey.clone().toColourspace('grey16').png().toBuffer(), inner, 3);
    await expectCorners(await grey.clone().ensureAlpha().toColourspace('b-w').png().toBuffer(), inner, 3);
  });

  it('converts a colour profile to sRGB', async () => {
    const plain = await quarters(80, 60).png().toBuffer();
    const wide = await sharp(plain).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
    // The stored numbers are others, the colours are the same.
    expect(distance([...stored.subarray(0, 3)], RED)).toBeGreaterThan(8);
    await expectCorners(wide, QUARTERS, 4);
  });

  it('lays transparent parts on white, whatever colour is hidden below', async () => {
    const hidden = await sharp({
      create: { width: 40, height: 40, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    await expectCorners(hidden, [[255, 255, 255]], 0);
  });

  it('takes the first frame of an animation', async () => {
    const frames = await Promise.all([RED, BLUE].map((colour) => flat(40, 40, colour).png().toBuffer()));
    const animated = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(animated).metadata()).pages).toBe(2);
    expect(await readPicture(animated, SPEC, [WHOLE_REGION])).toMatchObject({ width: 40, height: 40 });
    await expectCorners(animated, [RED, RED, RED, RED]);
  });
});

describe('orientation', () => {
  const upright = (format: 'jpeg' | 'png' | 'tiff', orientation: number) =>
    quarters(80, 60).toFormat(format, { quality: 95 }).withMetadata({ orientation }).toBuffer();

  it.each([
    [1, [RED, GREEN, BLUE, YELLOW]],
    [2, [GREEN, RED, YELLOW, BLUE]],
    [3, [YELLOW, BLUE, GREEN, RED]],
    [4, [BLUE, YELLOW, RED, GREEN]],
    [5, [RED, BLUE, GREEN, YELLOW]],
    [6, [BLUE, RED, YELLOW, GREEN]],
    [7, [YELLOW, GREEN, BLUE, RED]],
    [8, [GREEN, YELLOW, RED, BLUE]],
  ] as const)('stands EXIF orientation %i upright before anything else', async (orientation, corners) => {
    for (const format of ['jpeg', 'png'] as const) {
      const bytes = await upright(format, orientation);
      const { width, height } = await readPicture(bytes, SPEC, [WHOLE_REGION]);
      expect([width, height]).toEqual(orientation > 4 ? [60, 80] : [80, 60]);
      await expectCorners(bytes, corners);
    }
  });

  it('cuts regions out of the upright picture', async () => {
    const bytes = await upright('jpeg', 6);
    const quarter: Region = { x: 0.5, y: 0, width: 0.5, height: 0.5 };
    const { pixels } = await readPicture(bytes, SPEC, [quarter]);
    expect(distance(colourAt(pixels[0], 16, 16), RED)).toBeLessThanOrEqual(NEAR);
  });
});

describe('resize and crop', () => {
  it('crops the centre of the longer side', async () => {
    // 96 x 32: the middle third is what stays.
    const strip = await sharp(await flat(96, 32, RED).png().toBuffer())
      .composite([{ input: await flat(32, 32, BLUE).png().toBuffer(), left: 32, top: 0 }])
      .png()
      .toBuffer();
    const [pixels] = (await readPicture(strip, SPEC, [WHOLE_REGION])).pixels;
    expect(new Set(pixels?.data)).toEqual(new Set(BLUE));
  });

  it('forces both sides where the model says so', async () => {
    const spec: PixelSpec = { ...SPEC, resize: { width: 32, height: 32 } };
    const [pixels] = (await readPicture(await quarters(120, 40).png().toBuffer(), spec, [WHOLE_REGION])).pixels;
    expect(distance(colourAt(pixels, 2, 2), RED)).toBeLessThanOrEqual(NEAR);
    expect(distance(colourAt(pixels, 29, 29), YELLOW)).toBeLessThanOrEqual(NEAR);
  });

  it('pads with black where the crop is larger than the resized picture', async () => {
    const spec: PixelSpec = { ...SPEC, resize: { shortestEdge: 16 } };
    const [pixels] = (await readPicture(await flat(50, 50, RED).png().toBuffer(), spec, [WHOLE_REGION])).pixels;
    expect(colourAt(pixels, 7, 16)).toEqual([0, 0, 0]);
    expect(colourAt(pixels, 8, 8)).toEqual([...RED]);
    expect(colourAt(pixels, 23, 23)).toEqual([...RED]);
    expect(colourAt(pixels, 24, 16)).toEqual([0, 0, 0]);
  });

  it('enlarges a picture of a few pixels', async () => {
    const { width, height, pixels } = await readPicture(await flat(1, 2, GREEN).png().toBuffer(), SPEC, [WHOLE_REGION]);
    expect([width, height]).toEqual([1, 2]);
    expect(colourAt(pixels[0], 0, 0)).toEqual([...GREEN]);
  });

  it('reads the centre of a very long strip', async () => {
    for (const [width, height] of [
      [60_000, 10],
      [10, 60_000],
    ] as const) {
      const [long, short] = [Math.max(width, height), 10];
      const middle = long / 2 - 10;
      const patch = await flat(...((width > height ? [20, short] : [short, 20]) as [number, number]), BLUE)
        .png()
        .toBuffer();
      const place = width > height ? { left: middle, top: 0 } : { left: 0, top: middle };
      const strip = await flat(width, height, RED)
        .composite([{ input: patch, ...place }])
        .png()
        .toBuffer();
      const large: PixelSpec = { ...SPEC, resize: { shortestEdge: 224 }, width: 224, height: 224 };
      for (const spec of [SPEC, large]) {
        const read = await readPicture(strip, spec, [WHOLE_REGION]);
        expect(read).toMatchObject({ width, height });
        expect(colourAt(read.pixels[0], spec.width / 2, spec.width / 2)).toEqual([...BLUE]);
        expect(colourAt(read.pixels[0], 8, spec.width - 8)).toEqual([...BLUE]);
      }
    }
  });
});

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
