// What draws the points of the map. Two do: WebGL, and a plain canvas where there is none.
import type { Camera, Size } from './camera.ts';
import { makeCanvasLayer } from './canvas-points.ts';
import { makeGlLayer } from './gl-points.ts';

export interface Points {
  /** Pairs x, y. */
  readonly places: Float32Array;
  /** Three bytes for each. */
  readonly tints: Uint8Array;
  /** For each: 1 where it is chosen, 0 where it is not. All 0 and nothing chosen look the same. */
  readonly chosen: Uint8Array;
}

export interface Look {
  /** Device pixels for a CSS pixel. */
  readonly ratio: number;
  /** Diameter of a point in CSS pixels. */
  readonly diameter: number;
  /** True where some are chosen: the others stand back. */
  readonly hasChosen: boolean;
}

export interface PointLayer {
  readonly kind: 'webgl' | 'canvas';
  /** Takes over; the arrays are read until they are replaced. */
  set(points: Points): void;
  draw(camera: Camera, size: Size, look: Look): void;
  close(): void;
}

/** `onRestored`: the browser took the graphics away and gave them back empty; draw again. */
export function makePointLayer(canvas: HTMLCanvasElement, onRestored: () => void): PointLayer {
  return makeGlLayer(canvas, onRestored) ?? makeCanvasLayer(canvas);
}

/** Points grow with the map, slower than it; few points are larger from the start. */
export function diameterAt(zoom: number, count: number): number {
  const least = count > 20_000 ? 2.2 : count > 2000 ? 3.5 : count > 200 ? 6 : 9;
  return Math.min(16, least * zoom ** 0.45);
}
