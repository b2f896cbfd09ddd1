// What ships with a model beside its weights: where its modalities sit, and background pictures and words against which
// a score is read. Computed once by `npm run calibrate`; written and read here. Knows no file system.
import { AppError } from '../core/errors.ts';
import { dot, type Matrix, mean, pack, row, unit, type Vector } from '../core/vector.ts';
import type { ModalityMeans } from './space.ts';

export interface SpaceStatistics extends ModalityMeans {
  readonly dimension: number;
  /** Unit vectors of pictures of many things, none of them the user's. */
  readonly backgroundPictures: Matrix;
  /** Unit vectors of everyday words. */
  readonly backgroundWords: Matrix;
}

/** How one vector scores against a background: a score only says something beside these. */
export interface BackgroundStatistics {
  readonly mean: number;
  readonly deviation: number;
  /** Mean of the BEST_COUNT highest cosines: what a query scores on pictures that do show it, or a picture on its own words. */
  readonly best: number;
}

export const BEST_COUNT = 10;

/** Cosines of a unit vector with every row of the background, summed up. An empty background throws INTERNAL. */
export function backgroundStatistics(vector: Vector, background: Matrix): BackgroundStatistics {
  const { rows } = background;
  if (rows === 0) throw new AppError('INTERNAL', 'Background statistics expect at least one background vector.');
  // Shifted by the first cosine, so that the squares of values that lie close together lose no digits.
  const shift = dot(vector, row(background, 0));
  const best: number[] = [];
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    const value = dot(vector, row(background, i));
    sum += value - shift;
    squares += (value - shift) ** 2;
    if (best.length < BEST_COUNT || value > (best[0] as number)) keepBest(best, value);
  }
  const average = sum / rows;
  return {
    mean: average + shift,
    deviation: Math.sqrt(Math.max(0, squares / rows - average ** 2)),
    best: best.reduce((total, value) => total + value, 0) / best.length,
  };
}

/** `best`: ascending, at most BEST_COUNT. */
function keepBest(best: number[], value: number): void {
  if (best.length === BEST_COUNT) best.shift();
  let at = best.length;
  while (at > 0 && (best[at - 1] as number) > value) at--;
  best.splice(at, 0, value);
}

/** From unit vectors: all pictures and texts say where the modalities sit, the backgrounds are kept as they are. */
export function computeStatistics(input: {
  readonly pictures: readonly Vector[];
  readonly texts: readonly Vector[];
  readonly backgroundPictures: readonly Vector[];
  readonly backgroundWords: readonly Vector[];
}): SpaceStatistics {
  const imageMean = mean(input.pictures);
  return {
    dimension: imageMean.length,
    imageMean,
    textMean: mean(input.texts),
    backgroundPictures: pack(input.backgroundPictures, imageMean.length),
    backgroundWords: pack(input.backgroundWords, imageMean.length),
  };
}

const FORMAT = 'semblance-statistics-1';

/** One line of JSON, then the two means as Float32 and the backgrounds as one byte a value: a row is scaled by its greatest. */
export function serialiseStatistics(statistics: SpaceStatistics): Uint8Array {
  const { dimension, imageMean, textMean, backgroundPictures, backgroundWords } = statistics;
  const header = { format: FORMAT, dimension, pictures: backgroundPictures.rows, words: backgroundWords.rows };
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    bytesOf(imageMean),
    bytesOf(textMean),
    toBytes(backgroundPictures),
    toBytes(backgroundWords),
  ]);
}

/** The inverse, to about 1 % of each value of a background; the rows are of unit length again. Throws MODEL_UNAVAILABLE. */
export function parseStatistics(file: Uint8Array): SpaceStatistics {
  const end = file.indexOf(0x0a);
  const header = parseHeader(Buffer.from(file.subarray(0, Math.max(end, 0))).toString('utf8'));
  const { dimension, pictures, words } = header;
  const expected = end + 1 + 8 * dimension + (pictures + words) * dimension;
  if (file.length !== expected) throw malformed(`${expected} bytes expected, got ${file.length}`);
  let at = end + 1;
  // A copy each: Float32Array needs its bytes aligned, and a Buffer may lie anywhere in a larger one.
  const take = (count: number): Uint8Array<ArrayBuffer> => {
    at += count;
    return Uint8Array.from(file.subarray(at - count, at));
  };
  return {
    dimension,
    imageMean: new Float32Array(take(4 * dimension).buffer),
    textMean: new Float32Array(take(4 * dimension).buffer),
    backgroundPictures: fromBytes(take(pictures * dimension), pictures, dimension),
    backgroundWords: fromBytes(take(words * dimension), words, dimension),
  };
}

interface Header {
  readonly dimension: number;
  readonly pictures: number;
  readonly words: number;
}

function parseHeader(line: string): Header {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw malformed('its first line is not JSON', error);
  }
  const header = value as Partial<Record<string, unknown>> | null;
  const { format, dimension, pictures, words } = header ?? {};
  const isCount = (count: unknown): count is number => Number.isInteger(count) && (count as number) >= 0;
  if (format !== FORMAT || !isCount(dimension) || !isCount(pictures) || !isCount(words)) {
    throw malformed(`its first line does not describe ${FORMAT}`);
  }
  return { dimension, pictures, words };
}

function malformed(what: string, cause?: unknown): AppError {
  const message = `The model's statistics file is malformed: ${what}. Make it anew with "npm run calibrate".`;
  return new AppError('MODEL_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}

function bytesOf(vector: Vector): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** The scale of a row is not kept: its length is 1. */
function toBytes(matrix: Matrix): Uint8Array {
  const out = new Int8Array(matrix.data.length);
  for (let r = 0; r < matrix.rows; r++) {
    const values = row(matrix, r);
    const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    values.forEach((value, i) => {
      out[r * matrix.dimension + i] = Math.round((value / greatest) * 127);
    });
  }
  return new Uint8Array(out.buffer);
}

function fromBytes(bytes: Uint8Array<ArrayBuffer>, rows: number, dimension: number): Matrix {
  const values = new Int8Array(bytes.buffer);
  const vectors = Array.from({ length: rows }, (_, r) =>
    unit(Float32Array.from(values.subarray(r * dimension, (r + 1) * dimension))),
  );
  return pack(vectors, dimension);
}
