// What a picture's own page tells of it beyond its record: the camera's facts and its place among its neighbours. Both
// cost a read of the file or the folder, so they are computed only where they are asked for.
import { basename } from 'node:path';
import { isAppError } from '../core/errors.ts';
import { readExifFacts } from '../media/exif-facts.ts';
import { folderPlaceOf } from '../services/library/folder-place.ts';
import type { ImageResolvers } from './schema-types.ts';

export const pictureFields: Pick<ImageResolvers, 'exif' | 'place'> = {
  async exif({ id }, _arguments, { services, spendEmbedding }) {
    // A whole original is read for it, which weighs about as much.
    spendEmbedding();
    try {
      return await readExifFacts(await services.queryVectors.readOriginal(id));
    } catch (error) {
      // A file that was moved or damaged since keeps its record; it only has nothing more to say.
      if (isAppError(error, 'FILE_NOT_FOUND') || isAppError(error, 'PICTURE_BROKEN')) return null;
      throw error;
    }
  },
  async place({ id }, _arguments, { services, spendEmbedding }) {
    spendEmbedding();
    const place = await folderPlaceOf(services.catalog, id);
    if (place === null) return null;
    const { path, previous, next } = place;
    const beside = [previous, next].flatMap((neighbor) => neighbor ?? []);
    const images = new Map((await services.catalog.getImages(beside)).map((image) => [image?.id, image]));
    return {
      ...place,
      name: basename(path) || path,
      previous: previous === null ? null : (images.get(previous) ?? null),
      next: next === null ? null : (images.get(next) ?? null),
    };
  },
};
