// One embedding space over the library's pictures, as the rest of the service sees it. The main space of the configured model
// and every other have the same face.
import type { ImageEncoder } from '../../embedding/embedder.ts';
import type { IndexKind, Metric } from '../../vectors/vector-index.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { QueryVectors } from '../search/query-vectors.ts';
import type { SearchService } from '../search/search-service.ts';
import type { TagService } from '../tags/tag-service.ts';
import type { SpaceDefinition } from './space-definition.ts';
import type { EncoderFacts, SpaceEncoder, SpaceTexts } from './space-encoder.ts';
import type { SpaceFiller } from './space-filler.ts';

export interface Space {
  readonly name: string;
  /** As it was asked for: `Xenova/dinov2-small`. */
  readonly source: string;
  readonly from: SpaceEncoder['from'];
  /** Of the space that this one is derived from. */
  readonly base: string | undefined;
  readonly metric: Metric;
  /** `pca:64`; null where the index holds whole vectors. */
  readonly reduction: string | null;
  /** Vectors as they are stored: of unit length in a cosine space. Loaded when it is first asked. */
  readonly encoder: ImageEncoder;
  /** Undefined where the space reads pictures only. */
  readonly texts: Pick<SpaceTexts, 'vectorOf' | 'vectorsOf'> | undefined;
  readonly vectors: ImageVectors;
  readonly queryVectors: QueryVectors;
  readonly search: SearchService;
  /** Throws SPACE_HAS_NO_TEXT where the space reads pictures only. */
  readonly tags: Pick<TagService, 'tagsFor' | 'labelsFor'>;
  /** Undefined where the service gives pictures no vectors of this space by itself: imported ones, and the main space, which ingest fills. */
  readonly filler: SpaceFiller | undefined;
  /** Fits a reduction that learns from the library's own vectors, once there are enough, and takes it into use. */
  fitIfDue(): Promise<void>;
  /** Closes the index. The encoder may serve another space, and is closed by who opened it. */
  close(): Promise<void>;
}

export interface SpaceStatus {
  readonly name: string;
  readonly encoder: string;
  /** 0 where it is not known, for the encoder cannot be opened. */
  readonly dimension: number;
  readonly metric: Metric;
  readonly index: ReturnType<ImageVectors['index']['status']>;
  readonly reduction: string | null;
  readonly hasText: boolean;
  /** Pictures that one may send are read; an imported space knows stored vectors only. */
  readonly readsPictures: boolean;
  /** Pictures with a vector here. */
  readonly pictures: number;
  /** Why the space cannot be used; null where it can. */
  readonly problem: string | null;
}

export function statusOf(space: Space): SpaceStatus {
  const index = space.vectors.index.status();
  return {
    name: space.name,
    encoder: space.source,
    dimension: space.encoder.model.dimension,
    metric: space.metric,
    index,
    reduction: space.reduction,
    hasText: space.texts !== undefined,
    readsPictures: space.from !== 'FILE',
    pictures: Math.floor(index.size / space.vectors.views.length),
    problem: null,
  };
}

/** Of a space that cannot be opened: as far as it is defined, and as its encoder (`facts`) was known before. */
export function brokenStatusOf(
  { name, encoder, metric, index, reduction }: SpaceDefinition,
  facts: EncoderFacts | undefined,
  defaultIndex: IndexKind,
  problem: string,
): SpaceStatus {
  return {
    name,
    encoder,
    dimension: facts?.model.dimension ?? 0,
    metric,
    index: { kind: index ?? defaultIndex, state: 'EXACT', size: 0, pending: 0 },
    reduction,
    hasText: facts?.hasText ?? false,
    readsPictures: facts?.from !== 'FILE',
    pictures: 0,
    problem,
  };
}
