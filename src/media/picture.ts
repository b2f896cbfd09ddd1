// Bytes in; what ingest and queries need of a picture out, in one decode. Mean and deviation are not applied here:
// the embedding side does that, once. Knows no file, no model and no catalog.
import { type PixelSpec, type Pixels, type Region, WHOLE_REGION } from '../core/pixels.ts';
import { openPicture, openPixels, readHeader, toPixels, type UprightPicture } from './decoder.ts';
import { takenAtFrom } from './exif.ts';
import type { PictureFormat } from './formats.ts';
import { boxOfRegion, frameBox, resizedSize, type Size } from './framing.ts';
import { perceptualHashOf } from './perceptual-hash.ts';
import { placeholderOf } from './placeholder.ts';

export interface DecodedPicture {
  readonly format: PictureFormat;
  /** Upright size. */
  readonly width: number;
  readonly height: number;
  readonly takenAt: Date | null;
  /** 16 lower-case hex digits, of the whole picture. */
  readonly perceptualHash: string;
  /** ThumbHash of the whole picture. */
  readonly placeholder: Uint8Array;
  /** One for each region, in order, spec.width x spec.height. */
  readonly pixels: Pixels[];
}

/**
 * Decodes a picture and cuts out its regions as the model wants them: resize and centre crop as in the model's
 * preprocessor_config.json, with the rounding of the Hugging Face processor.
 * Throws NOT_A_PICTURE, PICTURE_TOO_LARGE, PICTURE_BROKEN, or BAD_ARGUMENT for a region that leaves the picture.
 */
export async function readPicture(
  bytes: Uint8Array,
  spec: PixelSpec,
  regions: readonly Region[] = [WHOLE_REGION],
): Promise<DecodedPicture> {
  const { header, source, pixels, ...cut } = await cutRegions(bytes, spec, regions);
  const overview = cut.overview ?? (await readOverview(source));
  return {
    format: header.format,
    width: header.width,
    height: header.height,
    takenAt: takenAtFrom(header.exif),
    perceptualHash: perceptualHashOf(overview),
    placeholder: placeholderOf(overview),
    pixels,
  };
}

/** The pixels of `readPicture` alone: hash and placeholder take a fifth of a small picture's time. */
export async function readPixels(
  bytes: Uint8Array,
  spec: PixelSpec,
  regions: readonly Region[] = [WHOLE_REGION],
): Promise<Pixels[]> {
  return (await cutRegions(bytes, spec, regions)).pixels;
}

async function cutRegions(bytes: Uint8Array, spec: PixelSpec, regions: readonly Region[]) {
  const header = await readHeader(bytes);
  for (const region of regions) boxOfRegion(region, header);
  const file = openPicture(bytes, header);
  const source = regions.every(isWhole) ? file : await decodeOnce(file, spec, regions);
  const pixels: Pixels[] = [];
  let overview: Pixels | undefined;
  for (const region of regions) {
    const cut = await readRegion(source, spec, region);
    pixels.push(cut.pixels);
    if (isWhole(region)) overview ??= cut.uncropped;
  }
  return { header, source, pixels, overview };
}

/** Twice the pixels that the finest region needs: the second resize then changes next to nothing. */
const OVERSAMPLING = 2;
/** 48 MB of raw pixels. A region so small that this blurs it shows a few hundred pixels of a huge picture. */
const MAX_INTERMEDIATE_PIXELS = 16_000_000;
const OVERVIEW_SIDE = 64;

/** For several regions: one decode to raw pixels, no larger than the finest region needs. */
async function decodeOnce(file: UprightPicture, spec: PixelSpec, regions: readonly Region[]): Promise<UprightPicture> {
  const needed = regions.map((region) => {
    const box = boxOfRegion(region, file);
    const resized = resizedSize(box, spec.resize);
    return OVERSAMPLING * Math.max(resized.width / box.width, resized.height / box.height);
  });
  const room = Math.sqrt(MAX_INTERMEDIATE_PIXELS / (file.width * file.height));
  const scale = Math.min(1, room, Math.max(...needed));
  return openPixels(await toPixels(scale < 1 ? resizeTo(file, scaled(file, scale), 'cubic') : file.open()));
}

/** One region at the model's size, and the resized region before its crop where that shows all of it. */
async function readRegion(picture: UprightPicture, spec: PixelSpec, region: Region) {
  const box = boxOfRegion(region, picture);
  const framing = frameBox(box, spec);
  const { source, resized } = framing;
  const isAll = source.width === picture.width && source.height === picture.height;
  const opened = isAll ? picture.open() : picture.open().extract(source);
  const uncropped = await toPixels(opened.resize({ ...resized, fit: 'fill', kernel: spec.kernel }));
  return {
    pixels: crop(uncropped, framing.left, framing.top, spec),
    uncropped: framing.complete ? uncropped : undefined,
  };
}

/** The whole picture in a few thousand pixels, for hash and placeholder. */
async function readOverview(picture: UprightPicture): Promise<Pixels> {
  return toPixels(
    resizeTo(picture, scaled(picture, OVERVIEW_SIDE / Math.max(picture.width, picture.height)), 'linear'),
  );
}

function resizeTo(picture: UprightPicture, size: Size, kernel: PixelSpec['kernel']) {
  return picture.open().resize({ ...size, fit: 'fill', kernel });
}

function scaled(size: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}

/** Copies a window of `size` out of the picture; what lies outside is black, as in the reference. */
function crop(picture: Pixels, left: number, top: number, size: Size): Pixels {
  const { width, height } = size;
  if (picture.width === width && picture.height === height) return picture;
  const data = new Uint8Array(width * height * 3);
  const from = Math.max(0, left);
  const to = Math.min(picture.width, left + width);
  for (let y = Math.max(0, -top); y < Math.min(height, picture.height - top); y++) {
    const line = (y + top) * picture.width;
    data.set(picture.data.subarray((line + from) * 3, (line + to) * 3), (y * width + from - left) * 3);
  }
  return { width, height, data };
}

function isWhole(region: Region): boolean {
  return region.x === 0 && region.y === 0 && region.width === 1 && region.height === 1;
}
