// Where a model looks: the size after the resize, the centre crop, and the part of a very long picture that is
// worth resizing at all. Numbers only; rounding follows the Hugging Face image processor.
import { AppError } from '../core/errors.ts';
import type { PixelSpec, Region } from '../core/pixels.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A box in whole pixels that lies inside its picture. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** Cut `source` out of the picture, resize it to `resized`, then crop (or pad) from `left`, `top` of that. */
export interface Framing {
  readonly source: Box;
  readonly resized: Size;
  /** May be negative where the crop is larger than the resized picture. */
  readonly left: number;
  readonly top: number;
  /** True where `resized` shows the whole box that was asked for. */
  readonly complete: boolean;
}

/** Beyond this many pixels only the part around the crop is resized: a 20000 x 10 strip would take 25 MB, or 300 MB
 * for a model of 224 pixels. Ordinary pictures (up to 20:1 at 224 pixels) never come near it. */
const MAX_RESIZED_PIXELS = 2_000_000;
/** Half-width of the widest kernel (Lanczos 3) in pixels of the coarser grid. */
const KERNEL_REACH = 3;

/** The plan for one box of a picture. */
export function frameBox(box: Box, spec: PixelSpec): Framing {
  const resized = resizedSize(box, spec.resize);
  const left = Math.floor((resized.width - spec.width) / 2);
  const top = Math.floor((resized.height - spec.height) / 2);
  if (resized.width * resized.height <= MAX_RESIZED_PIXELS) {
    return { source: box, resized, left, top, complete: true };
  }
  const across = narrow(box.width, resized.width, left, spec.width);
  const down = narrow(box.height, resized.height, top, spec.height);
  return {
    source: {
      left: box.left + across.start,
      top: box.top + down.start,
      width: across.length,
      height: down.length,
    },
    resized: { width: across.resized, height: down.resized },
    left: across.offset,
    top: down.offset,
    complete: false,
  };
}

/** The size before the crop: both sides as given, or the shorter one as given and the longer one rounded down. */
export function resizedSize(size: Size, resize: PixelSpec['resize']): Size {
  if (!('shortestEdge' in resize)) return { width: resize.width, height: resize.height };
  const factor = Math.max(resize.shortestEdge / size.width, resize.shortestEdge / size.height);
  // Two decimals first, as the reference does, so that 63.9999999 counts as 64.
  const round = (side: number) => Math.max(1, Math.floor(Number((side * factor).toFixed(2))));
  return { width: round(size.width), height: round(size.height) };
}

/** A region in whole pixels, at least one each way. Throws BAD_ARGUMENT for a region that leaves the picture. */
export function boxOfRegion(region: Region, size: Size): Box {
  const slack = 1e-9;
  const fits =
    region.x >= 0 &&
    region.y >= 0 &&
    region.width > 0 &&
    region.height > 0 &&
    region.x + region.width <= 1 + slack &&
    region.y + region.height <= 1 + slack;
  if (!fits) {
    throw new AppError(
      'BAD_ARGUMENT',
      'Expected a region in fractions of the picture (x, y >= 0; width, height > 0; x + width, y + height <= 1), ' +
        `got x ${region.x}, y ${region.y}, width ${region.width}, height ${region.height}.`,
    );
  }
  const across = span(region.x, region.width, size.width);
  const down = span(region.y, region.height, size.height);
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

function span(from: number, extent: number, side: number): { start: number; length: number } {
  const start = Math.min(side - 1, Math.round(from * side));
  const end = Math.min(side, Math.max(start + 1, Math.round((from + extent) * side)));
  return { start, length: end - start };
}

/** One axis of a picture that is too long: the source pixels that the crop can see, and the crop within them. */
function narrow(source: number, resized: number, offset: number, crop: number) {
  const scale = resized / source;
  const reach = Math.ceil(KERNEL_REACH * Math.max(1, 1 / scale)) + 1;
  const start = Math.max(0, Math.floor(offset / scale) - reach);
  const end = Math.min(source, Math.ceil((offset + crop) / scale) + reach);
  const length = end - start;
  return {
    start,
    length,
    resized: Math.max(1, Math.round(length * scale)),
    offset: offset - Math.round(start * scale),
  };
}
