// The part of compose.ts that makes spaces: one space with all that answers its queries, and the registry of them. What an
// encoder's source means stands in compose-encoders.ts. Split off for length only.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Logger } from './core/logger.ts';
import type { View } from './core/views.ts';
import { WHOLE } from './core/views.ts';
import type { Embedder, ImageEncoder } from './embedding/embedder.ts';
import type { CatalogChanges } from './services/catalog-changes.ts';
import { ImageVectors } from './services/image-vectors.ts';
import type { JobBoard } from './services/job-board.ts';
import { ConfidenceService } from './services/search/confidence-service.ts';
import { FocusService } from './services/search/focus-service.ts';
import { LibrarySample } from './services/search/library-sample.ts';
import { ModelSpace } from './services/search/model-space.ts';
import { PictureWindows } from './services/search/picture-windows.ts';
import { QueryCompiler } from './services/search/query-compiler.ts';
import { QueryVectors } from './services/search/query-vectors.ts';
import { RawCompiler } from './services/search/raw-compiler.ts';
import { ResultPages } from './services/search/result-pages.ts';
import { SearchPlanner } from './services/search/search-planner.ts';
import { SearchService } from './services/search/search-service.ts';
import { OpenEncoders, type OpenSource } from './services/spaces/open-encoders.ts';
import type { Space } from './services/spaces/space.ts';
import { MAIN, type SpaceDefinition } from './services/spaces/space-definition.ts';
import { type EncoderFacts, factsOf, type SpaceTexts, textsOf } from './services/spaces/space-encoder.ts';
import { spaceHasNoEncoder, spaceHasNoText } from './services/spaces/space-errors.ts';
import { type FillStep, fillFromFiles, fillFromSpace, SpaceFiller } from './services/spaces/space-filler.ts';
import { SpaceIndexes } from './services/spaces/space-indexes.ts';
import { SpaceTags } from './services/spaces/space-tags.ts';
import { SpaceUpkeep } from './services/spaces/space-upkeep.ts';
import { Spaces } from './services/spaces/spaces.ts';
import { classifierOf, openChecked, storedEncoder } from './services/spaces/stored-encoder.ts';
import type { TagService } from './services/tags/tag-service.ts';
import type { Catalog } from './store/catalog.ts';

interface Parts {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly changes: CatalogChanges;
  readonly jobs: JobBoard;
  readonly log: Logger;
  readonly openSource: OpenSource;
  /** What ingest reads of each picture. */
  readonly views: readonly View[];
  /** Words that a space with a text tower may tag with. */
  readonly vocabulary: readonly string[];
  readonly main: {
    readonly embedder: Embedder;
    readonly vectors: ImageVectors;
    readonly queryVectors: QueryVectors;
    readonly search: SearchService;
    readonly tags: TagService;
  };
}

export interface ComposedSpaces {
  readonly spaces: Spaces;
  readonly upkeep: SpaceUpkeep;
}

/** Opens nothing: a space is opened when it is first asked for. */
export function composeSpaces(parts: Parts): ComposedSpaces {
  const { config, catalog, changes, jobs, log } = parts;
  const encoders = new OpenEncoders(parts.openSource);
  const directory = (name: string) => join(config.dataDirectory, 'index', 'spaces', name);
  const spaces = new Spaces({
    catalog,
    changes,
    main: mainSpace(parts),
    configured: config.spaces,
    defaultIndex: config.index,
    encoders,
    build: (definition, facts, registry) =>
      buildSpace(parts, encoders, registry, definition, facts, directory(definition.name)),
    removeFiles: (name) => rm(directory(name), { recursive: true, force: true }),
    log,
  });
  return { spaces, upkeep: new SpaceUpkeep({ spaces, jobs, log }) };
}

function mainSpace({ main }: Parts): Space {
  const { embedder, ...rest } = main;
  return {
    ...rest,
    texts: textsOf(embedder),
    name: MAIN,
    source: embedder.model.id,
    from: 'PICTURES',
    base: undefined,
    metric: 'cosine',
    reduction: null,
    encoder: embedder,
    filler: undefined,
    async fitIfDue() {},
    async close() {},
  };
}

