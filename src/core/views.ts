// A picture is seen through views: the whole, and windows of it. This file numbers the views, gives each its
// region, and packs (picture, view) into the one integer that the indexes know: the label.
import type { Region } from './pixels.ts';

/** Row id of a picture in the catalog: a positive integer below 2^27. */
export type ImageId = number & { readonly brand: 'ImageId' };
/** Integer key inside an index: imageId * VIEWS_PER_IMAGE + view for pictures; row number for words. */
export type Label = number & { readonly brand: 'Label' };
/** 0 is the whole picture, 1..9 the 3x3 grid of windows of 0.6 of its side, 10..18 the 3x3 grid of 0.4. */
export type View = number & { readonly brand: 'View' };

/** Room for 32 views a picture keeps a label below 2^32, the limit of hnswlib's JavaScript binding. */
export const VIEWS_PER_IMAGE = 32;
export const MAX_IMAGE_ID = 2 ** 32 / VIEWS_PER_IMAGE - 1;

export const WHOLE = 0 as View;
/** The five windows (corners and centre, 0.6 of the side) that SEMBLANCE_VIEWS=windows indexes beside the whole. */
export const INDEXED_WINDOWS: readonly View[] = [1, 3, 5, 7, 9].map((view) => view as View);
/** Both 3x3 grids, row by row: what focus reads a query picture through. */
export const FOCUS_WINDOWS: readonly View[] = Array.from({ length: 18 }, (_, i) => (i + 1) as View);

export function labelOf(imageId: ImageId, view: View): Label {
  return (imageId * VIEWS_PER_IMAGE + view) as Label;
}

export function imageIdOf(label: Label): ImageId {
  return Math.floor(label / VIEWS_PER_IMAGE) as ImageId;
}

export function viewOf(label: Label): View {
  return (label % VIEWS_PER_IMAGE) as View;
}

/** The part of the upright picture that a view shows, in fractions of its sides. */
export function regionOfView(view: View): Region {
  if (view === WHOLE) return { x: 0, y: 0, width: 1, height: 1 };
  const side = view <= 9 ? 0.6 : 0.4;
  const cell = (view - 1) % 9;
  const step = (1 - side) / 2;
  return { x: (cell % 3) * step, y: Math.floor(cell / 3) * step, width: side, height: side };
}
