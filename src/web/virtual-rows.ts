// Where every picture of a long list lies: the justified rows with their places, and the questions a virtual grid asks of
// them. Pure arithmetic on a layout; knows no pictures, no document and no scrolling.
import { type Box, type LayoutOptions, layOut } from './justified-layout.ts';

export interface PlanOptions extends LayoutOptions {
  /** Pixels under each picture that belong to its tile. */
  readonly captionHeight: number;
  /** Pixels between two rows. */
  readonly rowGap: number;
}

/** All arrays but `starts` and `tops` have one entry a picture. */
export interface RowPlan {
  readonly boxes: readonly Box[];
  /** Pixels from the left edge. */
  readonly lefts: readonly number[];
  /** First picture of each row, and behind the last row the number of pictures. */
  readonly starts: readonly number[];
  /** Upper edge of each row, and behind the last row the edge that one more row would have. */
  readonly tops: readonly number[];
  /** Of the whole list. */
  readonly height: number;
}

/** Rows `from` (included) to `to` (not included). */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** A picture and how far (0..1 of its row) the eye's place lies below its upper edge. */
export interface Anchor {
  readonly index: number;
  readonly share: number;
}

export const WALKING_KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;
export type WalkingKey = (typeof WALKING_KEYS)[number];

/**
 * Lays pictures of the given aspect ratios (width / height) out in rows. What is appended later changes the last row at
 * most: every other row lies where it lay. Linear in the number of pictures.
 */
export function planRows(ratios: readonly number[], width: number, options: PlanOptions): RowPlan {
  const boxes = layOut(ratios, width, options);
  const lefts: number[] = [];
  const starts: number[] = [];
  const tops: number[] = [];
  let left = 0;
  let top = 0;
  boxes.forEach((box, i) => {
    // As a line of text breaks: rows fill the width up to rounding, so the next picture never fits behind a full one.
    if (i === 0 || left + box.width > width) {
      if (i > 0) top += rowHeight(boxes[i - 1], options);
      starts.push(i);
      tops.push(top);
      left = 0;
    }
    lefts.push(left);
    left += box.width + options.gap;
  });
  const end = boxes.length === 0 ? 0 : top + rowHeight(boxes.at(-1), options);
  return {
    boxes,
    lefts,
    starts: [...starts, boxes.length],
    tops: [...tops, end],
    height: Math.max(0, end - options.rowGap),
  };
}

/** Rows that have a part between two heights of the list; none where the list is empty or lies elsewhere. */
export function rowsBetween({ tops, height }: RowPlan, top: number, bottom: number): RowRange {
  const rows = tops.length - 1;
  if (rows === 0 || bottom < 0 || top > height) return { from: 0, to: 0 };
  return { from: lastAtMost(tops, rows, top), to: lastAtMost(tops, rows, bottom) + 1 };
}

/** The row that a picture lies in. */
export function rowOf({ starts }: RowPlan, index: number): number {
  return lastAtMost(starts, starts.length - 1, index);
}

/** Upper edge of a picture's tile. */
export function topOf(plan: RowPlan, index: number): number {
  return plan.tops[rowOf(plan, index)] ?? 0;
}

/** What lies at a height, to be found again in a plan for another width. Undefined for an empty list. */
export function anchorAt(plan: RowPlan, top: number): Anchor | undefined {
  const { from } = rowsBetween(plan, top, top);
  const [start, upper, lower] = [plan.starts[from], plan.tops[from], plan.tops[from + 1]];
  if (upper === undefined || lower === undefined || start === undefined) return undefined;
  return { index: start, share: Math.min(1, Math.max(0, (top - upper) / (lower - upper))) };
}

/** The height that an anchor lies at now. */
export function heightOfAnchor(plan: RowPlan, { index, share }: Anchor): number {
  const row = rowOf(plan, index);
  const [upper = 0, lower = 0] = [plan.tops[row], plan.tops[row + 1]];
  return upper + share * (lower - upper);
}

/**
 * The picture that a key leads to: left and right go through the order, up and down to the picture of the next row whose
 * middle lies nearest, Home and End to the ends. The same picture where there is no other that way.
 */
export function walk(plan: RowPlan, index: number, key: WalkingKey): number {
  const last = plan.boxes.length - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return nearestInRow(plan, index, rowOf(plan, index) - 1);
    case 'ArrowDown':
      return nearestInRow(plan, index, rowOf(plan, index) + 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
  }
}

function nearestInRow(plan: RowPlan, index: number, row: number): number {
  const [start, end] = [plan.starts[row], plan.starts[row + 1]];
  if (start === undefined || end === undefined) return index;
  const middle = middleOf(plan, index);
  let best = start;
  for (let i = start + 1; i < end; i++) {
    if (Math.abs(middleOf(plan, i) - middle) < Math.abs(middleOf(plan, best) - middle)) best = i;
  }
  return best;
}

function middleOf({ lefts, boxes }: RowPlan, index: number): number {
  return (lefts[index] ?? 0) + (boxes[index]?.width ?? 0) / 2;
}

function rowHeight(box: Box | undefined, { captionHeight, rowGap }: PlanOptions): number {
  return (box?.height ?? 0) + captionHeight + rowGap;
}

/** Position of the last of the first `length` ascending values that is at most `limit`; 0 where none is. */
function lastAtMost(values: readonly number[], length: number, limit: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
