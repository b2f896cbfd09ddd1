// The query flow: build one vector, find the nearest pictures, shape the answer. Surfaces only translate.
import { AppError } from '../../core/errors.ts';
import type { Region } from '../../core/pixels.ts';
import { type ImageId, regionOfView } from '../../core/views.ts';
import type { Catalog, ImageFilter, ImageRecord } from '../../store/catalog.ts';
import type { Metric } from '../../vectors/vector-index.ts';
import { assertFirst, assertShare, checkedText } from '../checks.ts';
import { needsCosine } from '../spaces/space-errors.ts';
import type { ConfidenceLevel, ConfidenceService } from './confidence-service.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { ExplainService, Explanation } from './explain-service.ts';
import type { FocusMethod, RegionWeight } from './focus-service.ts';
import type { CompiledQuery, QueryCompiler, QueryNotice } from './query-compiler.ts';
import {
  expressionKey,
  type FocusTerm,
  normaliseExpression,
  type QueryExpression,
  type QueryExtras,
} from './query-expression.ts';
import type { PictureSource } from './query-vectors.ts';
import type { RankedHit, ResultPages } from './result-pages.ts';

export interface PageRequest {
  readonly first: number;
  readonly after?: string | undefined;
  readonly filter?: ImageFilter | undefined;
  /** Hits below it are left out; NONE by default. */
  readonly confidence?: ConfidenceLevel | undefined;
  /** 0..1, 0 by default. Above it an answer ends with the 200 best. */
  readonly diversity?: number | undefined;
}

export interface FocusRequest {
  readonly focus?: readonly FocusTerm[] | undefined;
  readonly focusMethod?: FocusMethod | undefined;
}

export interface Hit {
  readonly image: ImageRecord;
  readonly score: number;
  /** 0..1; null where the model brings no calibration. */
  readonly confidence: () => number | null;
  /** The part of the picture that matched best. */
  readonly region: Region;
  readonly cursor: string;
  /** Computed for the whole page when it is first asked for, and once. */
  readonly explain: () => Promise<Explanation>;
}

export type EmptyReason = 'LIBRARY_EMPTY' | 'FILTER_EXCLUDES_ALL' | 'NOTHING_MATCHES' | 'END_OF_RESULTS';

export interface Notice {
  readonly code: 'LIBRARY_INCOMPLETE' | 'CONFIDENCE_UNAVAILABLE' | QueryNotice['code'];
  readonly message: string;
}

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  readonly reason: EmptyReason | null;
  readonly notices: readonly Notice[];
  /** Where a focus looked; empty without one. */
  readonly focusMap: readonly RegionWeight[];
  /** The query in the form that was run. */
  readonly expression: QueryExpression;
  readonly hasMore: boolean;
}

interface Deps {
  readonly catalog: Catalog;
  readonly compiler: Pick<QueryCompiler, 'compile'>;
  readonly pages: ResultPages;
  readonly confidence: ConfidenceService;
  readonly explain: Pick<ExplainService, 'explain'>;
  /** Vectors that the index can find; a picture has `viewsPerImage` of them. */
  readonly indexSize: () => number;
  readonly viewsPerImage: number;
  /** Of a space beside the main one. */
  readonly space?: SearchedSpace;
}

export interface SearchedSpace {
  readonly name: string;
  readonly metric: Metric;
  /** Why pictures may lack a vector here. */
  readonly incomplete: string;
}

const COUNT_AGAIN_MS = 1000;

export class SearchService {
  readonly #deps: Deps;
  #counted: { readonly count: number; readonly atMs: number } | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Pictures nearest to a phrase. Throws what `search` throws. */
  async searchByText(query: string, page: PageRequest, extras: QueryExtras = {}): Promise<SearchAnswer> {
    return this.search({ ...expressionOf(extras), all: [{ text: checkedText(query), weight: 1 }] }, page);
  }

  /** Pictures nearest to a picture; one of the library is left out of its own answer. Throws what `search` throws. */
  async similarImages(
    source: PictureSource,
    region: Region | undefined,
    page: PageRequest,
    { focus = [], focusMethod, ...extras }: QueryExtras & FocusRequest = {},
  ): Promise<SearchAnswer> {
    const term = { source, region, focus, weight: 1 };
    return this.search({ ...expressionOf(extras), all: [term] }, page, focusMethod);
  }

