import sharp from 'sharp';
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
  NEAR,
  QUARTERS,
  quarters,
  RED,
  SPEC,
  YELLOW,
} from './fixtures.ts';

// Every example decodes and encodes several pictures; a busy machine takes its time.
vi.setConfig({ testTimeout: 20_000 });

async function cornersOf(bytes: Uint8Array): Promise<number[][]> {
  const [pixels] = (await readPicture(bytes, SPEC, [WHOLE_REGION])).pixels;
  return [colourAt(pixels, 7, 7), colourAt(pixels, 24, 7), colourAt(pixels, 7, 24), colourAt(pixels, 24, 24)];
}

async function expectCorners(bytes: Uint8Array, expected: readonly Colour[], tolerance = NEAR): Promise<void> {
  const corners = await cornersOf(bytes);
  for (const [i, colour] of expected.entries())
    expect(distance(corners[i] ?? [], colour), `corner ${i}`).toBeLessThanOrEqual(tolerance);
}

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
