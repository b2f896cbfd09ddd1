// The part of compose.ts that joins what answers queries: the model's space, focus, confidences, explanations, duplicates.
// Split off for length only.
import type { Embedder } from './embedding/embedder.ts';
import type { ImageVectors } from './services/image-vectors.ts';
import type { JobBoard } from './services/job-board.ts';
import { DistinctPictures } from './services/library/distinct-pictures.ts';
import { DuplicateService } from './services/library/duplicate-service.ts';
import { MapService } from './services/map/map-service.ts';
import { ConfidenceService } from './services/search/confidence-service.ts';
import { ExplainService } from './services/search/explain-service.ts';
import { FocusService } from './services/search/focus-service.ts';
import { LibrarySample } from './services/search/library-sample.ts';
import { ModelSpace } from './services/search/model-space.ts';
import { PictureWindows } from './services/search/picture-windows.ts';
import { QueryCompiler } from './services/search/query-compiler.ts';
import type { QueryVectors } from './services/search/query-vectors.ts';
import { ResultPages } from './services/search/result-pages.ts';
import { SearchPlanner } from './services/search/search-planner.ts';
import { SearchService } from './services/search/search-service.ts';
import type { Vocabulary } from './services/words/vocabulary.ts';
import type { Catalog } from './store/catalog.ts';

interface Parts {
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  readonly vectors: ImageVectors;
  readonly queryVectors: QueryVectors;
  readonly vocabulary: Vocabulary;
  readonly jobs: JobBoard;
  /** Where the model's own files lie; undefined for an embedder without any. */
  readonly modelFolder: string | undefined;
}

export interface Queries {
  readonly search: SearchService;
  readonly duplicates: DuplicateService;
  readonly map: MapService;
  /** For a service that stays: does once what the first explanation and the first focus would wait for. */
  warmUp(): Promise<void>;
}

/** Throws MODEL_UNAVAILABLE where the model's statistics or calibration are malformed. */
export async function composeQueries(parts: Parts): Promise<Queries> {
  const { catalog, embedder, vectors, queryVectors, vocabulary, modelFolder, jobs } = parts;
  const { model } = embedder;
  const sample = new LibrarySample({ catalog, model: model.fingerprint, dimension: model.dimension });
  const space = await ModelSpace.open({ folder: modelFolder, model, sample, words: vocabulary.vectors });
  const windows = new PictureWindows({ catalog, embedder, queryVectors, vectors });
  const imageCount = () => catalog.countImages({});
  const focus = new FocusService({ space, sample, windows, queryVectors, imageCount });
  const explain = new ExplainService({ space, vocabulary });
  const planner = new SearchPlanner({ catalog, vectors });
  const search = new SearchService({
    catalog,
    compiler: new QueryCompiler({ space, focus, queryVectors, vectors }),
    pages: new ResultPages({ planner, vectors }),
    confidence: new ConfidenceService(space),
    explain,
    indexSize: () => vectors.index.size,
    viewsPerImage: vectors.views.length,
  });
  const distinct = new DistinctPictures(catalog);
  return {
    search,
    duplicates: new DuplicateService({ catalog, vectors, space, distinct }),
    map: new MapService({ catalog, vectors, space, vocabulary, jobs }),
    async warmUp() {
      await explain.warmUp();
      focus.warmUp();
    },
  };
}
