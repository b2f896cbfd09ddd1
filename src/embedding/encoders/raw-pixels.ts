// The baseline among image encoders: the picture's own pixels, made small. Needs no weights, no network and no thread.
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { EncoderInfo, Fingerprint } from '../../core/model-info.ts';
import type { PixelSpec } from '../../core/pixels.ts';
import type { ImageEncoder } from '../embedder.ts';
import { assertPixels } from '../picture-tower.ts';

const DEFAULT_SIDE = 32;
/** 64 x 64 are 12,288 numbers a picture; more would be a worse baseline that costs more. */
const MAX_SIDE = 64;
/** Raise when the way from pixels to a vector changes in this code. */
const FORMAT = 1;

/** The side that `pixels` (32) or `pixels:N` asks for; undefined for other sources. Throws MODEL_UNAVAILABLE out of 1..64. */
export function parseRawPixels(source: string): number | undefined {
  const match = /^pixels(?::(.*))?$/.exec(source);
  if (match === null) return undefined;
  const side = match[1] === undefined ? DEFAULT_SIDE : Number(match[1]);
  if (Number.isInteger(side) && side >= 1 && side <= MAX_SIDE) return side;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `Expected pixels or pixels:N with N from 1 to ${MAX_SIDE}, got "${source}". pixels:32 is the usual baseline.`,
  );
}

/**
 * An encoder that squeezes the picture to side x side and gives its levels as 0..1: row by row, RGB interleaved, as
 * numpy flattens height x width x 3. Dimension 3 * side * side. Throws as the port says.
 */
export function createRawPixels(side: number = DEFAULT_SIDE): ImageEncoder {
  const pixels: PixelSpec = {
    resize: { width: side, height: side },
    kernel: 'linear',
    width: side,
    height: side,
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    rescale: 1 / 255,
  };
  const model: EncoderInfo = {
    id: `pixels:${side}`,
    revision: String(FORMAT),
    dtype: 'fp32',
    dimension: 3 * side * side,
    pixels,
    fingerprint: fingerprintOf(side),
  };
  let isClosed = false;
  return {
    model,
    description: `Raw pixels at ${side} x ${side}: the baseline, no network.`,
    async embedPixels(pictures) {
      for (const picture of pictures) assertPixels(picture, pixels);
      if (isClosed) throw new AppError('SHUTTING_DOWN', 'The encoder was closed. Ask again once it is open.');
      return pictures.map(({ data }) => Float32Array.from(data, (level) => level / 255));
    },
    async close() {
      isClosed = true;
    },
  };
}

function fingerprintOf(side: number): Fingerprint {
  return createHash('sha256').update(`pixels ${FORMAT} ${side}`).digest('hex').slice(0, 32) as Fingerprint;
}
