// The map of all pictures. Places go out packed: 50,000 pictures as lists would hold the service up for 0.1 s and more,
// packed they take 4 ms.
import { AppError } from '../core/errors.ts';
import { isImageId, parseImageId } from '../services/checks.ts';
import type { MutationResolvers, PictureMapResolvers, QueryResolvers } from './schema-types.ts';
import { viewJob } from './view.ts';

const MOST_PICTURES = 100;
/** Filled in by the fields below, and only where they are asked for. */
const NO_POINTS = { count: 0, added: 0, ids: '', places: '' };

export const mapQueries: Pick<QueryResolvers, 'map' | 'imagesById'> = {
  async map(_root, _arguments, { services }) {
    return { ...(await services.map.status()), points: NO_POINTS, regions: [] };
  },
  async imagesById(_root, { ids }, { services }) {
    if (ids.length > MOST_PICTURES) {
      throw new AppError('BAD_ARGUMENT', `\`ids\` expects at most ${MOST_PICTURES} ids, got ${ids.length}.`);
    }
    const known = ids.filter(isImageId).map(parseImageId);
    const images = new Map((await services.catalog.getImages(known)).map((image, i) => [known[i], image]));
    return ids.map((id) => (isImageId(id) ? (images.get(parseImageId(id)) ?? null) : null));
  },
};

export const mapMutations: Pick<MutationResolvers, 'computeMap'> = {
  computeMap(_root, _arguments, { services }) {
    return viewJob(services.map.compute().snapshot());
  },
};

export const mapFields: Pick<PictureMapResolvers, 'points' | 'regions'> = {
  async points(_map, _arguments, { services }) {
    const { ids, places, added } = await services.map.view();
    return { count: ids.length, added, ids: base64(Uint32Array.from(ids)), places: base64(places) };
  },
  async regions(_map, _arguments, { services }) {
    const { regions } = await services.map.view();
    return regions.map((region) => ({ ...region, imageId: String(region.imageId) }));
  },
};

function base64({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
