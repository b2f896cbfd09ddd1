// The only file that names concrete adapters, with its parts in compose-*.ts: builds the service from a Config by hand, and
// closes it in reverse order.
import { join } from 'node:path';
import pino from 'pino';
import { type SourceOpeners, sourceOpener } from './compose-encoders.ts';
import { openImageIndex, openWordIndex } from './compose-indexes.ts';
import { composeLibrary } from './compose-library.ts';
import { findModel, openModel } from './compose-model.ts';
import { composeQueries } from './compose-queries.ts';
import { type ComposedSpaces, composeSpaces } from './compose-spaces.ts';
import { composeWords, type Wordly } from './compose-words.ts';
import type { Config } from './config.ts';
import type { Logger } from './core/logger.ts';
import { INDEXED_WINDOWS, WHOLE } from './core/views.ts';
import type { DownloadProgress } from './embedding/download-file.ts';
import type { Embedder } from './embedding/embedder.ts';
import { configureDecoder } from './media/decoder.ts';
import type { ThumbnailStore } from './media/thumbnails.ts';
import { ROOT } from './root.ts';
import type { Services } from './server/context.ts';
import { CatalogChanges } from './services/catalog-changes.ts';
import { ImageVectors } from './services/image-vectors.ts';
import { JobBoard } from './services/job-board.ts';
import { openLearned } from './services/learn/learned-space.ts';
import type { ReembedService } from './services/library/reembed-service.ts';
import { QueryVectors } from './services/search/query-vectors.ts';
import type { SearchService } from './services/search/search-service.ts';
import type { OpenSource } from './services/spaces/open-encoders.ts';
import { MAIN } from './services/spaces/space-definition.ts';
import type { SpaceUpkeep } from './services/spaces/space-upkeep.ts';
import type { Spaces } from './services/spaces/spaces.ts';
import { TagService } from './services/tags/tag-service.ts';
import { loadVocabulary, readVocabulary, type Vocabulary } from './services/words/vocabulary.ts';
import type { Catalog } from './store/catalog.ts';
import { openSqliteCatalog } from './store/sqlite-catalog.ts';
import type { LiveIndex } from './vectors/live-index.ts';

export { ROOT };

export interface App {
  readonly config: Config;
  readonly services: Services;
  readonly reembed: ReembedService;
  readonly spaces: Spaces;
  readonly upkeep: SpaceUpkeep;
  /** Opens an encoder without making a space of it; whoever opens it closes it. */
  readonly openSource: OpenSource;
  readonly thumbnails: ThumbnailStore;
  readonly wordly: Wordly;
  readonly log: Logger;
  /** For a service that stays: prepares what the first queries of a kind would wait for. */
  warmUp(): Promise<void>;
  /** Builds the picture index of every space anew from the catalog; rejects where that fails. */
  rebuildIndex(): Promise<void>;
  /** Waits until no index is being built. */
  indexesSettled(): Promise<void>;
  /** Ends running jobs and background builds, then closes everything. Safe to call twice. */
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** Tests hand in an embedder of their own; it is closed with the rest. */
  readonly embedder?: Embedder;
  /** Further kinds of encoders for spaces, by the scheme of their source. */
  readonly sources?: SourceOpeners;
  /** Where the statistics and the calibration of that embedder lie, where it has any. */
  readonly modelFolder?: string;
}