async function buildSpace(
  parts: Parts,
  encoders: OpenEncoders,
  spaces: Spaces,
  definition: SpaceDefinition,
  facts: EncoderFacts,
  directory: string,
): Promise<Space> {
  const { catalog, changes, config, log } = parts;
  const { name, metric } = definition;
  const base = () => spaces.get(facts.base);
  const open = () =>
    openChecked(
      definition.encoder,
      facts,
      (source) => encoders.open(source),
      (source) => spaces.relearn(source),
    );
  // What is stored may be older than the base; a head that was made for another model is refused before it is asked.
  if (facts.from === 'SPACE') factsOf(await encoders.open(definition.encoder), (await base()).encoder.model);
  const encoder = storedEncoder({ name, facts, metric, open, base: async () => (await base()).encoder });
  // An imported space has one vector a picture; a derived one as many as it is derived from.
  const views = facts.from === 'FILE' ? [WHOLE] : facts.from === 'SPACE' ? (await base()).vectors.views : parts.views;
  const sample = new LibrarySample({ catalog, model: encoder.model.fingerprint, dimension: encoder.model.dimension });
  const indexes = new SpaceIndexes({
    catalog,
    definition,
    defaultKind: config.index,
    model: encoder.model,
    views,
    directory,
    log,
  });
  const { index, projection } = await indexes.open();
  const model = encoder.model.fingerprint;
  const vectors = new ImageVectors({ catalog, changes, index, projection, model, views, metric });
  const openTexts = async (): Promise<SpaceTexts> => {
    const opened = facts.hasText ? await open() : undefined;
    if (opened !== undefined && opened.from !== 'FILE' && opened.texts !== undefined) return opened.texts;
    throw spaceHasNoText(name, await spaces.textual(), facts.hasClasses);
  };
  const texts = {
    vectorOf: async (text: string) => (await openTexts()).vectorOf(text),
    vectorsOf: async (labels: readonly string[]) => (await openTexts()).vectorsOf(labels),
  };
  const queryVectors = new QueryVectors({
    catalog,
    embedder: encoder,
    texts,
    beforeReading() {
      if (facts.from === 'FILE') throw spaceHasNoEncoder(name);
    },
  });
  const classes = facts.hasClasses ? () => classifierOf(open) : undefined;
  const search = await searchOf(parts, { name, metric, facts, encoder, vectors, queryVectors, sample, classes });
  return {
    name,
    source: definition.encoder,
    from: facts.from,
    base: facts.base,
    metric,
    reduction: definition.reduction,
    encoder,
    texts: facts.hasText ? texts : undefined,
    vectors,
    queryVectors,
    search,
    tags: new SpaceTags({ queryVectors, openTexts, vocabulary: parts.vocabulary }),
    filler: fillerOf(),
    fitIfDue: () => indexes.fitIfDue(vectors),
    close: () => indexes.close(),
  };

  function fillerOf(): SpaceFiller | undefined {
    if (facts.from === 'FILE') return undefined;
    const step: FillStep =
      facts.from === 'PICTURES'
        ? fillFromFiles(encoder, queryVectors)
        : fillFromSpace(
            async () => {
              const opened = await open();
              if (opened.from === 'SPACE') return opened;
              throw spaceHasNoEncoder(name);
            },
            async () => (await base()).vectors,
            metric,
          );
    return new SpaceFiller({ catalog, vectors, step });
  }
}

interface Searched {
  readonly name: string;
  readonly metric: SpaceDefinition['metric'];
  readonly facts: EncoderFacts;
  readonly encoder: ImageEncoder;
  readonly vectors: ImageVectors;
  readonly queryVectors: QueryVectors;
  readonly sample: LibrarySample;
  readonly classes: FocusClasses;
}

type FocusClasses = ConstructorParameters<typeof FocusService>[0]['classes'] | undefined;

async function searchOf(
  { catalog }: Parts,
  { name, metric, facts, encoder, vectors, queryVectors, sample, classes }: Searched,
): Promise<SearchService> {
  const { model } = encoder;
  // Texts of other spaces are too few to tell where they sit.
  const words = facts.hasText ? { rows: 0, dimension: model.dimension, data: new Float32Array() } : undefined;
  const space = await ModelSpace.open({ folder: undefined, model, sample, words });
  const windows = new PictureWindows({ catalog, embedder: encoder, queryVectors, vectors });
  const imageCount = () => catalog.countImages({});
  const focus = new FocusService({
    space,
    sample,
    windows,
    queryVectors,
    imageCount,
    ...(classes === undefined ? {} : { classes }),
  });
  const planner = new SearchPlanner({ catalog, vectors });
  return new SearchService({
    catalog,
    compiler:
      metric === 'cosine'
        ? new QueryCompiler({ space, focus, queryVectors, vectors })
        : new RawCompiler({ name, metric, dimension: model.dimension, queryVectors }),
    pages: new ResultPages({ planner, vectors }),
    confidence: new ConfidenceService(space),
    explain: { explain: async () => [] },
    indexSize: () => vectors.index.size,
    viewsPerImage: vectors.views.length,
    space: { name, metric, incomplete: whyIncomplete(name, facts) },
  });
}

function whyIncomplete(name: string, { from }: EncoderFacts): string {
  return from === 'FILE'
    ? `were not in what was imported as the space "${name}" and cannot be found in it`
    : `have no vector in the space "${name}" yet and cannot be found in it; this goes on in the background`;
}
