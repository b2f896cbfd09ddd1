// How much one picture may cost, and the refusals in words. Decoders are asked only after these checks.
import { AppError } from '../core/errors.ts';
import { describeOther, type PictureFormat, sniffFormat } from './formats.ts';

/** Of one file, on disk or sent. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
export const MAX_PICTURE_PIXELS = 100_000_000;
/** The longest that one picture may occupy the decoder. Ten times what 100 megapixels of JPEG take. */
export const DECODE_TIMEOUT_SECONDS = 30;

/** Throws PICTURE_TOO_LARGE for more than 64 MiB. */
export function assertByteLimit(bytes: number): void {
  if (bytes <= MAX_FILE_BYTES) return;
  throw new AppError(
    'PICTURE_TOO_LARGE',
    `Expected a picture of at most 64 MiB, got ${(bytes / 1024 / 1024).toFixed(1)} MiB. Save it smaller and try again.`,
    { details: { bytes, maxBytes: MAX_FILE_BYTES } },
  );
}

/** Throws PICTURE_TOO_LARGE for more than 100 megapixels. */
export function assertPixelLimit(width: number, height: number): void {
  if (width * height <= MAX_PICTURE_PIXELS) return;
  throw new AppError(
    'PICTURE_TOO_LARGE',
    `Expected a picture of at most 100 megapixels, got ${width} x ${height} ` +
      `(${((width * height) / 1e6).toFixed(1)} megapixels). Scale it down and try again.`,
    { details: { width, height, maxPixels: MAX_PICTURE_PIXELS } },
  );
}

/** The format of the bytes. Throws NOT_A_PICTURE for anything that is not read: SVG, PDF, HEIC, text, nothing. */
export function assertPictureFormat(bytes: Uint8Array): PictureFormat {
  const format = sniffFormat(bytes);
  if (format !== undefined) return format;
  throw new AppError(
    'NOT_A_PICTURE',
    `Expected a JPEG, PNG, WebP, AVIF, GIF or TIFF picture, got ${describeOther(bytes)}. ` +
      'Convert it to one of these formats and try again.',
  );
}

/** What a decoder's refusal means for the caller. Keeps an AppError as it is. */
export function toPictureError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  // The decoder's own words: sharp's `timeout: 12% complete` and `Input image exceeds pixel limit`.
  if (/^timeout:/.test(reason)) {
    return new AppError(
      'PICTURE_TOO_LARGE',
      `Expected a picture that decodes within ${DECODE_TIMEOUT_SECONDS} s, got one that takes longer. ` +
        'Save it anew in a simpler form (baseline JPEG or PNG) and try again.',
      { cause: error },
    );
  }
  if (/exceeds pixel limit/.test(reason)) {
    return new AppError('PICTURE_TOO_LARGE', 'Expected a picture of at most 100 megapixels, got more.', {
      cause: error,
    });
  }
  return new AppError(
    'PICTURE_BROKEN',
    `Expected a whole picture, got one that is truncated or damaged (${oneLine(reason)}). Fetch or export it again.`,
    { cause: error },
  );
}

/** Decoders report several lines, some of them long; the first says what is wrong. */
function oneLine(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
