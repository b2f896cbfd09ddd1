// A 64-bit difference hash: pictures that look alike differ in few bits, whatever their size or compression.
// Source: N. Krawetz, "Kind of Like That" (dHash), 2013.
import type { Pixels } from '../core/pixels.ts';
import { areaAverages } from './area-average.ts';

const COLUMNS = 9;
const ROWS = 8;

/**
 * 16 lower-case hex digits, the top left comparison in the highest bit. A bit is set where a cell of the 9 x 8 grid
 * is darker than its right neighbour, in whole grey levels, so that flat areas give 0 and not noise.
 */
export function perceptualHashOf(picture: Pixels): string {
  const cells = areaAverages(picture, COLUMNS, ROWS);
  let hash = '';
  for (let row = 0; row < ROWS; row++) {
    let byte = 0;
    for (let column = 0; column < COLUMNS - 1; column++) {
      const cell = row * COLUMNS + column;
      byte = byte * 2 + (greyLevel(cells, cell) < greyLevel(cells, cell + 1) ? 1 : 0);
    }
    hash += byte.toString(16).padStart(2, '0');
  }
  return hash;
}

/** Luma of ITU-R BT.601, rounded. */
function greyLevel(cells: Float64Array, cell: number): number {
  const [red, green, blue] = cells.subarray(cell * 3, cell * 3 + 3) as unknown as [number, number, number];
  return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
}
