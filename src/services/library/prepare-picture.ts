// First half of ingest: from a file's bytes to everything about the picture but its vectors.
import { createHash } from 'node:crypto';
import type { PixelSpec, Pixels } from '../../core/pixels.ts';
import { regionOfView, type View } from '../../core/views.ts';
import { readPicture } from '../../media/picture.ts';
import type { FileRecord, NewPicture } from '../../store/catalog.ts';

/** A picture that waits for its vectors. */
export interface PreparedPicture {
  readonly record: Omit<NewPicture, 'views' | 'tags'>;
  readonly views: readonly View[];
  /** One for each view, in that order. */
  readonly pixels: readonly Pixels[];
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Decodes once and reads all views. Throws NOT_A_PICTURE, PICTURE_BROKEN, PICTURE_TOO_LARGE. */
export async function preparePicture(
  bytes: Uint8Array,
  hash: string,
  file: FileRecord,
  spec: PixelSpec,
  views: readonly View[],
): Promise<PreparedPicture> {
  const picture = await readPicture(bytes, spec, views.map(regionOfView));
  const { format, width, height, takenAt, perceptualHash, placeholder, pixels } = picture;
  return { record: { sha256: hash, perceptualHash, placeholder, format, width, height, takenAt, file }, views, pixels };
}
