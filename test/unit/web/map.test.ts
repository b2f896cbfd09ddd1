// What the map's page computes: the camera, finding points, the lasso, and which thumbnails there is room for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  between,
  bounded,
  type Camera,
  fitting,
  moved,
  seen,
  toMap,
  toWindow,
  wholeMap,
  zoomed,
  zoomOf,
} from '../../../src/web/map/camera.ts';
import { inside, speakers } from '../../../src/web/map/lasso.ts';
import { makeGrid } from '../../../src/web/map/place-grid.ts';
import { chooseThumbs } from '../../../src/web/map/thumb-choice.ts';

const SIZE = { width: 800, height: 600 };
const share = fc.float({ min: 0, max: 1, noNaN: true });
const point = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 600 }) });
const camera = fc
  .record({ x: share, y: share, scale: fc.float({ min: 400, max: 100_000, noNaN: true }) })
  .map((one): Camera => bounded(one, SIZE));
const places = fc
  .array(fc.tuple(share, share), { minLength: 1, maxLength: 300 })
  .map((list) => Float32Array.from(list.flat()));
const PIXEL = 1e-3;

describe('the camera', () => {
  it('says where a place of the window lies on the map, and back', () => {
    fc.assert(
      fc.property(camera, point, (from, at) => {
        const back = toWindow(from, SIZE, toMap(from, SIZE, at));
        expect(Math.hypot(back.x - at.x, back.y - at.y)).toBeLessThan(PIXEL);
      }),
    );
  });

  it('zooms around the place under the pointer, which stays there', () => {
    fc.assert(
      fc.property(camera, point, fc.float({ min: Math.fround(0.5), max: 2, noNaN: true }), (from, at, factor) => {
        const held = toMap(from, SIZE, at);
        const next = zoomed(from, SIZE, at, factor);
        // At the bounds of the map it cannot.
        fc.pre(next.x > 0 && next.x < 1 && next.y > 0 && next.y < 1);
        const now = toWindow(next, SIZE, held);
        expect(Math.hypot(now.x - at.x, now.y - at.y)).toBeLessThan(0.1);
      }),
    );
  });

  it('never leaves the map, however it is moved', () => {
    fc.assert(
      fc.property(camera, fc.array(point, { maxLength: 20 }), (from, steps) => {
        const { x, y } = steps.reduce<Camera>((now, by) => moved(now, SIZE, by), from);
        expect(x >= 0 && x <= 1 && y >= 0 && y <= 1).toBe(true);
      }),
    );
  });

  it('flies from where it is to where it is sent', () => {
    fc.assert(
      fc.property(camera, camera, (from, to) => {
        for (const [at, wanted] of [
          [between(from, to, 0), from],
          [between(from, to, 1), to],
        ] as const) {
          expect(at.x).toBeCloseTo(wanted.x, 4);
          expect(at.y).toBeCloseTo(wanted.y, 4);
          expect(at.scale / wanted.scale).toBeCloseTo(1, 4);
        }
      }),
    );
  });

  it('shows all of what it is asked to show', () => {
    fc.assert(
      fc.property(share, share, share, share, (a, b, c, d) => {
        const bounds = { left: Math.min(a, b), right: Math.max(a, b), top: Math.min(c, d), bottom: Math.max(c, d) };
        const view = seen(fitting(bounds, SIZE), SIZE, 1);
        expect(view.left <= bounds.left && view.right >= bounds.right).toBe(true);
        expect(view.top <= bounds.top && view.bottom >= bounds.bottom).toBe(true);
      }),
    );
  });
});

describe('the grid of places', () => {
  it('finds within bounds what a look at all finds', () => {
    fc.assert(
      fc.property(places, share, share, share, share, (some, a, b, c, d) => {
        const bounds = { left: Math.min(a, b), right: Math.max(a, b), top: Math.min(c, d), bottom: Math.max(c, d) };
        const found: number[] = [];
        makeGrid(some).within(bounds, (i) => {
          found.push(i);
          return true;
        });
        const all = Array.from({ length: some.length / 2 }, (_, i) => i).filter((i) => {
          const [x, y] = [some[2 * i] ?? -1, some[2 * i + 1] ?? -1];
          return x >= bounds.left && x <= bounds.right && y >= bounds.top && y <= bounds.bottom;
        });
        expect(found.sort((x, y) => x - y)).toEqual(all);
      }),
    );
  });

  it('finds the nearest within reach', () => {
    fc.assert(
      fc.property(places, share, share, (some, x, y) => {
        const distances = Array.from({ length: some.length / 2 }, (_, i) =>
          Math.hypot((some[2 * i] ?? 0) - x, (some[2 * i + 1] ?? 0) - y),
        );
        const found = makeGrid(some).nearest({ x, y }, 0.25);
        const least = Math.min(...distances);
        if (found < 0) expect(least).toBeGreaterThan(0.25 - 1e-6);
        else expect(distances[found]).toBeCloseTo(least, 6);
      }),
    );
  });
});

