// The part of compose.ts that opens indexes: what all of a library have in common, and the two of the main space, of its
// pictures and of its words. Split off for length only.
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Logger } from './core/logger.ts';
import type { ModelInfo } from './core/model-info.ts';
import type { View } from './core/views.ts';
import { catalogSource } from './services/image-vectors.ts';
import { type Vocabulary, vocabularySource } from './services/words/vocabulary.ts';
import type { Catalog } from './store/catalog.ts';
import { LiveIndex } from './vectors/live-index.ts';
import type { LiveIndexOptions } from './vectors/live-index-options.ts';
import type { IndexKind } from './vectors/vector-index.ts';

interface Parts {
  readonly config: Config;
  readonly model: ModelInfo;
  readonly log: Logger;
}

/** Of the views that are searched. Throws INDEX_UNAVAILABLE, and what the catalog throws. */
export function openImageIndex(
  { config, model, log }: Parts,
  catalog: Catalog,
  views: readonly View[],
): Promise<LiveIndex> {
  return LiveIndex.open({
    ...indexOptions(config, log),
    name: 'images',
    kind: config.index,
    dimension: model.dimension,
    fingerprint: `${model.fingerprint}/${config.views}`,
    source: catalogSource(catalog, model.fingerprint, views),
  });
}

/** Of the tags that pictures may get. Throws INDEX_UNAVAILABLE. */
export function openWordIndex({ config, model, log }: Parts, vocabulary: Vocabulary): Promise<LiveIndex> {
  return LiveIndex.open({
    ...indexOptions(config, log),
    name: 'words',
    kind: wordIndexKind(config.index),
    dimension: model.dimension,
    fingerprint: vocabulary.version,
    source: vocabularySource(vocabulary),
  });
}

/** Where the indexes of a library lie, how their unit vectors are compared, and who is told of a fault. */
export function indexOptions(
  config: Config,
  log: Logger,
): Pick<LiveIndexOptions, 'directory' | 'metric' | 'onWarning'> {
  return {
    directory: join(config.dataDirectory, 'index'),
    metric: 'cosine',
    onWarning: (message, error) => log.warn({ err: error }, message),
  };
}

/** Words are few and their scores are shown as they come: codes would save nothing and round them. */
export function wordIndexKind(kind: IndexKind): IndexKind {
  return kind === 'usearch' || kind === 'hnswlib' ? kind : 'exact';
}
