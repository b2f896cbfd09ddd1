// Which pictures show as thumbnails where not all have room: one for each cell of a grid that belongs to the map, so that
// those in sight stay the same ones while the map is moved. Pure.
import { type Bounds, type Camera, type Size, seen } from './camera.ts';
import type { PlaceGrid } from './place-grid.ts';

/** Longest and shortest distance between the middles of two thumbnails, in pixels. */
const CELL = 96;
const APART = 78;
const MOST = 160;
/** Fewer points than this in sight are thumbnails at any scale. */
const FEW = 150;
/** From this zoom on there are thumbnails however many points there are. */
const NEAR = 2.5;
/** Looking for the first of each cell stops here: the cells of a window full of points are long full by then. */
const MOST_READ = 60_000;

/** Points to show, at most 160. Empty while the map is seen as a whole and has many. */
export function chooseThumbs(
  grid: PlaceGrid,
  places: Float32Array,
  camera: Camera,
  size: Size,
  zoom: number,
): readonly number[] {
  const bounds = seen(camera, size, CELL / 2);
  if (zoom < NEAR && grid.count(bounds, FEW + 1) > FEW) return [];
  const firsts = firstOfEachCell(grid, places, bounds, camera.scale);
  return apart(firsts, places, APART / camera.scale);
}

/** By cell, row by row. The cells halve as the map doubles. */
function firstOfEachCell(grid: PlaceGrid, places: Float32Array, bounds: Bounds, scale: number): number[] {
  const cell = 2 ** Math.floor(Math.log2(CELL / scale));
  const across = Math.ceil(1 / cell) + 1;
  const firsts = new Map<number, number>();
  let read = 0;
  grid.within(bounds, (i) => {
    const key =
      Math.floor((places[2 * i + 1] as number) / cell) * across + Math.floor((places[2 * i] as number) / cell);
    const known = firsts.get(key);
    if (known === undefined || i < known) firsts.set(key, i);
    return ++read < MOST_READ;
  });
  return [...firsts.values()].sort((a, b) => a - b);
}

/** Earlier pictures first; one that would cover another is left out. */
function apart(points: readonly number[], places: Float32Array, distance: number): number[] {
  const chosen: number[] = [];
  for (const i of points) {
    const [x, y] = [places[2 * i] as number, places[2 * i + 1] as number];
    const isFree = chosen.every(
      (other) =>
        Math.abs((places[2 * other] as number) - x) >= distance ||
        Math.abs((places[2 * other + 1] as number) - y) >= distance,
    );
    if (isFree) chosen.push(i);
    if (chosen.length === MOST) break;
  }
  return chosen;
}