/** Opens the catalog, the model and the indexes. Throws what they throw; what was open by then is closed. */
export async function compose(config: Config, options: ComposeOptions = {}): Promise<App> {
  const log: Logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  // Several pictures are decoded at a time, so one thread for each is the better use of the cores.
  configureDecoder({ threadsPerPicture: 1 });
  const opened: Array<() => Promise<void>> = [];
  const closeAll = async () => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
  };
  try {
    const folder = options.embedder === undefined ? await findModel(config, options.onDownload) : undefined;
    const model = folder === undefined ? options.embedder : openModel(folder, config);
    const [embedder, catalog] = await openBoth(model as Embedder | Promise<Embedder>, config);
    opened.push(() => catalog.close());
    opened.push(() => embedder.close());
    const modelFolder = folder?.path ?? options.modelFolder;
    const app = await assemble({ config, options, log, catalog, embedder, modelFolder, opened });
    return { ...app, config, log, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Opens model and catalog side by side; where one fails, the other is closed. */
async function openBoth(model: Embedder | Promise<Embedder>, config: Config): Promise<[Embedder, Catalog]> {
  const [embedder, catalog] = await Promise.allSettled([
    model,
    openSqliteCatalog({ path: join(config.dataDirectory, 'catalog.sqlite') }),
  ]);
  if (embedder.status === 'fulfilled' && catalog.status === 'fulfilled') return [embedder.value, catalog.value];
  if (embedder.status === 'fulfilled') await embedder.value.close();
  if (catalog.status === 'fulfilled') await catalog.value.close();
  throw embedder.status === 'rejected' ? embedder.reason : (catalog as PromiseRejectedResult).reason;
}

/** What the rest stands on. */
interface Ground {
  readonly config: Config;
  readonly options: ComposeOptions;
  readonly log: Logger;
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  /** Where the model's own files lie; undefined for an embedder without any. */
  readonly modelFolder: string | undefined;
  /** Each closes one thing that is open, the last first; whoever opens another adds to it. */
  readonly opened: Array<() => Promise<void>>;
}

async function assemble(ground: Ground): Promise<Omit<App, 'config' | 'log' | 'close'>> {
  const { catalog } = ground;
  const jobs = new JobBoard();
  const main = await openMain(ground);
  const { search, duplicates, map, warmUp } = await composeQueries({ ...ground, ...main, jobs });
  const openSource = openSourceOf(ground, main);
  const { spaces, upkeep } = openSpaces(ground, { ...main, search, openSource, jobs });
  const { thumbnails, ingest, library, reembed } = await composeLibrary({ ...ground, ...main, jobs, spaces, upkeep });
  const { wordly, queryVectors, tags } = main;
  const { words, facets } = wordly;
  return {
    services: { catalog, spaces, search, duplicates, tags, words, facets, queryVectors, ingest, library, map, jobs },
    ...{ reembed, spaces, upkeep, openSource, thumbnails, wordly, warmUp },
    rebuildIndex: () => rebuildIndexes(main, spaces),
    indexesSettled: () => indexesSettled(main, spaces),
  };
}

/** The space of the configured model: its indexes, and what asks them. */
interface Main {
  readonly changes: CatalogChanges;
  readonly vocabulary: Vocabulary;
  readonly wordIndex: LiveIndex;
  readonly vectors: ImageVectors;
  readonly wordly: Wordly;
  readonly queryVectors: QueryVectors;
  readonly tags: TagService;
}

async function openMain({ config, log, catalog, embedder, modelFolder, opened }: Ground): Promise<Main> {
  const { model } = embedder;
  const words = await readVocabulary(model.vocabularyFile, config.vocabularyFile);
  const vocabulary = await loadVocabulary(words, embedder, catalog);
  const wordIndex = await openWordIndex({ config, model, log }, vocabulary);
  opened.push(() => wordIndex.close());
  const views = config.views === 'windows' ? [WHOLE, ...INDEXED_WINDOWS] : [WHOLE];
  const index = await openImageIndex({ config, model, log }, catalog, views);
  opened.push(() => index.close());
  const changes = new CatalogChanges(catalog);
  const vectors = new ImageVectors({ catalog, changes, index, model: model.fingerprint, views });
  const modelsDirectory = join(ROOT, 'models');
  const wordly = await composeWords({ config, modelsDirectory, modelFolder, embedder, catalog, vocabulary, log });
  opened.push(() => wordly.close());
  const queryVectors = new QueryVectors({ catalog, embedder, texts: wordly.texts });
  const tags = await TagService.open({
    ...wordly,
    ...{ catalog, embedder, index: wordIndex, vocabulary, queryVectors, vectors },
  });
  return { changes, vocabulary, wordIndex, vectors, wordly, queryVectors, tags };
}

function openSourceOf({ config, options, catalog }: Ground, { wordly, vocabulary }: Main): OpenSource {
  const learned = (hash: string) => openLearned({ catalog, words: wordly.words, vocabulary: vocabulary.words }, hash);
  return sourceOpener(
    {
      modelsDirectory: join(ROOT, 'models'),
      cacheDirectory: config.cacheDirectory,
      threads: config.threads,
      onProgress: options.onDownload,
    },
    { learned, ...options.sources },
  );
}

interface SpaceParts extends Main {
  readonly search: SearchService;
  readonly openSource: OpenSource;
  readonly jobs: JobBoard;
}

function openSpaces({ config, catalog, log, embedder, opened }: Ground, parts: SpaceParts): ComposedSpaces {
  const { changes, vocabulary, vectors, queryVectors, tags, search, openSource, jobs } = parts;
  const composed = composeSpaces({
    ...{ config, catalog, changes, jobs, log, openSource },
    views: vectors.views,
    vocabulary: vocabulary.words,
    main: { embedder, vectors, queryVectors, tags, search },
  });
  opened.push(() => composed.spaces.close());
  opened.push(() => composed.upkeep.close());
  // Before everything that jobs work on is closed, they end.
  opened.push(() => jobs.stop());
  return composed;
}

async function rebuildIndexes({ vectors }: Main, spaces: Spaces): Promise<void> {
  await vectors.index.rebuild();
  for (const name of await spaces.names()) if (name !== MAIN) await (await spaces.get(name)).vectors.index.rebuild();
}

async function indexesSettled({ wordIndex, vectors, wordly }: Main, spaces: Spaces): Promise<void> {
  await Promise.all([wordIndex.settled(), vectors.index.settled(), wordly.words.settled()]);
  for (const space of spaces.opened()) await space.vectors.index.settled();
}
