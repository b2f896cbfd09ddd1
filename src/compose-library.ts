// The part of compose.ts that joins what fills a library: ingest, its files, and embedding anew. Split off for length only.
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Logger } from './core/logger.ts';
import type { Embedder } from './embedding/embedder.ts';
import { OriginalStore } from './media/originals.ts';
import { ThumbnailStore } from './media/thumbnails.ts';
import type { ImageVectors } from './services/image-vectors.ts';
import type { JobBoard } from './services/job-board.ts';
import { IngestService } from './services/library/ingest-service.ts';
import { LibraryService } from './services/library/library-service.ts';
import { PictureWriter } from './services/library/picture-writer.ts';
import { ReembedService } from './services/library/reembed-service.ts';
import { RemovedPictures } from './services/library/removed-pictures.ts';
import type { QueryVectors } from './services/search/query-vectors.ts';
import type { SpaceUpkeep } from './services/spaces/space-upkeep.ts';
import type { Spaces } from './services/spaces/spaces.ts';
import type { TagService } from './services/tags/tag-service.ts';
import type { Catalog } from './store/catalog.ts';

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  readonly vectors: ImageVectors;
  readonly queryVectors: QueryVectors;
  readonly tags: TagService;
  readonly jobs: JobBoard;
  readonly spaces: Spaces;
  readonly upkeep: SpaceUpkeep;
}

export interface Library {
  readonly thumbnails: ThumbnailStore;
  readonly ingest: IngestService;
  readonly library: LibraryService;
  readonly reembed: ReembedService;
}

/** Throws what the catalog throws. */
export async function composeLibrary(parts: Parts): Promise<Library> {
  const { config, log, catalog, embedder, vectors, queryVectors, tags, jobs, spaces, upkeep } = parts;
  const originals = new OriginalStore({ directory: join(config.dataDirectory, 'originals') });
  const thumbnails = new ThumbnailStore({ directory: join(config.dataDirectory, 'thumbnails'), logger: log });
  return {
    thumbnails,
    ingest: new IngestService({
      thumbnails,
      catalog,
      embedder,
      vectors: {
        forget(ids) {
          vectors.forget(ids);
          spaces.forget(ids);
        },
      },
      onAdded: () => upkeep.soon(),
      writer: new PictureWriter({ catalog, embedder, vectors, tags }),
      originals,
      removedPictures: await RemovedPictures.open(catalog),
      jobs,
      views: vectors.views,
    }),
    library: new LibraryService({ catalog, model: embedder.model, index: vectors.index }),
    reembed: new ReembedService({ catalog, embedder, vectors, tags, queryVectors, jobs, upkeep }),
  };
}
