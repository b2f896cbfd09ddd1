// What hands do on the map: drag, wheel, pinch, click, and drawing a line around pictures. Says what was meant and to which
// places of the window; moves nothing itself.
import type { Point } from './camera.ts';

export interface Meant {
  move(by: Point): void;
  zoomAt(point: Point, factor: number): void;
  click(point: Point): void;
  /** A pointer rests over a place, without a button; undefined: it left. */
  hover(point: Point | undefined): void;
  /** True where a drag draws a line instead of moving the map. */
  isLasso(event: PointerEvent): boolean;
  /** The line so far; `isDone` with the last. */
  lasso(line: readonly Point[], isDone: boolean): void;
}

/** A hand that holds still wanders by so many pixels. */
const STILL = 5;
const LASSO_STEP = 3;
const WHEEL_SPEED = 0.0016;
/** A trackpad's pinch comes as a wheel with small steps. */
const PINCH_SPEED = 0.012;
const LINE_PIXELS = 18;

/** Returns what ends it. */
export function watchGestures(element: HTMLElement, meant: Meant): () => void {
  const held = new Map<number, Point>();
  let begun: Point | undefined;
  let hasMoved = false;
  let line: Point[] | undefined;

  const placeOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };

  const down = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    const at = placeOf(event);
    held.set(event.pointerId, at);
    element.setPointerCapture(event.pointerId);
    if (held.size === 1) {
      begun = at;
      hasMoved = false;
      line = meant.isLasso(event) ? [at] : undefined;
    } else if (line !== undefined) {
      // A second finger: it is a pinch after all.
      line = undefined;
      meant.lasso([], true);
    }
    meant.hover(undefined);
  };

  const move = (event: PointerEvent) => {
    const at = placeOf(event);
    const before = held.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === 'mouse') meant.hover(at);
      return;
    }
    if (begun !== undefined && Math.hypot(at.x - begun.x, at.y - begun.y) > STILL) hasMoved = true;
    if (line !== undefined) {
      const last = line.at(-1) as Point;
      if (Math.hypot(at.x - last.x, at.y - last.y) < LASSO_STEP) return;
      held.set(event.pointerId, at);
      line.push(at);
      meant.lasso(line, false);
      return;
    }
    if (!hasMoved && held.size === 1) return;
    held.set(event.pointerId, at);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      meant.move({ x: at.x - before.x, y: at.y - before.y });
    } else {
      const factor =
        Math.hypot(at.x - other.x, at.y - other.y) / (Math.hypot(before.x - other.x, before.y - other.y) || 1);
      meant.zoomAt({ x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 }, factor);
      meant.move({ x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 });
    }
  };

  const up = (event: PointerEvent) => {
    if (!held.delete(event.pointerId)) return;
    const isCancelled = event.type === 'pointercancel';
    if (line !== undefined) {
      meant.lasso(isCancelled ? [] : line, true);
      line = undefined;
    } else if (!hasMoved && held.size === 0 && !isCancelled) {
      meant.click(placeOf(event));
    }
    if (held.size > 0) hasMoved = true;
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PIXELS : event.deltaY;
    meant.zoomAt(placeOf(event), Math.exp(-pixels * (event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED)));
  };

  const leave = () => meant.hover(undefined);
  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', leave, { signal });
  element.addEventListener('wheel', wheel, { signal, passive: false });
  return () => stop.abort();
}
