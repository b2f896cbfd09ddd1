// The query flow: build one vector, find the nearest pictures, shape the answer. Surfaces only translate.
import { AppError } from '../core/errors.ts';
import type { Region } from '../core/pixels.ts';
import type { Vector } from '../core/vector.ts';
import { type ImageId, regionOfView } from '../core/views.ts';
import type { Catalog, ImageFilter, ImageRecord } from '../store/catalog.ts';
import { assertFirst, checkedRegion, checkedText } from './checks.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { PictureSource, QueryVectors } from './query-vectors.ts';
import type { SearchPlanner } from './search-planner.ts';

export interface PageRequest {
  readonly first: number;
  readonly after?: string | undefined;
  readonly filter?: ImageFilter | undefined;
}

export interface Hit {
  readonly image: ImageRecord;
  readonly score: number;
  /** The part of the picture that matched best. */
  readonly region: Region;
  readonly cursor: string;
}

export type EmptyReason = 'LIBRARY_EMPTY' | 'FILTER_EXCLUDES_ALL' | 'END_OF_RESULTS';

export interface Notice {
  readonly code: 'LIBRARY_INCOMPLETE' | 'TEXT_CUT';
  readonly message: string;
}

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  readonly reason: EmptyReason | null;
  readonly notices: readonly Notice[];
  readonly hasMore: boolean;
}

interface Deps {
  readonly catalog: Catalog;
  readonly planner: SearchPlanner;
  readonly queryVectors: QueryVectors;
  /** Vectors that the index can find; a picture has `viewsPerImage` of them. */
  readonly indexSize: () => number;
  readonly viewsPerImage: number;
}

export class SearchService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Pictures nearest to a phrase. Throws BAD_ARGUMENT, BAD_CURSOR. */
  async searchByText(query: string, page: PageRequest): Promise<SearchAnswer> {
    assertFirst(page.first);
    const text = checkedText(query);
    const key = JSON.stringify(['text', text.toLowerCase(), page.filter ?? {}]);
    const { vector, isCut } = await this.#deps.queryVectors.ofText(text);
    const notices: Notice[] = isCut
      ? [
          {
            code: 'TEXT_CUT',
            message: 'The text is longer than the model reads; its end was left out. Shorter queries find better.',
          },
        ]
      : [];
    return this.#answer(vector, key, page, undefined, notices);
  }

  /** Pictures nearest to a picture; one of the library is left out of its own answer. */
  async similarImages(source: PictureSource, region: Region | undefined, page: PageRequest): Promise<SearchAnswer> {
    assertFirst(page.first);
    const part = region === undefined ? undefined : checkedRegion(region);
    const imageId = 'imageId' in source ? source.imageId : undefined;
    if (imageId !== undefined) await this.#assertExists(imageId);
    const vector = await this.#deps.queryVectors.ofPicture(source, part);
    const key = JSON.stringify([
      'image',
      imageId ?? Array.from(vector.subarray(0, 8)),
      part ?? null,
      page.filter ?? {},
    ]);
    return this.#answer(vector, key, page, imageId, []);
  }

  async #answer(
    query: Vector,
    key: string,
    page: PageRequest,
    exclude: ImageId | undefined,
    notices: readonly Notice[],
  ): Promise<SearchAnswer> {
    const { catalog, planner } = this.#deps;
    const after = page.after === undefined ? undefined : readCursor(key, page.after);
    const { pictures, hasMore, passing } = await planner.nearest({
      query,
      first: page.first,
      after,
      filter: page.filter ?? {},
      exclude,
    });
    const records = await catalog.getImages(pictures.map(({ imageId }) => imageId));
    const hits = pictures.flatMap(({ imageId, view, score }, i): Hit[] => {
      const image = records[i];
      // Removed since the vector was read: the next answer will not hold it.
      if (image === undefined) return [];
      return [{ image, score, region: regionOfView(view), cursor: writeCursor(key, { score, imageId }) }];
    });
    const imageCount = await catalog.countImages({});
    return {
      hits,
      reason: hits.length > 0 ? null : this.#reason(imageCount, passing),
      notices: [...notices, ...this.#incompleteness(imageCount)],
      hasMore,
    };
  }

  #reason(imageCount: number, passing: number | undefined): EmptyReason {
    if (imageCount === 0) return 'LIBRARY_EMPTY';
    return passing === 0 ? 'FILTER_EXCLUDES_ALL' : 'END_OF_RESULTS';
  }

  #incompleteness(imageCount: number): Notice[] {
    const searchable = Math.floor(this.#deps.indexSize() / this.#deps.viewsPerImage);
    if (searchable >= imageCount) return [];
    const message = `${imageCount - searchable} of ${imageCount} pictures are not embedded by this model yet and cannot be found; this goes on in the background.`;
    return [{ code: 'LIBRARY_INCOMPLETE', message }];
  }

  async #assertExists(id: ImageId): Promise<void> {
    const [image] = await this.#deps.catalog.getImages([id]);
    if (image === undefined) {
      throw new AppError('IMAGE_NOT_FOUND', `No picture has the id "${id}"; list the library with \`images\`.`);
    }
  }
}
