// The ThumbHash of a picture: some 25 bytes that a page can draw while the thumbnail is on its way.
import { rgbaToThumbHash } from 'thumbhash';
import type { Pixels } from '../core/pixels.ts';
import { areaAverages } from './area-average.ts';

/** Enough for the seven waves that a ThumbHash keeps of each side; its own limit is 100. */
const LONGEST_SIDE = 24;

/** ThumbHash of an opaque picture; aspect kept to the nearest pixel of the 24. */
export function placeholderOf(picture: Pixels): Uint8Array {
  const scale = LONGEST_SIDE / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const rgb = areaAverages(picture, width, height);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) rgba[i * 4 + channel] = Math.round(rgb[i * 3 + channel] as number);
  }
  return rgbaToThumbHash(width, height, rgba);
}
