// What a resolver receives: the services, loaders that live as long as one request, and that request's budget.
import DataLoader from 'dataloader';
import { AppError } from '../core/errors.ts';
import type { ImageId } from '../core/views.ts';
import type { JobBoard } from '../services/job-board.ts';
import type { DuplicateService } from '../services/library/duplicate-service.ts';
import type { IngestService } from '../services/library/ingest-service.ts';
import type { LibraryService } from '../services/library/library-service.ts';
import type { MapService } from '../services/map/map-service.ts';
import type { QueryVectors } from '../services/search/query-vectors.ts';
import type { SearchService } from '../services/search/search-service.ts';
import type { Spaces } from '../services/spaces/spaces.ts';
import type { FacetService } from '../services/tags/facet-service.ts';
import type { Tag, TagService } from '../services/tags/tag-service.ts';
import type { WordService } from '../services/words/word-service.ts';
import type { Catalog } from '../store/catalog.ts';

export interface Services {
  readonly catalog: Catalog;
  readonly spaces: Spaces;
  readonly search: SearchService;
  readonly duplicates: DuplicateService;
  readonly tags: TagService;
  readonly words: WordService;
  readonly facets: FacetService;
  readonly queryVectors: QueryVectors;
  readonly ingest: IngestService;
  readonly library: LibraryService;
  readonly map: MapService;
  readonly jobs: JobBoard;
}

export interface RequestContext {
  readonly services: Services;
  /** Stored tags of a picture, users' own first; gathered over the whole answer into one read. */
  readonly tags: DataLoader<ImageId, readonly Tag[]>;
  /** Counts one embedding against this request. Throws QUERY_TOO_COSTLY past the limit. */
  spendEmbedding(): void;
}

/** A page asks for one; a client that batches asks for a handful. */
const MAX_EMBEDDINGS_PER_REQUEST = 20;
const MAX_TAGS = 100;

export function createContext(services: Services): RequestContext {
  let spent = 0;
  return {
    services,
    tags: new DataLoader(async (ids: readonly ImageId[]) => {
      const tags = await services.tags.tagsOfImages(ids, MAX_TAGS);
      return ids.map((id) => tags.get(id) ?? []);
    }),
    spendEmbedding() {
      if (++spent > MAX_EMBEDDINGS_PER_REQUEST) {
        throw new AppError(
          'QUERY_TOO_COSTLY',
          `One request may embed ${MAX_EMBEDDINGS_PER_REQUEST} texts and pictures; this one asks for more. Send several requests.`,
        );
      }
    },
  };
}
