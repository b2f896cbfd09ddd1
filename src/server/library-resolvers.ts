// The collection: lists, single pictures, counts, and changes to it.
import { AppError } from '../core/errors.ts';
import { assertFirst, isImageId, parseImageId } from '../services/checks.ts';
import { writeListCursor } from '../services/library/library-service.ts';
import { readFilter } from './arguments.ts';
import type { ImageResolvers, LibraryResolvers, MutationResolvers, QueryResolvers } from './schema-types.ts';
import { MAX_UPLOADS, openUpload } from './uploads.ts';
import { imageUrl, thumbnailUrl, viewJob, viewPageInfo, viewSpace } from './view.ts';

const MAX_REMOVED_AT_ONCE = 1000;

export const libraryQueries: Pick<QueryResolvers, 'image' | 'images' | 'library'> = {
  async image(_root, { id }, { services }) {
    const [image] = await services.catalog.getImages(isImageId(id) ? [parseImageId(id)] : []);
    return image ?? null;
  },
  async images(_root, { filter, first = 20, after, orderBy }, { services }) {
    const { images, hasMore } = await services.library.list({
      filter: readFilter(filter),
      order: orderBy?.field ?? 'ADDED',
      descending: orderBy?.direction === 'DESC',
      first,
      after: after ?? undefined,
    });
    const edges = images.map((node) => ({ node, cursor: writeListCursor(node.id) }));
    return {
      edges,
      pageInfo: viewPageInfo(
        edges.map(({ cursor }) => cursor),
        hasMore,
        after != null,
      ),
      totalCount: await services.catalog.countImages(readFilter(filter)),
    };
  },
  async library(_root, _arguments, { services }) {
    const { imageCount, folders, model, index } = await services.library.status();
    return {
      imageCount,
      folders,
      model,
      index,
      spaces: [],
      vocabularySize: services.tags.vocabulary.words.length,
      commonTags: [],
      jobs: [],
    };
  },
};

export const libraryMutations: Pick<MutationResolvers, 'addImages' | 'indexFolder' | 'removeImages'> = {
  async addImages(_root, { uploads }, { services }) {
    if (uploads.length < 1 || uploads.length > MAX_UPLOADS) {
      throw new AppError('BAD_ARGUMENT', `\`uploads\` expects 1 to ${MAX_UPLOADS} files, got ${uploads.length}.`);
    }
    const opened = await Promise.all(uploads.map(openUpload));
    const outcomes = await services.ingest.addPictures(opened);
    const images = await services.catalog.getImages(outcomes.flatMap(({ imageId }) => imageId ?? []));
    const byId = new Map(images.map((image) => [image?.id, image]));
    return {
      outcomes: outcomes.map(({ name, imageId, alreadyKnown, error }) => ({
        name,
        alreadyKnown,
        image: byId.get(imageId) ?? null,
        error: error === undefined ? null : { name, code: error.code, reason: error.message },
      })),
    };
  },
  indexFolder(_root, { path }, { services }) {
    return viewJob(services.ingest.indexFolder(path).snapshot());
  },
  async removeImages(_root, { ids }, { services }) {
    if (ids.length < 1 || ids.length > MAX_REMOVED_AT_ONCE) {
      throw new AppError('BAD_ARGUMENT', `\`ids\` expects 1 to ${MAX_REMOVED_AT_ONCE} ids, got ${ids.length}.`);
    }
    return { removed: await services.ingest.removeImages(ids.map(parseImageId)) };
  },
};

export const libraryFields: LibraryResolvers = {
  async spaces(_library, _arguments, { services }) {
    return (await services.spaces.list()).map(viewSpace);
  },
  commonTags(_library, { first }, { services }) {
    assertFirst(first);
    return services.catalog.tagCounts(first);
  },
};

export const imageFields: Pick<ImageResolvers, 'id' | 'url' | 'thumbnailUrl' | 'placeholder'> = {
  id: ({ id }) => String(id),
  url: imageUrl,
  thumbnailUrl: (image, { size }) => thumbnailUrl(image, size),
  placeholder: ({ placeholder }) => Buffer.from(placeholder).toString('base64'),
};
