// The only file that names concrete adapters: builds the service from a Config by hand, and closes it in reverse order.
import { join } from 'node:path';
import pino from 'pino';
import { type SourceOpeners, sourceOpener } from './compose-encoders.ts';
import { composeQueries } from './compose-queries.ts';
import { composeSpaces } from './compose-spaces.ts';
import { composeWords, type Wordly, wordIndexKind } from './compose-words.ts';
import type { Config } from './config.ts';
import type { Logger } from './core/logger.ts';
import { INDEXED_WINDOWS, WHOLE } from './core/views.ts';
import { cacheTexts } from './embedding/cached-embedder.ts';
import type { DownloadProgress } from './embedding/download-file.ts';
import type { Embedder } from './embedding/embedder.ts';
import { resolveModel } from './embedding/model-files.ts';
import type { ModelFolder } from './embedding/model-folder.ts';
import { createWorkerEmbedder } from './embedding/worker-embedder.ts';
import { configureDecoder } from './media/decoder.ts';
import { OriginalStore } from './media/originals.ts';
import { ThumbnailStore } from './media/thumbnails.ts';
import { ROOT } from './root.ts';
import type { Services } from './server/context.ts';
import { CatalogChanges } from './services/catalog-changes.ts';
import { catalogSource, ImageVectors } from './services/image-vectors.ts';
import { JobBoard } from './services/job-board.ts';
import { openLearned } from './services/learn/learned-space.ts';
import { IngestService } from './services/library/ingest-service.ts';
import { LibraryService } from './services/library/library-service.ts';
import { PictureWriter } from './services/library/picture-writer.ts';
import { ReembedService } from './services/library/reembed-service.ts';
import { RemovedPictures } from './services/library/removed-pictures.ts';
import { QueryVectors } from './services/search/query-vectors.ts';
import type { OpenSource } from './services/spaces/open-encoders.ts';
import { MAIN } from './services/spaces/space-definition.ts';
import type { SpaceUpkeep } from './services/spaces/space-upkeep.ts';
import type { Spaces } from './services/spaces/spaces.ts';
import { TagService } from './services/tags/tag-service.ts';
import { loadVocabulary, readVocabulary, vocabularySource } from './services/words/vocabulary.ts';
import type { Catalog } from './store/catalog.ts';
import { openSqliteCatalog } from './store/sqlite-catalog.ts';
import { LiveIndex } from './vectors/live-index.ts';

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
    const folder = options.embedder === undefined ? await findModel(config, options) : undefined;
    const model = folder === undefined ? options.embedder : openModel(folder, config);
    const [embedder, catalog] = await openBoth(model as Embedder | Promise<Embedder>, config);
    opened.push(() => catalog.close());
    opened.push(() => embedder.close());
    const modelFolder = folder?.path ?? options.modelFolder;
    return {
      ...(await assemble(config, options, embedder, modelFolder, catalog, log, opened)),
      config,
      log,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function assemble(
  config: Config,
  options: ComposeOptions,
  embedder: Embedder,
  modelFolder: string | undefined,
  catalog: Catalog,
  log: Logger,
  opened: Array<() => Promise<void>>,
) {
  const { model } = embedder;
  const views = config.views === 'windows' ? [WHOLE, ...INDEXED_WINDOWS] : [WHOLE];
  const indexOptions = {
    directory: join(config.dataDirectory, 'index'),
    kind: config.index,
    dimension: model.dimension,
    metric: 'cosine' as const,
    onWarning: (message: string, error: unknown) => log.warn({ err: error }, message),
  };

  const words = await readVocabulary(model.vocabularyFile, config.vocabularyFile);
  const vocabulary = await loadVocabulary(words, embedder, catalog);
  const wordIndex = await LiveIndex.open({
    ...indexOptions,
    kind: wordIndexKind(config.index),
    name: 'words',
    fingerprint: vocabulary.version,
    source: vocabularySource(vocabulary),
  });
  opened.push(() => wordIndex.close());
  const imageIndex = await LiveIndex.open({
    ...indexOptions,
    name: 'images',
    fingerprint: `${model.fingerprint}/${config.views}`,
    source: catalogSource(catalog, model.fingerprint, views),
  });
  opened.push(() => imageIndex.close());

  const jobs = new JobBoard();
  const changes = new CatalogChanges(catalog);
  const vectors = new ImageVectors({ catalog, changes, index: imageIndex, model: model.fingerprint, views });
  const wordly = await composeWords({
    config,
    modelsDirectory: join(ROOT, 'models'),
    modelFolder,
    embedder,
    catalog,
    vocabulary,
    log,
  });
  opened.push(() => wordly.close());
  const queryVectors = new QueryVectors({ catalog, embedder, texts: wordly.texts });
  const tags = await TagService.open({
    ...wordly,
    catalog,
    embedder,
    index: wordIndex,
    vocabulary,
    queryVectors,
    vectors,
  });
  const originals = new OriginalStore({ directory: join(config.dataDirectory, 'originals') });
  const thumbnails = new ThumbnailStore({ directory: join(config.dataDirectory, 'thumbnails'), logger: log });
  const removedPictures = await RemovedPictures.open(catalog);
  const writer = new PictureWriter({ catalog, embedder, vectors, tags });
  const queries = await composeQueries({ catalog, embedder, vectors, queryVectors, vocabulary, modelFolder, jobs });
  const openSource = sourceOpener(
    {
      modelsDirectory: join(ROOT, 'models'),
      cacheDirectory: config.cacheDirectory,
      threads: config.threads,
      onProgress: options.onDownload,
    },
    { learned: (hash) => openLearned({ catalog, words: wordly.words, vocabulary: words }, hash), ...options.sources },
  );
  const { spaces, upkeep } = composeSpaces({
    config,
    catalog,
    changes,
    jobs,
    log,
    openSource,
    views,
    vocabulary: words,
    main: { embedder, vectors, queryVectors, tags, search: queries.search },
  });
  opened.push(() => spaces.close());
  opened.push(() => upkeep.close());
  // Before everything that jobs work on is closed, they end.
  opened.push(() => jobs.stop());
  const services: Services = {
    spaces,
    catalog,
    jobs,
    queryVectors,
    tags,
    words: wordly.words,
    facets: wordly.facets,
    search: queries.search,
    duplicates: queries.duplicates,
    map: queries.map,
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
      writer,
      originals,
      removedPictures,
      jobs,
      views,
    }),
    library: new LibraryService({ catalog, model, index: imageIndex }),
  };
  return {
    services,
    reembed: new ReembedService({ catalog, embedder, vectors, tags, queryVectors, jobs, upkeep }),
    thumbnails,
    wordly,
    warmUp: () => queries.warmUp(),
    spaces,
    upkeep,
    openSource,
    async rebuildIndex() {
      await imageIndex.rebuild();
      for (const name of await spaces.names())
        if (name !== MAIN) await (await spaces.get(name)).vectors.index.rebuild();
    },
    indexesSettled: async () => {
      await Promise.all([wordIndex.settled(), imageIndex.settled(), wordly.words.settled()]);
      for (const space of spaces.opened()) await space.vectors.index.settled();
    },
  };
}

/** The embedder that the configuration names. Throws MODEL_UNAVAILABLE. */
export async function loadModel(config: Config, options: ComposeOptions = {}): Promise<Embedder> {
  return openModel(await findModel(config, options), config);
}

function findModel(config: Config, { onDownload }: ComposeOptions): Promise<ModelFolder> {
  return resolveModel({
    model: config.model,
    dtype: config.dtype,
    modelsDirectory: join(ROOT, 'models'),
    cacheDirectory: config.cacheDirectory,
    onProgress: onDownload,
  });
}

async function openModel(folder: ModelFolder, config: Config): Promise<Embedder> {
  return cacheTexts(await createWorkerEmbedder({ folder, threads: config.threads }));
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
