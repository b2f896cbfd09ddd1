// Pictures made in the test, so that every expected pixel is known.
import sharp, { type Sharp } from 'sharp';
import type { PixelSpec, Pixels } from '../../../src/core/pixels.ts';

/** A model of 32 x 32 pixels in the manner of CLIP. */
export const SPEC: PixelSpec = {
  resize: { shortestEdge: 32 },
  kernel: 'lanczos3',
  width: 32,
  height: 32,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.25, 0.25, 0.25],
  rescale: 1 / 255,
};

export const RED = [220, 30, 30] as const;
export const GREEN = [30, 180, 40] as const;
export const BLUE = [30, 40, 200] as const;
export const YELLOW = [230, 220, 40] as const;
export type Colour = readonly [number, number, number];

/** Red and green above, blue and yellow below. */
export function quarters(width: number, height: number): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colours = y < height / 2 ? [RED, GREEN] : [BLUE, YELLOW];
      data.set(colours[x < width / 2 ? 0 : 1] ?? RED, (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Smooth waves, with detail for hashes; the same for the same size. */
export function waves(width: number, height: number, phase = 0): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x / width) * 7 + phase, (y / height) * 5 + phase];
      const at = (y * width + x) * 3;
      data[at] = 128 + 100 * Math.sin(u) * Math.cos(v);
      data[at + 1] = 128 + 90 * Math.sin(u * 1.3 + v);
      data[at + 2] = 128 + 80 * Math.cos(u - 0.7 * v);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

export function flat(width: number, height: number, [r, g, b]: Colour): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
}

export function colourAt(pixels: Pixels | undefined, x: number, y: number): number[] {
  if (pixels === undefined) throw new Error('expected pixels');
  const at = (y * pixels.width + x) * 3;
  return [...pixels.data.subarray(at, at + 3)];
}

/** The largest difference of a channel, 0..255. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}

/** Bits in which two hashes differ. */
export function hamming(a: string, b: string): number {
  let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; bits > 0n; bits >>= 1n) count += Number(bits & 1n);
  return count;
}

/** JPEG, resizing and colour conversion move a channel by this much at most in the middle of a flat area. */
export const NEAR = 14;

/** Of `quarters`, row by row. */
export const QUARTERS = [RED, GREEN, BLUE, YELLOW];
