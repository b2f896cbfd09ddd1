// Pictures as browsers are given them: WebP, upright, sRGB, on white, without EXIF (and so without the place where
// they were taken). Pure: bytes in, bytes out.
import { openPicture, readHeader, toFile } from './decoder.ts';

/** The longest side of a re-encoded original, in pixels. */
const ORIGINAL_LONGEST_SIDE = 4096;
const ORIGINAL_QUALITY = 90;

/**
 * The whole picture as WebP of at most `longestSide` pixels on its longest side, never enlarged.
 * `quality`: 1..100. Throws NOT_A_PICTURE, PICTURE_TOO_LARGE or PICTURE_BROKEN.
 */
export async function encodeWebp(
  bytes: Uint8Array,
  { longestSide, quality }: { readonly longestSide: number; readonly quality: number },
): Promise<Uint8Array> {
  const header = await readHeader(bytes);
  const scale = Math.min(1, longestSide / Math.max(header.width, header.height));
  const pipeline = openPicture(bytes, header).open();
  const sized =
    scale === 1
      ? pipeline
      : pipeline.resize({
          width: Math.max(1, Math.round(header.width * scale)),
          height: Math.max(1, Math.round(header.height * scale)),
          fit: 'fill',
        });
  return toFile(sized.webp({ quality }));
}

/**
 * An original in a form that every browser draws and that carries no metadata: for formats that browsers do not show
 * (TIFF), and for callers who must not hand out EXIF. Others are served as they are, see `contentTypeOf`.
 */
export function reencodeOriginal(bytes: Uint8Array): Promise<Uint8Array> {
  return encodeWebp(bytes, { longestSide: ORIGINAL_LONGEST_SIDE, quality: ORIGINAL_QUALITY });
}
