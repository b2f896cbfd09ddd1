// Brings the library up to the model and vocabulary in use, and its other spaces up to the library: pictures that lack a
// vector are embedded from their files, tags of another version are computed anew. Search goes on meanwhile over what is done.
import { type ImageId, labelOf, WHOLE } from '../../core/views.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { Catalog, StoredTag } from '../../store/catalog.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { Job, JobBoard } from '../job-board.ts';
import type { QueryVectors } from '../search/query-vectors.ts';
import { fillFromFiles, SpaceFiller } from '../spaces/space-filler.ts';
import type { SpaceUpkeep } from '../spaces/space-upkeep.ts';
import type { TagService } from '../tags/tag-service.ts';

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  readonly vectors: ImageVectors;
  readonly tags: TagService;
  readonly queryVectors: QueryVectors;
  readonly jobs: JobBoard;
  /** Of the spaces beside the main one. */
  readonly upkeep: SpaceUpkeep;
}

export class ReembedService {
  readonly #deps: Deps;
  readonly #filler: SpaceFiller;

  constructor(deps: Deps) {
    const { catalog, embedder, vectors, queryVectors } = deps;
    this.#deps = deps;
    this.#filler = new SpaceFiller({ catalog, vectors, step: fillFromFiles(embedder, queryVectors) });
  }

  /** Starts the work where there is any, or joins what is under way; undefined where everything is up to date. */
  async startIfNeeded(): Promise<Job | undefined> {
    const { catalog, tags, jobs, upkeep } = this.#deps;
    const stale = await catalog.imagesWithStaleTags(tags.version, 1);
    if (stale.length === 0 && !(await this.#filler.isLacking())) return upkeep.startIfNeeded();
    return jobs.start('REEMBED', async (job) => {
      await this.#filler.fill(job);
      await this.#refreshTags(job);
      await upkeep.fillAll(job);
    });
  }

  async #refreshTags(job: Job): Promise<void> {
    const { catalog, embedder, tags } = this.#deps;
    // Pictures that were embedded just now are counted already.
    const isOnlyTags = job.found === 0;
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
      if (isOnlyTags) {
        job.found += ids.length;
        job.known += ids.length;
        job.changed();
      }
    }
  }
}