describe('the lasso', () => {
  it('around a square chooses what the square holds', () => {
    fc.assert(
      fc.property(places, (some) => {
        const line = [
          { x: 0.25, y: 0.25 },
          { x: 0.75, y: 0.25 },
          { x: 0.75, y: 0.75 },
          { x: 0.25, y: 0.75 },
        ];
        const isWithin = (value: number) => value > 0.25 && value < 0.75;
        const found = new Set(inside(line, some, makeGrid(some)));
        for (let i = 0; i < some.length / 2; i++) {
          const [x, y] = [some[2 * i] ?? 0, some[2 * i + 1] ?? 0];
          if ([x, y].some((value) => value === 0.25 || value === 0.75)) continue;
          expect(found.has(i)).toBe(isWithin(x) && isWithin(y));
        }
      }),
    );
  });

  it('leaves out the bay of a line that bends in', () => {
    const some = Float32Array.from([0.1, 0.5, 0.5, 0.2, 0.9, 0.5]);
    const bay = [
      { x: 0, y: 0 },
      { x: 0.2, y: 0 },
      { x: 0.2, y: 0.8 },
      { x: 0.8, y: 0.8 },
      { x: 0.8, y: 0 },
      { x: 1, y: 0 },
      { x: 1, y: 1 },
      { x: 0, y: 1 },
    ];
    expect(inside(bay, some, makeGrid(some))).toEqual([0, 2]);
  });

  it('is spoken for by some of its pictures, whose mean lies by the mean of all', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 16 }), (some, most) => {
        const all = Array.from({ length: some.length / 2 }, (_, i) => i);
        const few = speakers(all, some, most);
        expect(few.length).toBe(Math.min(most, all.length));
        expect(new Set(few).size).toBe(few.length);
        expect(few.every((i) => all.includes(i))).toBe(true);
      }),
    );
    const line = Float32Array.from(Array.from({ length: 500 }, (_, i) => [i / 500, 0.5]).flat());
    const few = speakers(
      Array.from({ length: 500 }, (_, i) => i),
      line,
      16,
    );
    expect(few.reduce((sum, i) => sum + (line[2 * i] ?? 0), 0) / 16).toBeCloseTo(0.5, 1);
  });
});

describe('thumbnails', () => {
  const random = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43_758.5453) % 1;
  const many = Float32Array.from({ length: 20_000 }, (_, i) => random(i));
  const grid = makeGrid(many);
  const chosen = (view: Camera) => chooseThumbs(grid, many, view, SIZE, zoomOf(view, SIZE));

  it('are not shown while many pictures are seen as a whole', () => {
    expect(chosen(wholeMap(SIZE))).toEqual([]);
  });

  it('of a few pictures are shown at once', () => {
    const few = many.slice(0, 20);
    expect(chooseThumbs(makeGrid(few), few, wholeMap(SIZE), SIZE, 1).length).toBeGreaterThan(3);
  });

  it('never cover each other', () => {
    const view = zoomed(wholeMap(SIZE), SIZE, { x: 300, y: 200 }, 6);
    const shown = chosen(view).map((i) => toWindow(view, SIZE, { x: many[2 * i] ?? 0, y: many[2 * i + 1] ?? 0 }));
    expect(shown.length).toBeGreaterThan(20);
    shown.forEach((a, i) => {
      for (const b of shown.slice(i + 1))
        expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThan(76);
    });
  });

  it('stay mostly the same ones when the map is moved a little', () => {
    const view = zoomed(wholeMap(SIZE), SIZE, { x: 400, y: 300 }, 8);
    const before = new Set(chosen(view));
    const after = chosen(moved(view, SIZE, { x: 30, y: 20 }));
    expect(after.filter((i) => before.has(i)).length).toBeGreaterThan(0.7 * after.length);
  });
});
