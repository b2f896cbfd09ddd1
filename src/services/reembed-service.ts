// Brings the library up to the model and vocabulary in use: pictures that lack a vector of this model are embedded from
// their files, tags of another version are computed anew. Search goes on meanwhile over what is done.
import pMap from 'p-map';
import { AppError } from '../core/errors.ts';
import { type ImageId, labelOf, regionOfView, type View, WHOLE } from '../core/views.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { readPicture } from '../media/picture.ts';
import type { Catalog, StoredTag } from '../store/catalog.ts';
import type { ImageVectors } from './image-vectors.ts';
import type { Job, JobBoard } from './job-board.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { TagService } from './tag-service.ts';

const BATCH = 32;

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  readonly vectors: ImageVectors;
  readonly tags: TagService;
  readonly queryVectors: QueryVectors;
  readonly jobs: JobBoard;
  readonly views: readonly View[];
}

export class ReembedService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Starts the work where there is any; undefined where the library is up to date. */
  async startIfNeeded(): Promise<Job | undefined> {
    const { catalog, tags, jobs } = this.#deps;
    const lacking = await this.#lacking(1, new Set());
    const stale = await catalog.imagesWithStaleTags(tags.version, 1);
    if (lacking.length === 0 && stale.length === 0) return undefined;
    return jobs.start('REEMBED', (job) => this.#run(job));
  }

  async #run(job: Job): Promise<void> {
    const refused = new Set<ImageId>();
    for (let ids = await this.#lacking(BATCH, refused); ids.length > 0; ids = await this.#lacking(BATCH, refused)) {
      job.signal.throwIfAborted();
      job.found += ids.length;
      await this.#embed(ids, refused, job);
    }
    await this.#refreshTags(job);
  }

  /** Pictures without one of the wanted views, less those that could not be read in this run. */
  async #lacking(limit: number, refused: ReadonlySet<ImageId>): Promise<ImageId[]> {
    const { catalog, embedder, views } = this.#deps;
    for (const view of views) {
      const ids = await catalog.imagesLackingView(embedder.model.fingerprint, view, limit + refused.size);
      const left = ids.filter((id) => !refused.has(id)).slice(0, limit);
      if (left.length > 0) return left;
    }
    return [];
  }

  async #embed(ids: readonly ImageId[], refused: Set<ImageId>, job: Job): Promise<void> {
    const { catalog, embedder, queryVectors, vectors, views } = this.#deps;
    const regions = views.map(regionOfView);
    const decoded = await pMap(
      ids,
      async (imageId) => {
        try {
          const { pixels } = await readPicture(
            await queryVectors.readOriginal(imageId),
            embedder.model.pixels,
            regions,
          );
          return { imageId, pixels };
        } catch (error) {
          refused.add(imageId);
          job.skip(await this.#nameOf(imageId), error);
          return undefined;
        }
      },
      { concurrency: 4 },
    );
    const pictures = decoded.filter((picture) => picture !== undefined);
    const embedded = await embedder.embedPixels(
      pictures.flatMap(({ pixels }) => pixels),
      'ingest',
    );
    const entries = embedded.map((vector, i) => {
      const picture = pictures[Math.floor(i / views.length)];
      const view = views[i % views.length];
      if (picture === undefined || view === undefined)
        throw new AppError('INTERNAL', 'The embedder answered with more vectors than pictures.');
      return { imageId: picture.imageId, view, vector };
    });
    await catalog.putVectors(embedder.model.fingerprint, entries);
    vectors.indexCommitted(entries);
    job.countAdded(pictures.length);
  }

  async #refreshTags(job: Job): Promise<void> {
    const { catalog, embedder, tags } = this.#deps;
    for (;;) {
      job.signal.throwIfAborted();
      // What tags come from may change meanwhile: they are then stale again, and come once more.
      const version = tags.version;
      const ids = await catalog.imagesWithStaleTags(version, 256);
      if (ids.length === 0) return;
      const wholes = await catalog.getVectors(
        embedder.model.fingerprint,
        ids.map((id) => labelOf(id, WHOLE)),
      );
      const fresh = new Map<ImageId, StoredTag[]>();
      for (const id of ids) {
        const vector = wholes.get(labelOf(id, WHOLE));
        // A picture that cannot be read keeps no computed tags, and is not asked for again.
        fresh.set(id, vector === undefined ? [] : await tags.tagsToStore(vector, id));
      }
      await catalog.putModelTags(version, fresh);
    }
  }

  async #nameOf(id: ImageId): Promise<string> {
    const [image] = await this.#deps.catalog.getImages([id]);
    return image?.name ?? `picture ${id}`;
  }
}
