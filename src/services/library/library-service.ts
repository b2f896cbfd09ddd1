// The collection as a whole: lists of pictures, counts, and how the index stands.

import { AppError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/model-info.ts';
import type { ImageId } from '../../core/views.ts';
import type { Catalog, ImageFilter, ImageOrder, ImageRecord } from '../../store/catalog.ts';
import type { LiveIndex } from '../../vectors/live-index.ts';
import { assertFirst } from '../checks.ts';

export interface ListRequest {
  readonly filter: ImageFilter;
  readonly order: ImageOrder;
  readonly descending: boolean;
  readonly first: number;
  readonly after?: string | undefined;
}

export interface ImageList {
  readonly images: readonly ImageRecord[];
  readonly hasMore: boolean;
}

export interface LibraryStatus {
  readonly imageCount: number;
  readonly folders: readonly string[];
  readonly model: ModelInfo;
  readonly index: ReturnType<LiveIndex['status']>;
}

interface Deps {
  readonly catalog: Catalog;
  readonly model: ModelInfo;
  readonly index: LiveIndex;
}

export class LibraryService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** One page in the order asked. Throws BAD_ARGUMENT, BAD_CURSOR. */
  async list({ first, after, ...query }: ListRequest): Promise<ImageList> {
    assertFirst(first);
    return this.#deps.catalog.listImages({
      ...query,
      limit: first,
      ...(after === undefined ? {} : { after: readListCursor(after) }),
    });
  }

  async status(): Promise<LibraryStatus> {
    const { catalog, model, index } = this.#deps;
    return {
      imageCount: await catalog.countImages({}),
      folders: await catalog.folders(),
      model,
      index: index.status(),
    };
  }
}

export function writeListCursor(id: ImageId): string {
  return Buffer.from(`image:${id}`).toString('base64url');
}

function readListCursor(cursor: string): ImageId {
  const match = /^image:([1-9]\d{0,9})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null)
    throw new AppError('BAD_CURSOR', 'The cursor is none that `images` returned; start without `after`.');
  return Number(match[1]) as ImageId;
}
