// Rows of one height that fill the width, as in a photo book. Pure arithmetic: knows no pictures and no document.

export interface LayoutOptions {
  /** Pixels between two neighbours. */
  readonly gap: number;
  /** Rows come out near this height: the last one exactly, the others somewhat lower or higher. */
  readonly targetHeight: number;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Narrower or wider pictures are shown cropped, or one panorama would make a row of its own a few pixels high. */
const NARROWEST = 0.6;
const WIDEST = 2.6;

/**
 * Boxes in whole pixels for pictures of the given aspect ratios (width / height), in order. Every row but the last
 * fills `width` up to the pixels lost in rounding, and never passes it. The last row keeps the target height.
 */
export function layOut(ratios: readonly number[], width: number, { gap, targetHeight }: LayoutOptions): Box[] {
  const boxes: Box[] = [];
  let row: number[] = [];
  for (const ratio of ratios) {
    row.push(Math.min(WIDEST, Math.max(NARROWEST, ratio)));
    const height = heightOf(row, width, gap);
    if (height > targetHeight) continue;
    // The row is full; without its last picture it may come nearer to the target.
    const shorter = row.slice(0, -1);
    const last = row.slice(-1);
    const isBetterShort = shorter.length > 0 && heightOf(shorter, width, gap) - targetHeight < targetHeight - height;
    boxes.push(...boxesOf(isBetterShort ? shorter : row, width, gap));
    row = isBetterShort ? last : [];
  }
  return [
    ...boxes,
    ...row.map((ratio) => ({ width: Math.min(width, Math.floor(ratio * targetHeight)), height: targetHeight })),
  ];
}

/** Height at which the pictures fill the width side by side. */
function heightOf(row: readonly number[], width: number, gap: number): number {
  return (width - gap * (row.length - 1)) / row.reduce((sum, ratio) => sum + ratio, 0);
}

function boxesOf(row: readonly number[], width: number, gap: number): Box[] {
  const height = Math.max(1, heightOf(row, width, gap));
  return row.map((ratio) => ({ width: Math.max(1, Math.floor(ratio * height)), height: Math.floor(height) }));
}