  /** Any mix. Throws BAD_ARGUMENT, BAD_CURSOR, IMAGE_NOT_FOUND, QUERY_CANCELS_OUT, and what reading pictures throws. */
  async search(given: QueryExpression, page: PageRequest, focusMethod: FocusMethod = 'WINDOWS'): Promise<SearchAnswer> {
    const { first, filter = {}, confidence: level = 'NONE', diversity = 0 } = page;
    assertFirst(first);
    assertShare('diversity', diversity);
    const { space } = this.#deps;
    if (space !== undefined && space.metric !== 'cosine' && diversity > 0)
      throw needsCosine(space.name, space.metric, 'Diversity');
    const expression = normaliseExpression(given);
    await this.#assertExist(picturesOf(expression));
    const query = await this.#deps.compiler.compile(expression, focusMethod);
    const parts = [expressionKey(expression), focusMethod, filter, level, diversity];
    const key = JSON.stringify(space === undefined ? parts : [...parts, space.name]);
    const reader = this.#deps.confidence.reader(query.plain, query.modality);
    const { hits, hasMore, passing, allCut } = await this.#deps.pages.page(query, reader, {
      first,
      after: page.after === undefined ? undefined : readCursor(key, page.after),
      filter,
      exclude: new Set(askingPictures(expression)),
      level,
      diversity,
    });
    const imageCount = await this.#imageCount(hits.length === 0);
    return {
      hits: await this.#describe(hits, query, key),
      reason: hits.length > 0 ? null : allCut ? 'NOTHING_MATCHES' : this.#reason(imageCount, passing),
      notices: [...query.notices, ...this.#withoutCalibration(level), ...this.#incompleteness(imageCount)],
      focusMap: query.focusMap,
      expression,
      hasMore,
    };
  }

  async #describe(hits: readonly RankedHit[], query: CompiledQuery, key: string): Promise<Hit[]> {
    const records = await this.#deps.catalog.getImages(hits.map(({ imageId }) => imageId));
    let explained: Promise<Explanation[]> | undefined;
    const explainPage = () => {
      explained ??= this.#deps.explain.explain(
        hits.map(({ vector }) => vector),
        query.direction,
      );
      return explained;
    };
    return hits.flatMap(({ view, score, confidence, position }, i): Hit[] => {
      const image = records[i];
      // Removed since the vector was read: the next answer will not hold it.
      if (image === undefined) return [];
      const explain = async () => (await explainPage())[i] ?? { why: [], missing: [] };
      return [{ image, score, confidence, region: regionOfView(view), cursor: writeCursor(key, position), explain }];
    });
  }

  /** Counting a large library takes longer than searching it, so a page with hits is content with a count of a second ago. */
  async #imageCount(mustBeFresh: boolean): Promise<number> {
    const now = performance.now();
    if (mustBeFresh || this.#counted === undefined || now - this.#counted.atMs > COUNT_AGAIN_MS) {
      this.#counted = { count: await this.#deps.catalog.countImages({}), atMs: now };
    }
    return this.#counted.count;
  }

  #reason(imageCount: number, passing: number | undefined): EmptyReason {
    if (imageCount === 0) return 'LIBRARY_EMPTY';
    return passing === 0 ? 'FILTER_EXCLUDES_ALL' : 'END_OF_RESULTS';
  }

  #incompleteness(imageCount: number): Notice[] {
    const searchable = Math.floor(this.#deps.indexSize() / this.#deps.viewsPerImage);
    if (searchable >= imageCount) return [];
    const why =
      this.#deps.space?.incomplete ??
      'are not embedded by this model yet and cannot be found; this goes on in the background';
    const message = `${imageCount - searchable} of ${imageCount} pictures ${why}.`;
    return [{ code: 'LIBRARY_INCOMPLETE', message }];
  }

  #withoutCalibration(level: ConfidenceLevel): Notice[] {
    if (level === 'NONE' || this.#deps.confidence.isAvailable) return [];
    const message =
      'The model brings no calibration, so nothing was left out for its confidence; make one with "npm run calibrate".';
    return [{ code: 'CONFIDENCE_UNAVAILABLE', message }];
  }

  async #assertExist(ids: readonly ImageId[]): Promise<void> {
    const images = await this.#deps.catalog.getImages(ids);
    const missing = images.indexOf(undefined);
    if (missing >= 0) {
      throw new AppError(
        'IMAGE_NOT_FOUND',
        `No picture has the id "${ids[missing]}"; list the library with \`images\`.`,
      );
    }
  }
}

function expressionOf({ not = [], moreLike = [], lessLike = [] }: QueryExtras): Omit<QueryExpression, 'all'> {
  return { not: not.map((text) => ({ text })), moreLike, lessLike };
}

/** Pictures of the library that a query looks for the likes of. */
function askingPictures({ all }: QueryExpression): ImageId[] {
  return all.flatMap((term) => ('source' in term && 'imageId' in term.source ? [term.source.imageId] : []));
}

function picturesOf(expression: QueryExpression): ImageId[] {
  const { not, moreLike, lessLike } = expression;
  const excluded = not.flatMap((item) => ('source' in item && 'imageId' in item.source ? [item.source.imageId] : []));
  return [...askingPictures(expression), ...excluded, ...moreLike, ...lessLike];
}
