// preprocessor_config.json, in the shapes that published models bring, to the one PixelSpec. Pure; opens no file.
import { AppError } from '../core/errors.ts';
import type { PixelSpec } from '../core/pixels.ts';

/** Pillow's numbers for resampling filters, as stored under `resample`. Box and Hamming have no equal in sharp. */
const KERNELS: Readonly<Record<number, PixelSpec['kernel']>> = { 0: 'nearest', 1: 'lanczos3', 2: 'linear', 3: 'cubic' };
/** transformers.js' default where a file names no filter. */
const BILINEAR = 2;

type Rgb = readonly [number, number, number];
/** transformers' defaults for a file that asks to normalise and gives no numbers. */
const CLIP_MEAN: Rgb = [0.48145466, 0.4578275, 0.40821073];
const CLIP_DEVIATION: Rgb = [0.26862954, 0.26130258, 0.27577711];
const HALF: Rgb = [0.5, 0.5, 0.5];

/** Whose defaults fill what a file leaves out; networks other than CLIP have SigLIP's (transformers' 0.5). */
export type PixelFamily = 'clip' | 'siglip' | 'network';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads `size` as {shortest_edge}, {height, width} or a number (shortest edge), `crop_size` as an object or a number.
 * Without a crop, pictures scaled by their shortest edge are still cropped square, for a tensor has one shape.
 * Throws MODEL_UNAVAILABLE naming the field for what no tensor of one shape can be made from.
 */
export function parsePixelSpec(config: unknown, family: PixelFamily): PixelSpec {
  if (!isFields(config)) throw unusable('the file', 'a JSON object', config);
  return {
    ...parseFrame(config, family),
    kernel: parseKernel(config.resample ?? BILINEAR),
    ...parseNormalisation(config, family),
    rescale: config.do_rescale === false ? 1 : positive(config.rescale_factor ?? 1 / 255, 'rescale_factor'),
  };
}

/** What of it changes a tensor, in a fixed order, for fingerprints. */
export function pixelFacts({ resize, kernel, width, height, mean, deviation, rescale }: PixelSpec): unknown[] {
  const sides = 'shortestEdge' in resize ? [resize.shortestEdge] : [resize.width, resize.height];
  return [sides, kernel, width, height, mean, deviation, rescale];
}

function parseFrame(config: Fields, family: PixelFamily): Pick<PixelSpec, 'resize' | 'width' | 'height'> {
  const isCropped = config.do_center_crop !== false && config.crop_size !== undefined;
  // Except for CLIP, transformers reads a bare number as both sides where nothing is cropped (get_size_dict).
  const isSquare = family === 'network' && typeof config.size === 'number' && !isCropped;
  const resize = isSquare ? parseSides(config.size, 'size') : parseResize(config.size);
  if (isCropped) return { resize, ...parseSides(config.crop_size, 'crop_size') };
  if (!('shortestEdge' in resize)) return { resize, ...resize };
  const side = resize.shortestEdge;
  const sides = { width: side, height: side };
  const share = cropShare(config);
  if (share === undefined) return { resize, ...sides };
  if (side >= CONVNEXT_UNCROPPED_SIDE) return { resize: sides, ...sides };
  return { resize: { shortestEdge: Math.floor(side / share) }, ...sides };
}

/** From this side on ConvNeXT's processor squeezes the whole picture instead of cropping it. */
const CONVNEXT_UNCROPPED_SIDE = 384;

/** The crop as a share of the resized picture: ConvNeXT's processor alone says it so. */
function cropShare(config: Fields): number | undefined {
  const isConvNext = /^ConvNext/.test(String(config.image_processor_type ?? config.feature_extractor_type));
  return isConvNext ? positive(config.crop_pct ?? 224 / 256, 'crop_pct') : undefined;
}

function parseResize(size: unknown): PixelSpec['resize'] {
  if (typeof size === 'number') return { shortestEdge: positive(size, 'size') };
  if (isFields(size) && size.shortest_edge !== undefined) {
    return { shortestEdge: positive(size.shortest_edge, 'size.shortest_edge') };
  }
  return parseSides(size, 'size');
}

function parseSides(value: unknown, field: string): { width: number; height: number } {
  if (typeof value === 'number') return { width: positive(value, field), height: positive(value, field) };
  if (!isFields(value)) throw unusable(field, 'a number, {shortest_edge} or {height, width}', value);
  return { width: positive(value.width, `${field}.width`), height: positive(value.height, `${field}.height`) };
}

function parseKernel(resample: unknown): PixelSpec['kernel'] {
  const kernel = typeof resample === 'number' ? KERNELS[resample] : undefined;
  if (kernel === undefined) throw unusable('resample', '0 nearest, 1 lanczos, 2 bilinear or 3 bicubic', resample);
  return kernel;
}

function parseNormalisation(config: Fields, family: PixelFamily): { mean: Rgb; deviation: Rgb } {
  if (config.do_normalize === false) return { mean: [0, 0, 0], deviation: [1, 1, 1] };
  const deviation = parseRgb(config.image_std ?? (family === 'clip' ? CLIP_DEVIATION : HALF), 'image_std');
  if (deviation.some((value) => value <= 0)) throw unusable('image_std', 'numbers above 0', config.image_std);
  return { mean: parseRgb(config.image_mean ?? (family === 'clip' ? CLIP_MEAN : HALF), 'image_mean'), deviation };
}

/** One number a channel, or one for all three. */
function parseRgb(value: unknown, field: string): Rgb {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  const [r, g, b] = list;
  if (list.length === 3 && isNumber(r) && isNumber(g) && isNumber(b)) return [r, g, b];
  throw unusable(field, 'three numbers', value);
}

function positive(value: unknown, field: string): number {
  if (isNumber(value) && value > 0) return value;
  throw unusable(field, 'a number above 0', value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(field: string, expected: string, came: unknown): AppError {
  return new AppError(
    'MODEL_UNAVAILABLE',
    `preprocessor_config.json: expected ${field} to be ${expected}, got ${JSON.stringify(came)}. Use another model, or mend its file.`,
  );
}
