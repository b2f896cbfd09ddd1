// Gives pictures the vectors that a space lacks: from their files, or from the vectors of the space that it is derived from.
// Each batch is committed, so that a run cut short goes on where it stopped. Knows no other space and no tags.
import pMap, { pMapIterable } from 'p-map';
import { AppError } from '../../core/errors.ts';
import type { EncoderInfo } from '../../core/model-info.ts';
import { pack, row, type Vector } from '../../core/vector.ts';
import { type ImageId, imageIdOf, labelOf, regionOfView, type View, viewOf } from '../../core/views.ts';
import type { ImageEncoder } from '../../embedding/embedder.ts';
import { readPixels } from '../../media/picture.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { Job } from '../job-board.ts';
import type { QueryVectors } from '../search/query-vectors.ts';
import type { DerivedVectors } from './space-encoder.ts';
import { rowsToStored } from './space-encoder.ts';

/** Looking for what is lacking is one pass over the library. */
const LISTED_AT_ONCE = 50_000;
const FILES_AT_ONCE = 32;
/** Decoding runs in libvips' own threads. */
const DECODES_IN_FLIGHT = 4;
/** A learned head computes a tenth of a second on them, and blocks its thread. */
const ROWS_AT_ONCE = 256;

export interface FilledVector {
  readonly imageId: ImageId;
  readonly view: View;
  readonly vector: Vector;
}

/** Vectors of these pictures, by views; pictures that could not be read are told to `refuse`. */
export interface FillStep {
  readonly batch: number;
  of(
    ids: readonly ImageId[],
    views: readonly View[],
    refuse: (id: ImageId, error?: unknown) => void,
  ): Promise<FilledVector[]>;
}

interface Deps {
  readonly catalog: Catalog;
  readonly vectors: ImageVectors;
  readonly step: FillStep;
}

interface FilledBatch {
  readonly filled: FilledVector[];
  readonly skipped: readonly { readonly id: ImageId; readonly error: unknown }[];
}

export class SpaceFiller {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async isLacking(): Promise<boolean> {
    return (await this.#lacking(1, new Set())).length > 0;
  }

  /** Until no picture lacks a view but those that cannot be read, which the job names. */
  async fill(job: Job): Promise<void> {
    const refused = new Set<ImageId>();
    for (;;) {
      const ids = await this.#lacking(LISTED_AT_ONCE, refused);
      if (ids.length === 0) return;
      job.found += ids.length;
      job.foundAll = ids.length < LISTED_AT_ONCE;
      const { batch } = this.#deps.step;
      const batches = Array.from({ length: Math.ceil(ids.length / batch) }, (_, i) =>
        ids.slice(i * batch, (i + 1) * batch),
      );
      // One batch is read while the one before is committed.
      const read = pMapIterable(batches, (some) => this.#readBatch(some, refused, job), { concurrency: 2 });
      for await (const filled of read) await this.#commitBatch(filled, job);
    }
  }

  async #readBatch(ids: readonly ImageId[], refused: Set<ImageId>, job: Job): Promise<FilledBatch> {
    job.signal.throwIfAborted();
    const { vectors, step } = this.#deps;
    const skipped: { readonly id: ImageId; readonly error: unknown }[] = [];
    const filled = await step.of(ids, vectors.views, (id, error) => {
      refused.add(id);
      if (error !== undefined) skipped.push({ id, error });
      else job.found--;
    });
    return { filled, skipped };
  }

  async #commitBatch({ filled, skipped }: FilledBatch, job: Job): Promise<void> {
    const { catalog, vectors } = this.#deps;
    await catalog.putVectors(vectors.model, filled);
    vectors.indexCommitted(filled);
    for (const { id, error } of skipped) job.skip(await this.#nameOf(id), error);
    job.countAdded(new Set(filled.map(({ imageId }) => imageId)).size);
  }

  /** Pictures without one of the wanted views, less those that could not be read in this run. */
  async #lacking(limit: number, refused: ReadonlySet<ImageId>): Promise<ImageId[]> {
    const { catalog, vectors } = this.#deps;
    for (const view of vectors.views) {
      const ids = await catalog.imagesLackingView(vectors.model, view, limit + refused.size);
      const left = ids.filter((id) => !refused.has(id)).slice(0, limit);
      if (left.length > 0) return left;
    }
    return [];
  }

  async #nameOf(id: ImageId): Promise<string> {
    const [image] = await this.#deps.catalog.getImages([id]);
    return image?.name ?? `picture ${id}`;
  }
}

/** Reads the pictures' files. `encoder` gives vectors as they are stored. */
export function fillFromFiles(encoder: ImageEncoder, queryVectors: Pick<QueryVectors, 'readOriginal'>): FillStep {
  return {
    batch: FILES_AT_ONCE,
    async of(ids, views, refuse) {
      const decoded = await pMap(ids, (id) => decode(id, encoder.model, queryVectors, views, refuse), {
        concurrency: DECODES_IN_FLIGHT,
      });
      const pictures = decoded.filter((picture) => picture !== undefined);
      const embedded = await encoder.embedPixels(
        pictures.flatMap(({ pixels }) => pixels),
        'ingest',
      );
      return embedded.map((vector, i) => {
        const imageId = pictures[Math.floor(i / views.length)]?.imageId;
        const view = views[i % views.length];
        if (imageId === undefined || view === undefined)
          throw new AppError('INTERNAL', 'The encoder answered with more vectors than pictures.');
        return { imageId, view, vector };
      });
    },
  };
}

async function decode(
  imageId: ImageId,
  { pixels: spec }: EncoderInfo,
  queryVectors: Pick<QueryVectors, 'readOriginal'>,
  views: readonly View[],
  refuse: (id: ImageId, error: unknown) => void,
) {
  try {
    const pixels = await readPixels(await queryVectors.readOriginal(imageId), spec, views.map(regionOfView));
    return { imageId, pixels };
  } catch (error) {
    refuse(imageId, error);
    return undefined;
  }
}

/** Computes on the stored vectors of `base`; a picture that has none there is passed over without a word. */
export function fillFromSpace(
  open: () => Promise<Pick<DerivedVectors, 'derive'>>,
  base: () => Promise<ImageVectors>,
  metric: ImageVectors['metric'],
): FillStep {
  return {
    batch: ROWS_AT_ONCE,
    async of(ids, views, refuse) {
      const found = await (await base()).get(ids.flatMap((id) => views.map((view) => labelOf(id, view))));
      const complete = ids.filter((id) => views.every((view) => found.has(labelOf(id, view))));
      const labels = complete.flatMap((id) => views.map((view) => labelOf(id, view)));
      const known = new Set(complete);
      for (const id of ids) if (!known.has(id)) refuse(id);
      if (labels.length === 0) return [];
      const rows = pack(labels.flatMap((label) => found.get(label) ?? []));
      const derived = rowsToStored((await open()).derive(rows), metric);
      return labels.map((label, i) => ({ imageId: imageIdOf(label), view: viewOf(label), vector: row(derived, i) }));
    },
  };
}
