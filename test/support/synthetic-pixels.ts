// Pixels made by formula, so that a fixture need not store them.
import type { Pixels } from '../../src/core/pixels.ts';

/** Gradients and stripes that differ by `seed`; every channel uses its full range. */
export function syntheticPixels(seed: number, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      data[at] = (x * 4 + seed * 37) % 256;
      data[at + 1] = (y * 4 + seed * 91) % 256;
      data[at + 2] = ((x >> 3) + (y >> 3) + seed) % 2 === 0 ? 230 : 25;
    }
  }
  return { width, height, data };
}

/** Every pixel of one colour. */
export function plainPixels(colour: readonly [number, number, number], width: number, height: number): Pixels {
  return { width, height, data: new Uint8Array(width * height * 3).map((_, i) => colour[i % 3] as number) };
}
