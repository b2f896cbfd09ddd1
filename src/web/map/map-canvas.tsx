// The window onto the map: the canvas with its layers, and what hands and keys do on it.

import type { Ref } from 'preact';
import { useEffect, useImperativeHandle, useRef, useState } from 'preact/hooks';
import { count } from '../wording.ts';
import type { Point } from './camera.ts';
import { watchGestures } from './gestures.ts';
import { HoverCard, type Hovered } from './hover-card.tsx';
import { ZOOM_STEP } from './map-tools.tsx';
import type { DrawnMap } from './packed-map.ts';
import type { PictureCache } from './picture-cache.ts';
import { makePlane, type Plane } from './plane.ts';

const KEY_STEP = 90;

interface Props {
  readonly map: DrawnMap;
  readonly pictures: PictureCache;
  readonly isLasso: boolean;
  readonly chosen: readonly number[];
  readonly plane: Ref<Plane>;
  onPick(point: number): void;
  onChoose(points: readonly number[]): void;
}

export function MapCanvas({ map, pictures, isLasso, chosen, plane, onPick, onChoose }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const thumbs = useRef<HTMLDivElement>(null);
  const line = useRef<SVGPolygonElement>(null);
  const [made, setMade] = useState<Plane>();
  const [hovered, setHovered] = useState<Hovered>();
  const latest = useRef({ isLasso, onPick, onChoose });
  latest.current = { isLasso, onPick, onChoose };

  useEffect(() => {
    const parts = { frame: frame.current, canvas: canvas.current, labels: labels.current, thumbs: thumbs.current };
    if (parts.frame === null || parts.canvas === null || parts.labels === null || parts.thumbs === null) return;
    const { frame: element } = parts;
    const fresh = makePlane(
      { frame: element, canvas: parts.canvas, labels: parts.labels, thumbs: parts.thumbs },
      map,
      pictures,
    );
    setMade(fresh);
    const drawLine = (points: readonly Point[]) =>
      line.current?.setAttribute('points', points.map(({ x, y }) => `${x},${y}`).join(' '));
    const end = watchGestures(element, {
      move: fresh.move,
      zoomAt: fresh.zoomAt,
      click(at) {
        element.focus({ preventScroll: true });
        const point = fresh.pick(at);
        if (point >= 0) latest.current.onPick(point);
      },
      hover(at) {
        const point = at === undefined ? -1 : fresh.pick(at);
        setHovered(at === undefined || point < 0 ? undefined : { id: String(map.ids[point]), at });
        element.classList.toggle('is-over', point >= 0);
      },
      isLasso: (event) => latest.current.isLasso || event.shiftKey,
      lasso(points, isDone) {
        drawLine(isDone ? [] : points);
        if (isDone && points.length > 0) latest.current.onChoose(fresh.around(points));
      },
    });
    return () => {
      end();
      fresh.close();
      setMade(undefined);
    };
  }, [map, pictures]);

  useImperativeHandle(plane, () => made as Plane, [made]);
  useEffect(() => made?.choose(chosen), [made, chosen]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (made === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => made.move({ x: KEY_STEP, y: 0 }),
      ArrowRight: () => made.move({ x: -KEY_STEP, y: 0 }),
      ArrowUp: () => made.move({ x: 0, y: KEY_STEP }),
      ArrowDown: () => made.move({ x: 0, y: -KEY_STEP }),
      '+': () => made.zoomBy(ZOOM_STEP),
      '=': () => made.zoomBy(ZOOM_STEP),
      '-': () => made.zoomBy(1 / ZOOM_STEP),
      '0': () => made.showAll(),
      Home: () => made.showAll(),
      Enter: () => onChoose(made.inView()),
      Escape: () => onChoose([]),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <div
      ref={frame}
      class={isLasso ? 'map-window is-lasso' : 'map-window'}
      role="application"
      aria-roledescription="map"
      aria-label={`Map of ${count(map.count, 'picture')}. Arrow keys move it, plus and minus zoom, zero shows all, Enter chooses what is in sight. The regions are a list behind it.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys, as an application does.
      tabIndex={0}
      data-renderer={made?.kind}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} class="map-points" />
      <div ref={thumbs} class="map-sheet" aria-hidden="true" />
      <div ref={labels} class="map-labels" aria-hidden="true" />
      <svg class="map-line" aria-hidden="true" focusable="false">
        <polygon ref={line} />
      </svg>
      <HoverCard hovered={hovered} pictures={pictures} />
    </div>
  );
}
