// Shrinks small pictures by averaging areas. For hashes and placeholders, where a stable mean matters more than
// sharpness and a call into the decoder would cost more than the arithmetic.
import type { Pixels } from '../core/pixels.ts';

/**
 * The mean colour of each cell of a grid laid over the picture, exact with fractional borders: RGB interleaved,
 * row by row, 0..255, columns * rows * 3 values.
 */
export function areaAverages(picture: Pixels, columns: number, rows: number): Float64Array {
  const across = coverage(picture.width, columns);
  const down = coverage(picture.height, rows);
  const out = new Float64Array(columns * rows * 3);
  const line = new Float64Array(columns * 3);
  for (const [row, cells] of down.entries()) {
    for (const { pixel: y, weight: share } of cells) {
      averageLine(picture, y, across, line);
      for (let i = 0; i < line.length; i++)
        out[row * line.length + i] = (out[row * line.length + i] as number) + share * (line[i] as number);
    }
  }
  return out;
}

interface Share {
  readonly pixel: number;
  /** The weights of one cell sum to 1. */
  readonly weight: number;
}

/** For each cell of an axis: the pixels under it and how much of the cell each one covers. */
function coverage(pixels: number, cells: number): Share[][] {
  const size = pixels / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const from = cell * size;
    const to = from + size;
    const shares: Share[] = [];
    for (let pixel = Math.floor(from); pixel < Math.min(pixels, Math.ceil(to)); pixel++) {
      const weight = (Math.min(to, pixel + 1) - Math.max(from, pixel)) / size;
      if (weight > 0) shares.push({ pixel, weight });
    }
    return shares;
  });
}

function averageLine(picture: Pixels, y: number, across: readonly Share[][], line: Float64Array): void {
  const { data, width } = picture;
  for (const [cell, shares] of across.entries()) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (const { pixel, weight } of shares) {
      const at = (y * width + pixel) * 3;
      red += weight * (data[at] as number);
      green += weight * (data[at + 1] as number);
      blue += weight * (data[at + 2] as number);
    }
    line[cell * 3] = red;
    line[cell * 3 + 1] = green;
    line[cell * 3 + 2] = blue;
  }
}
