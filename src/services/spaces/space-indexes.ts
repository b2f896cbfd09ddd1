// The index of one space: opened from its folder, over whole vectors or shorter ones. A reduction that learns from the
// library's own vectors (PCA) is fitted once there are enough of them; until then the index holds whole vectors.
import type { Logger } from '../../core/logger.ts';
import type { EncoderInfo } from '../../core/model-info.ts';
import type { View } from '../../core/views.ts';
import type { Catalog } from '../../store/catalog.ts';
import { LiveIndex } from '../../vectors/live-index.ts';
import type { Projection } from '../../vectors/projections/projection.ts';
import type { IndexKind } from '../../vectors/vector-index.ts';
import { catalogSource, type ImageVectors } from '../image-vectors.ts';
import { LibrarySample } from '../search/library-sample.ts';
import type { SpaceDefinition } from './space-definition.ts';
import { findProjection, fitAndKeep, sampleSizeOf } from './space-projection.ts';
import { projectedSource } from './space-scores.ts';

interface Deps {
  readonly catalog: Catalog;
  readonly definition: SpaceDefinition;
  /** Of a definition that names none. */
  readonly defaultKind: IndexKind;
  /** Of the vectors as they are stored. */
  readonly model: EncoderInfo;
  readonly views: readonly View[];
  readonly directory: string;
  readonly log: Logger;
}

export interface OpenedSpaceIndex {
  readonly index: LiveIndex;
  readonly projection: Projection | undefined;
}

export class SpaceIndexes {
  readonly #deps: Deps;
  readonly #opened: LiveIndex[] = [];

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws INDEX_UNAVAILABLE where the kind's library is not installed, BAD_ARGUMENT for a reduction that keeps too much. */
  async open(): Promise<OpenedSpaceIndex> {
    return this.#openWith(await findProjection(this.#deps.catalog, this.#asked()));
  }

  /** Puts an index of reduced vectors in place of the one of whole vectors, where the reduction can be fitted by now. */
  async fitIfDue(vectors: ImageVectors): Promise<void> {
    const { catalog, definition, model } = this.#deps;
    if (definition.reduction === null || vectors.projection !== undefined) return;
    const { fingerprint, dimension } = model;
    const most = sampleSizeOf(definition.reduction);
    const sample = new LibrarySample({ catalog, model: fingerprint, dimension, most });
    const projection = await fitAndKeep(catalog, this.#asked(), await sample.vectors());
    if (projection === undefined) return;
    const { index } = await this.#openWith(projection);
    vectors.replaceIndex(index, projection);
    await index.reconcile();
  }

  async close(): Promise<void> {
    for (const index of this.#opened.splice(0)) await index.close();
  }

  #asked() {
    const { definition, model } = this.#deps;
    return { model, metric: definition.metric, reduction: definition.reduction };
  }

  async #openWith(projection: Projection | undefined): Promise<OpenedSpaceIndex> {
    const { catalog, definition, defaultKind, model, views, directory, log } = this.#deps;
    const source = catalogSource(catalog, model.fingerprint, views);
    const index = await LiveIndex.open({
      directory,
      // Another process may not have taken the reduction into use yet: each keeps a file of its own.
      name: projection === undefined ? 'whole' : 'reduced',
      kind: definition.index ?? defaultKind,
      metric: definition.metric,
      dimension: projection?.to ?? model.dimension,
      fingerprint: `${model.fingerprint}/${views.length}${projection === undefined ? '' : `/${projection.id}`}`,
      source: projection === undefined ? source : projectedSource(source, projection),
      onWarning: (message, error) => log.warn({ err: error }, message),
    });
    this.#opened.push(index);
    return { index, projection };
  }
}
