// The vectors of a comparison's pictures, by the source of an encoder: each picture goes through each network once, and a
// derived space computes on the vectors of the space it reads. Knows no index and no measure.
import pMap from 'p-map';
import { AppError, toAppError } from '../../core/errors.ts';
import type { Matrix } from '../../core/vector.ts';
import type { ImageEncoder } from '../../embedding/embedder.ts';
import { readPixels } from '../../media/picture.ts';
import { readFileLimited } from '../../media/source.ts';
import { median } from '../../query/measures.ts';
import type { Metric } from '../../vectors/vector-index.ts';
import { rowsToStored, type SpaceEncoder } from '../spaces/space-encoder.ts';
import type { LabelledPicture } from './compare-pictures.ts';

export interface EmbeddedPictures {
  /** Those that could be read, in order. */
  readonly pictures: readonly LabelledPicture[];
  /** One row for each of them, as the encoder gives it: not normalised. */
  readonly vectors: Matrix;
  /** Of the network (and of the head upon it) alone, without reading and decoding; the median batch. */
  readonly msPerPicture: number;
  readonly refused: readonly { readonly picture: LabelledPicture; readonly error: AppError }[];
}

export type OnProgress = (done: number, total: number) => void;

const BATCH = 64;
/** Decoding runs in libvips' own threads. */
const DECODES_IN_FLIGHT = 4;

/**
 * Decodes and embeds in turns, so that the two do not slow each other down and the time of the network is its own. The worker's
 * first run, which is slower, is made beforehand with the first picture.
 */
export async function embedPictures(
  encoder: ImageEncoder,
  pictures: readonly LabelledPicture[],
  onProgress: OnProgress = () => {},
): Promise<EmbeddedPictures> {
  const { pixels: spec, dimension } = encoder.model;
  const data = new Float32Array(pictures.length * dimension);
  const read: LabelledPicture[] = [];
  const refused: { picture: LabelledPicture; error: AppError }[] = [];
  const times: number[] = [];
  for (let from = 0; from < pictures.length; from += BATCH) {
    const batch = pictures.slice(from, from + BATCH);
    const decoded = await pMap(
      batch,
      async (picture) => {
        try {
          return { picture, pixels: await readPixels(await readFileLimited(picture.path), spec) };
        } catch (error) {
          refused.push({ picture, error: toAppError(error) });
          return undefined;
        }
      },
      { concurrency: DECODES_IN_FLIGHT },
    );
    const good = decoded.filter((one) => one !== undefined);
    const pixels = good.flatMap((one) => one.pixels);
    if (read.length === 0 && pixels.length > 0) await encoder.embedPixels(pixels.slice(0, 1), 'ingest');
    const startedAt = performance.now();
    const vectors = await encoder.embedPixels(pixels, 'ingest');
    if (pixels.length > 0) times.push((performance.now() - startedAt) / pixels.length);
    vectors.forEach((vector, i) => {
      data.set(vector, (read.length + i) * dimension);
    });
    read.push(...good.map((one) => one.picture));
    onProgress(Math.min(from + BATCH, pictures.length), pictures.length);
  }
  const rows = read.length;
  return {
    pictures: read,
    vectors: { rows, dimension, data: data.subarray(0, rows * dimension) },
    msPerPicture: median(times),
    refused,
  };
}

/** Vectors of a head on another space, from those of that space as its encoder gives them. */
export function deriveVectors(
  base: EmbeddedPictures,
  baseMetric: Metric,
  derive: (vectors: Matrix) => Matrix,
): EmbeddedPictures {
  const startedAt = performance.now();
  const vectors = derive(rowsToStored(base.vectors, baseMetric));
  const msPerPicture = base.msPerPicture + (performance.now() - startedAt) / Math.max(1, base.vectors.rows);
  return { ...base, vectors, msPerPicture };
}

export interface SourcedSpace {
  /** Of the encoder: `pixels:32`. */
  readonly source: string;
  readonly metric: Metric;
}

interface Deps {
  readonly open: (source: string) => Promise<SpaceEncoder>;
  /** The space that a derived one reads. Throws SPACE_NOT_FOUND. */
  readonly baseOf: (name: string) => Promise<SourcedSpace>;
  /** Closes what `open` gave. */
  readonly close: (source: string, opened: SpaceEncoder) => Promise<void>;
}

/**
 * Vectors by source, kept for the whole comparison (4 bytes a number); a network is open only while it is needed. Throws
 * SPACE_HAS_NO_ENCODER for imported vectors, and what opening throws.
 */
export class ComparedVectors {
  readonly #deps: Deps;
  readonly #kept = new Map<string, EmbeddedPictures>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async of(source: string, pictures: readonly LabelledPicture[], onProgress: OnProgress): Promise<EmbeddedPictures> {
    const kept = this.#kept.get(source);
    if (kept !== undefined) return kept;
    const opened = await this.#deps.open(source);
    try {
      const embedded = await this.#embed(source, opened, pictures, onProgress);
      this.#kept.set(source, embedded);
      return embedded;
    } finally {
      await this.#deps.close(source, opened);
    }
  }

  async #embed(
    source: string,
    opened: SpaceEncoder,
    pictures: readonly LabelledPicture[],
    onProgress: OnProgress,
  ): Promise<EmbeddedPictures> {
    if (opened.from === 'PICTURES') return embedPictures(opened.encoder, pictures, onProgress);
    if (opened.from === 'SPACE') {
      const base = await this.#deps.baseOf(opened.base);
      const below = await this.of(base.source, pictures, onProgress);
      return deriveVectors(below, base.metric, (vectors) => opened.derive(vectors));
    }
    throw new AppError(
      'SPACE_HAS_NO_ENCODER',
      `The vectors of ${source} were imported, so it has none of the pictures of this folder and is left out.`,
    );
  }
}
