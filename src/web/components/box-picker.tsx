// Draws a box over a picture: with the pointer, or with the keys (arrows move it, Shift and arrows size it, Enter takes
// it, Escape leaves). Fills the element around it, which must be as large as the picture. Answers in fractions of it.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RegionInput } from '../documents.ts';

const STEP = 0.05;
/** A slip of the pointer is no box. */
const SMALLEST = 0.04;
const MIDDLE: RegionInput = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

interface Props {
  readonly region: RegionInput | null;
  /** False: the box is only shown. */
  readonly isActive: boolean;
  onPick(region: RegionInput): void;
  onCancel(): void;
}

export function BoxPicker({ region, isActive, onPick, onCancel }: Props) {
  const [box, setBox] = useState(region ?? MIDDLE);
  const [start, setStart] = useState<Point>();
  const element = useRef<HTMLDivElement>(null);

  useEffect(() => setBox(region ?? MIDDLE), [region]);
  // Before the next key can be pressed: the viewer would take an arrow for the way to the next picture.
  useLayoutEffect(() => {
    if (isActive) element.current?.focus();
  }, [isActive]);

  const shade = <div class="box" style={placeOf(box)} />;
  if (!isActive) return <div class="box-picker">{shade}</div>;
  return (
    <div
      ref={element}
      class="box-picker is-active"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a drawing area takes keys by itself; its role says so.
      tabIndex={0}
      aria-label="Part to search for: arrow keys move the box, Shift with arrow keys sizes it, Enter searches"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
        setStart(pointOf(event));
      }}
      onPointerMove={(event) => {
        if (start !== undefined) setBox(boxBetween(start, pointOf(event)));
      }}
      onPointerUp={(event) => {
        if (start === undefined) return;
        const drawn = boxBetween(start, pointOf(event));
        setStart(undefined);
        if (Math.min(drawn.width, drawn.height) >= SMALLEST) onPick(drawn);
        else setBox(region ?? MIDDLE);
      }}
      onPointerCancel={() => setStart(undefined)}
      onKeyDown={(event) => {
        const next = moved(box, event.key, event.shiftKey);
        if (event.key === 'Enter') onPick(box);
        else if (event.key === 'Escape') onCancel();
        else if (next !== undefined) setBox(next);
        else return;
        // Neither the viewer's own arrow keys nor its Escape are meant.
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {shade}
      <p class="hidden" role="status">
        {describe(box)}
      </p>
    </div>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the pointer is, in fractions of the element, held inside it. */
function pointOf(event: PointerEvent & { readonly currentTarget: HTMLElement }): Point {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  const share = (value: number) => Math.min(1, Math.max(0, value));
  return { x: share((event.clientX - left) / width), y: share((event.clientY - top) / height) };
}

function boxBetween(a: Point, b: Point): RegionInput {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** The box after an arrow key; undefined for any other key. */
function moved({ x, y, width, height }: RegionInput, key: string, isSizing: boolean): RegionInput | undefined {
  const ways: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-STEP, 0],
    ArrowRight: [STEP, 0],
    ArrowUp: [0, -STEP],
    ArrowDown: [0, STEP],
  };
  const way = ways[key];
  if (way === undefined) return undefined;
  const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
  if (isSizing) {
    return { x, y, width: within(width + way[0], STEP, 1 - x), height: within(height + way[1], STEP, 1 - y) };
  }
  return { x: within(x + way[0], 0, 1 - width), y: within(y + way[1], 0, 1 - height), width, height };
}

function placeOf({ x, y, width, height }: RegionInput) {
  return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` };
}

function describe({ x, y, width, height }: RegionInput): string {
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  return `${percent(width)} by ${percent(height)} of the picture, ${percent(x)} from the left, ${percent(y)} from the top`;
}
