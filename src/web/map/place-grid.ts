// Finds the points of a map near a place or within bounds without looking at all of them: a grid of cells, each a stretch of
// one list. Pure.
import type { Bounds, Point } from './camera.ts';

/** 256 x 256 cells: about one point a cell at 50,000. */
const CELLS = 256;

export interface PlaceGrid {
  /** Calls for every point within the bounds, in no order that means anything; stops when it answers false. */
  within(bounds: Bounds, visit: (index: number) => boolean | undefined): void;
  /** How many are within the bounds, counted up to `most`. */
  count(bounds: Bounds, most: number): number;
  /** The nearest point no farther than `reach`, or -1. */
  nearest(place: Point, reach: number): number;
}

/** `places`: pairs x, y in 0..1. They are not copied. */
export function makeGrid(places: Float32Array): PlaceGrid {
  const count = places.length / 2;
  const cellOf = (value: number) => Math.min(CELLS - 1, Math.max(0, Math.floor(value * CELLS)));
  const cellAt = (i: number) => cellOf(places[2 * i + 1] as number) * CELLS + cellOf(places[2 * i] as number);
  const starts = new Uint32Array(CELLS * CELLS + 1);
  for (let i = 0; i < count; i++) starts[cellAt(i) + 1] = (starts[cellAt(i) + 1] as number) + 1;
  for (let cell = 0; cell < CELLS * CELLS; cell++)
    starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number);
  const members = new Uint32Array(count);
  const next = starts.slice();
  for (let i = 0; i < count; i++) {
    const cell = cellAt(i);
    members[next[cell] as number] = i;
    next[cell] = (next[cell] as number) + 1;
  }

  const grid: PlaceGrid = {
    within({ left, top, right, bottom }, visit) {
      for (let row = cellOf(top); row <= cellOf(bottom); row++) {
        const from = starts[row * CELLS + cellOf(left)] as number;
        const to = starts[row * CELLS + cellOf(right) + 1] as number;
        for (let at = from; at < to; at++) {
          const i = members[at] as number;
          const [x, y] = [places[2 * i] as number, places[2 * i + 1] as number];
          if (x < left || x > right || y < top || y > bottom) continue;
          if (visit(i) === false) return;
        }
      }
    },
    count(bounds, most) {
      let found = 0;
      grid.within(bounds, () => ++found < most);
      return found;
    },
    nearest({ x, y }, reach) {
      let best = -1;
      let least = reach * reach;
      grid.within({ left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }, (i) => {
        const distance = ((places[2 * i] as number) - x) ** 2 + ((places[2 * i + 1] as number) - y) ** 2;
        if (distance <= least) {
          least = distance;
          best = i;
        }
        return true;
      });
      return best;
    },
  };
  return grid;
}
