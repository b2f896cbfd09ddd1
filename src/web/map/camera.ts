// Which part of the map is seen: a point of it in the middle of the window, and how large. Places of the map are 0..1, those
// of the window CSS pixels from its upper left corner. Pure.

export interface Camera {
  /** The place in the middle of the window. */
  readonly x: number;
  readonly y: number;
  /** Pixels for the whole width of the map. */
  readonly scale: number;
}

/** Of the window. */
export interface Size {
  readonly width: number;
  readonly height: number;
  /** How tall the map is for its width of 1; a square where nothing is said. It lies in the middle of its square. */
  readonly mapHeight?: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const LEAST_ZOOM = 0.6;
const MOST_ZOOM = 800;
const AIR = 0.94;

/** The whole map, in the middle. */
export function wholeMap({ width, height, mapHeight = 1 }: Size): Camera {
  return { x: 0.5, y: 0.5, scale: Math.max(1, AIR * Math.min(width, height / mapHeight)) };
}

/** How many times larger than when the whole map is seen. */
export function zoomOf(camera: Camera, size: Size): number {
  return camera.scale / wholeMap(size).scale;
}

/** Within bounds: never lost beside the map, never so small or large that nothing can be told. */
export function bounded(camera: Camera, size: Size): Camera {
  const { scale } = wholeMap(size);
  return {
    x: Math.min(1, Math.max(0, camera.x)),
    y: Math.min(1, Math.max(0, camera.y)),
    scale: Math.min(scale * MOST_ZOOM, Math.max(scale * LEAST_ZOOM, camera.scale)),
  };
}

export function toWindow(camera: Camera, size: Size, place: Point): Point {
  return {
    x: (place.x - camera.x) * camera.scale + size.width / 2,
    y: (place.y - camera.y) * camera.scale + size.height / 2,
  };
}

export function toMap(camera: Camera, size: Size, point: Point): Point {
  return {
    x: (point.x - size.width / 2) / camera.scale + camera.x,
    y: (point.y - size.height / 2) / camera.scale + camera.y,
  };
}

/** The map follows a hand that moved by so many pixels. */
export function moved(camera: Camera, size: Size, by: Point): Camera {
  return bounded({ ...camera, x: camera.x - by.x / camera.scale, y: camera.y - by.y / camera.scale }, size);
}

/** Larger by the factor, and what is at `point` of the window stays there. */
export function zoomed(camera: Camera, size: Size, point: Point, factor: number): Camera {
  const { scale } = bounded({ ...camera, scale: camera.scale * factor }, size);
  const fixed = toMap(camera, size, point);
  return bounded(
    { scale, x: fixed.x - (point.x - size.width / 2) / scale, y: fixed.y - (point.y - size.height / 2) / scale },
    size,
  );
}

/** So that these bounds fill most of the window; a single point is shown at eight times. */
export function fitting(bounds: Bounds, size: Size): Camera {
  const whole = wholeMap(size).scale;
  const across = Math.max(bounds.right - bounds.left, 1e-9);
  const down = Math.max(bounds.bottom - bounds.top, 1e-9);
  const scale = Math.min((size.width * 0.7) / across, (size.height * 0.7) / down, whole * 8);
  return bounded({ x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2, scale }, size);
}

/** The part of the map that the window shows, and so many pixels around it. */
export function seen(camera: Camera, size: Size, around = 0): Bounds {
  const corner = toMap(camera, size, { x: -around, y: -around });
  const other = toMap(camera, size, { x: size.width + around, y: size.height + around });
  return { left: corner.x, top: corner.y, right: other.x, bottom: other.y };
}

/** Between two cameras, `share` 0..1: scales by ratio, so that it looks even. */
export function between(from: Camera, to: Camera, share: number): Camera {
  const scale = from.scale * (to.scale / from.scale) ** share;
  // The middle moves as the scale does; else it would run off at first and crawl at the end.
  const way = from.scale === to.scale ? share : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
  return { x: from.x + (to.x - from.x) * way, y: from.y + (to.y - from.y) * way, scale };
}
