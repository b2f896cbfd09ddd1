// Which points a drawn line goes around, and which few of them speak for all. Pure.
import type { Point } from './camera.ts';
import type { PlaceGrid } from './place-grid.ts';

/** Points inside the closed line, by the even-odd rule; ascending. A line of fewer than three corners holds nothing. */
export function inside(line: readonly Point[], places: Float32Array, grid: PlaceGrid): number[] {
  if (line.length < 3) return [];
  const [xs, ys] = [line.map(({ x }) => x), line.map(({ y }) => y)];
  const found: number[] = [];
  const bounds = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  grid.within(bounds, (i) => {
    if (isInside(line, places[2 * i] as number, places[2 * i + 1] as number)) found.push(i);
    return true;
  });
  return found.sort((a, b) => a - b);
}

/**
 * At most `most` of the points, spread evenly over where they lie: of each of so many groups along the line that visits
 * neighbours one after another (Morton's curve) the first. Their mean is near that of all.
 */
export function speakers(points: readonly number[], places: Float32Array, most: number): number[] {
  if (points.length <= most) return [...points];
  const along = points
    .map((i) => ({ i, order: morton(places[2 * i] as number, places[2 * i + 1] as number) }))
    .sort((a, b) => a.order - b.order);
  return Array.from({ length: most }, (_, group) => {
    const at = Math.floor(((group + 0.5) * along.length) / most);
    return (along[at] as { i: number }).i;
  });
}

function isInside(line: readonly Point[], x: number, y: number): boolean {
  let isIn = false;
  let before = line.at(-1) as Point;
  for (const corner of line) {
    const crosses = corner.y > y !== before.y > y;
    if (crosses && x < ((before.x - corner.x) * (y - corner.y)) / (before.y - corner.y) + corner.x) isIn = !isIn;
    before = corner;
  }
  return isIn;
}

/** 12 bits of each, woven: places that are near have numbers that are near. */
function morton(x: number, y: number): number {
  const [across, down] = [Math.floor(x * 4095), Math.floor(y * 4095)];
  let woven = 0;
  for (let bit = 0; bit < 12; bit++) woven += (((across >> bit) & 1) + 2 * ((down >> bit) & 1)) * 4 ** bit;
  return woven;
}
