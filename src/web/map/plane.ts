// The moving picture: holds the camera, draws points, labels and thumbnails once a frame at most, and rests where nothing
// changes. Everything that a hand or a key does ends here; knows no GraphQL and no view library.
import {
  between,
  bounded,
  type Camera,
  fitting,
  moved,
  type Point,
  type Size,
  seen,
  toMap,
  wholeMap,
  zoomed,
  zoomOf,
} from './camera.ts';
import { levelAt, makeLabelLayer } from './label-layer.ts';
import { inside } from './lasso.ts';
import type { DrawnMap } from './packed-map.ts';
import type { PictureCache } from './picture-cache.ts';
import { diameterAt, makePointLayer } from './point-layer.ts';
import { chooseThumbs } from './thumb-choice.ts';
import { makeThumbLayer } from './thumb-layer.ts';
import { tintPoints } from './tints.ts';

/** The map has rested for so long when thumbnails are laid out anew. */
const RESTS_AFTER_MS = 110;
const FLIGHT_MS = 320;
/** A finger or a pointer means a point this near. */
const REACH = 14;
const THUMB_REACH = 40;
const MOST_RATIO = 2;

export interface PlaneParts {
  readonly frame: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly labels: HTMLElement;
  readonly thumbs: HTMLElement;
}

export type Plane = ReturnType<typeof makePlane>;

export function makePlane({ frame, canvas, labels, thumbs }: PlaneParts, map: DrawnMap, pictures: PictureCache) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const points = makePointLayer(canvas, () => changed());
  const names = makeLabelLayer(labels);
  const sheet = makeThumbLayer({ parent: thumbs, places: map.places, ids: map.ids, pictures });
  const chosen = new Uint8Array(map.count);
  const levels = Math.max(0, ...map.regions.map(({ level }) => level + 1));
  const tintLevel = levelAt(3, levels);

  let size = sizeOf(frame, map.height);
  let camera = wholeMap(size);
  let hasChosen = false;
  let thumbPoints: readonly number[] = [];
  let frameAsked = 0;
  let restTimer: ReturnType<typeof setTimeout> | undefined;
  let flight = 0;

  names.set(map.regions);
  tint();
  dark.addEventListener('change', tint);
  const resizing = new ResizeObserver(() => {
    const next = sizeOf(frame, map.height);
    if (next.width === size.width && next.height === size.height) return;
    const zoom = zoomOf(camera, size);
    size = next;
    camera = bounded({ ...camera, scale: wholeMap(size).scale * zoom }, size);
    changed();
  });
  resizing.observe(frame);
  changed();

  function tint() {
    const regions = map.regions.filter(({ level }) => level === tintLevel);
    points.set({ places: map.places, tints: tintPoints(map.places, regions, dark.matches), chosen });
    changed();
  }

  function changed() {
    if (frameAsked === 0) frameAsked = requestAnimationFrame(drawFrame);
    clearTimeout(restTimer);
    restTimer = setTimeout(rest, RESTS_AFTER_MS);
  }

  function drawFrame() {
    frameAsked = 0;
    const zoom = zoomOf(camera, size);
    const ratio = Math.min(MOST_RATIO, devicePixelRatio);
    points.draw(camera, size, { ratio, diameter: diameterAt(zoom, map.count), hasChosen });
    names.draw(camera, size, zoom);
    sheet.follow(camera, size);
  }

  function rest() {
    thumbPoints = chooseThumbs(map.grid, map.places, camera, size, zoomOf(camera, size));
    sheet.lay(camera, size, thumbPoints);
    frame.dataset.thumbs = String(thumbPoints.length);
    frame.dataset.zoom = zoomOf(camera, size).toFixed(2);
  }

  function look(next: Camera) {
    cancelAnimationFrame(flight);
    camera = bounded(next, size);
    changed();
  }

  function fly(to: Camera) {
    cancelAnimationFrame(flight);
    if (still.matches) {
      look(to);
      return;
    }
    const from = camera;
    const begun = performance.now();
    const step = (now: number) => {
      const share = Math.min(1, Math.max(0, (now - begun) / FLIGHT_MS));
      camera = bounded(between(from, to, 1 - (1 - share) ** 3), size);
      changed();
      if (share < 1) flight = requestAnimationFrame(step);
    };
    flight = requestAnimationFrame(step);
  }

  return {
    kind: points.kind,
    move: (by: Point) => look(moved(camera, size, by)),
    zoomAt: (point: Point, factor: number) => look(zoomed(camera, size, point, factor)),
    /** By keys and buttons: around the middle, and not at once. */
    zoomBy: (factor: number) => fly(zoomed(camera, size, { x: size.width / 2, y: size.height / 2 }, factor)),
    showAll: () => fly(wholeMap(size)),
    /** So that all these points are seen. */
    showPoints(wanted: readonly number[]) {
      if (wanted.length === 0) return;
      const [xs, ys] = [0, 1].map((axis) =>
        wanted.map((i) => map.places[2 * i + axis] as number).sort((a, b) => a - b),
      );
      // A few that lie far off do not decide how near the others are seen.
      const at = (values: readonly number[] = [], share = 0) => values[Math.floor((values.length - 1) * share)] ?? 0.5;
      fly(fitting({ left: at(xs, 0.02), right: at(xs, 0.98), top: at(ys, 0.02), bottom: at(ys, 0.98) }, size));
    },
    /** The point that is meant by this place of the window, or -1. */
    pick(at: Point): number {
      const place = toMap(camera, size, at);
      const byThumb = thumbPoints.find(
        (i) =>
          Math.abs((map.places[2 * i] as number) - place.x) * camera.scale < THUMB_REACH &&
          Math.abs((map.places[2 * i + 1] as number) - place.y) * camera.scale < THUMB_REACH,
      );
      return byThumb ?? map.grid.nearest(place, REACH / camera.scale);
    },
    inView(): number[] {
      const found: number[] = [];
      map.grid.within(seen(camera, size), (i) => {
        found.push(i);
        return true;
      });
      return found.sort((a, b) => a - b);
    },
    /** The points that a line of places in the window goes around. */
    around: (line: readonly Point[]) =>
      inside(
        line.map((at) => toMap(camera, size, at)),
        map.places,
        map.grid,
      ),
    choose(wanted: readonly number[]) {
      chosen.fill(0);
      for (const i of wanted) chosen[i] = 1;
      hasChosen = wanted.length > 0;
      tint();
    },
    close() {
      cancelAnimationFrame(frameAsked);
      cancelAnimationFrame(flight);
      clearTimeout(restTimer);
      resizing.disconnect();
      dark.removeEventListener('change', tint);
      points.close();
    },
  };
}

function sizeOf(element: HTMLElement, mapHeight: number): Size {
  return { width: Math.max(1, element.clientWidth), height: Math.max(1, element.clientHeight), mapHeight };
}
