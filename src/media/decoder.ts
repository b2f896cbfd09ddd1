// The one way to open a picture's bytes: checked first, then upright, sRGB, 8 bit, on white, first frame only.
// What is made of the pixels is the caller's affair.
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Pixels } from '../core/pixels.ts';
import type { PictureFormat } from './formats.ts';
import {
  assertByteLimit,
  assertPictureFormat,
  assertPixelLimit,
  DECODE_TIMEOUT_SECONDS,
  MAX_PICTURE_PIXELS,
  toPictureError,
} from './limits.ts';

export interface PictureHeader {
  readonly format: PictureFormat;
  /** Upright size. */
  readonly width: number;
  readonly height: number;
  /** The raw EXIF block, where there is one. */
  readonly exif: Uint8Array | undefined;
}

/** A picture that is upright already and can be read several times. */
export interface UprightPicture {
  readonly width: number;
  readonly height: number;
  open(): Sharp;
}

/**
 * Reads no more than the header. Throws NOT_A_PICTURE, PICTURE_TOO_LARGE (over 64 MiB or 100 megapixels) or
 * PICTURE_BROKEN.
 */
export async function readHeader(bytes: Uint8Array): Promise<PictureHeader> {
  const format = assertPictureFormat(bytes);
  assertByteLimit(bytes.byteLength);
  let metadata: Metadata;
  try {
    // Without the library's own limit, so that the refusal below can name the size.
    metadata = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
  } catch (error) {
    throw toPictureError(error);
  }
  const { width, height } = metadata.autoOrient;
  assertPixelLimit(width, height);
  return { format, width, height, exif: metadata.exif };
}

/**
 * The bytes as an upright picture. Profiles (ICC) are converted to sRGB, CMYK, grey and 16 bit to 8-bit RGB.
 * Transparent parts are laid on white: the reference processor drops the alpha channel and so shows whatever
 * colour lies hidden below it (mostly black), which no viewer shows; drawings and logos are made for white paper.
 */
export function openPicture(bytes: Uint8Array, header: PictureHeader): UprightPicture {
  return {
    width: header.width,
    height: header.height,
    open: () =>
      // 'error' refuses truncated and damaged pixel data, but not what decoders merely warn of.
      sharp(bytes, { limitInputPixels: MAX_PICTURE_PIXELS, failOn: 'error' })
        .autoOrient()
        .flatten({ background: '#ffffff' })
        .toColourspace('srgb')
        .timeout({ seconds: DECODE_TIMEOUT_SECONDS }),
  };
}

/** Decoded pixels as an upright picture. */
export function openPixels(pixels: Pixels): UprightPicture {
  const raw = { width: pixels.width, height: pixels.height, channels: 3 } as const;
  return {
    width: pixels.width,
    height: pixels.height,
    open: () => sharp(pixels.data, { raw, limitInputPixels: false }),
  };
}

/** Runs a pipeline to its pixels. Throws PICTURE_BROKEN or PICTURE_TOO_LARGE. */
export async function toPixels(pipeline: Sharp): Promise<Pixels> {
  try {
    const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const rgb = info.channels === 3 ? data : takeRgb(data, info.channels);
    return { width: info.width, height: info.height, data: rgb };
  } catch (error) {
    throw toPictureError(error);
  }
}

/** Runs a pipeline to an encoded file. Throws PICTURE_BROKEN or PICTURE_TOO_LARGE. */
export async function toFile(pipeline: Sharp): Promise<Uint8Array> {
  try {
    return await pipeline.toBuffer();
  } catch (error) {
    throw toPictureError(error);
  }
}

/**
 * For the start of the process: threads inside one decode, and no cache of operations. Ingest decodes several
 * pictures at a time, so that one thread each and no second copy of pixels is both faster and smaller.
 */
export function configureDecoder(settings: { readonly threadsPerPicture: number }): void {
  sharp.concurrency(settings.threadsPerPicture);
  sharp.cache(false);
}

/** Grey (1 channel), grey with alpha (2) or RGBA (4) to RGB; alpha is 255 everywhere after flattening. */
function takeRgb(data: Uint8Array, channels: number): Uint8Array {
  const count = data.length / channels;
  const out = new Uint8Array(count * 3);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let i = 0; i < count; i++) {
    out[i * 3] = data[i * channels] as number;
    out[i * 3 + 1] = data[i * channels + green] as number;
    out[i * 3 + 2] = data[i * channels + blue] as number;
  }
  return out;
}
