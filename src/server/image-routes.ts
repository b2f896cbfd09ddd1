// Pictures over HTTP: thumbnails and originals by id, never by path.
import { Router } from 'express';
import { AppError, toAppError } from '../core/errors.ts';
import { contentTypeOf, isShownByBrowsers } from '../media/formats.ts';
import { reencodeOriginal } from '../media/reencode.ts';
import type { ThumbnailStore } from '../media/thumbnails.ts';
import { parseImageId } from '../services/checks.ts';
import type { QueryVectors } from '../services/search/query-vectors.ts';
import type { Catalog, ImageRecord } from '../store/catalog.ts';

interface Deps {
  readonly catalog: Catalog;
  readonly queryVectors: QueryVectors;
  readonly thumbnails: ThumbnailStore;
}

/** An id is never given to another picture, so what it shows never changes. */
const CACHE = 'private, max-age=31536000, immutable';

export function imageRoutes({ catalog, queryVectors, thumbnails }: Deps): Router {
  const router = Router();

  router.get('/:id/original', async (request, response) => {
    const image = await find(catalog, request.params.id);
    const file = await queryVectors.readOriginal(image.id);
    const isShown = isShownByBrowsers(image.format);
    response.set({
      'Content-Type': isShown ? contentTypeOf(image.format) : 'image/webp',
      'Cache-Control': CACHE,
      ETag: `"${image.sha256}"`,
      'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(image.name)}`,
    });
    response.send(Buffer.from(isShown ? file : await reencodeOriginal(file)));
  });

  router.get('/:id/thumbnail/:size', async (request, response) => {
    const size = request.params.size.toUpperCase();
    if (size !== 'SMALL' && size !== 'LARGE')
      throw new AppError('BAD_ARGUMENT', `A thumbnail is small or large, not "${request.params.size}".`);
    const image = await find(catalog, request.params.id);
    const etag = `"${image.sha256}-${size}"`;
    response.set({ 'Content-Type': 'image/webp', 'Cache-Control': CACHE, ETag: etag });
    if (request.headers['if-none-match'] === etag) response.status(304).end();
    else
      response.send(Buffer.from(await thumbnails.get(image.sha256, size, () => queryVectors.readOriginal(image.id))));
  });

  return router;
}

async function find(catalog: Catalog, id: string): Promise<ImageRecord> {
  const [image] = await catalog.getImages([parseImageId(id)]);
  if (image === undefined) throw new AppError('IMAGE_NOT_FOUND', `No picture has the id "${id}".`);
  return image;
}

/** HTTP status of a failed picture request. */
export function statusOf(error: unknown): number {
  const { code } = toAppError(error);
  if (code === 'IMAGE_NOT_FOUND' || code === 'FILE_NOT_FOUND') return 404;
  if (code === 'BAD_ARGUMENT' || code === 'UPLOAD_REFUSED') return 400;
  return 500;
}
