// One resolver for each field of schema.graphql: reads and translates arguments, calls a service, shapes the answer.
import GraphQLUpload from 'graphql-upload/GraphQLUpload.mjs';
import { AppError, toAppError } from '../core/errors.ts';
import { assertFirst, parseImageId } from '../services/checks.ts';
import { writeListCursor } from '../services/library-service.ts';
import type { PictureSource } from '../services/query-vectors.ts';
import type { ImageFilter } from '../store/catalog.ts';
import { toGraphqlError } from './graphql-errors.ts';
import { DateTime } from './scalars.ts';
import type { ImageFilter as FilterInput, Resolvers } from './schema-types.ts';
import { MAX_UPLOADS, openUpload, readUpload } from './uploads.ts';
import { imageUrl, thumbnailUrl, viewJob, viewPageInfo, viewSearchAnswer } from './view.ts';

const MAX_REMOVED_AT_ONCE = 1000;

export const resolvers: Resolvers = {
  DateTime,
  Upload: GraphQLUpload,

  Query: {
    async searchByText(_root, { query, ...page }, { services, spendEmbedding }) {
      spendEmbedding();
      return viewSearchAnswer(await services.search.searchByText(query, pageRequest(page)), page.after != null);
    },
    async similarImages(_root, { upload, imageId, region, ...page }, { services, spendEmbedding }) {
      spendEmbedding();
      const source = await pictureSource(upload, imageId);
      const answer = await services.search.similarImages(source, region ?? undefined, pageRequest(page));
      return viewSearchAnswer(answer, page.after != null);
    },
    async tagsFor(_root, { imageId, upload, first = 10 }, { services, spendEmbedding }) {
      spendEmbedding();
      const source = await pictureSource(upload, imageId);
      return services.tags.tagsFor(source, first);
    },
    async image(_root, { id }, { services }) {
      const [image] = await services.catalog.getImages(/^[1-9]\d{0,9}$/.test(id) ? [parseImageId(id)] : []);
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
        vocabularySize: services.tags.vocabulary.words.length,
        commonTags: [],
      };
    },
    job(_root, { id }, { services }) {
      const job = services.jobs.find(id);
      return job === undefined ? null : viewJob(job.snapshot());
    },
  },

  Mutation: {
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
  },

  Subscription: {
    jobProgress: {
      async *subscribe(_root, { id }, { services }) {
        try {
          for await (const snapshot of services.jobs.get(id).follow()) yield { jobProgress: viewJob(snapshot) };
        } catch (error) {
          throw toGraphqlError(toAppError(error));
        }
      },
    },
  },

  Library: {
    commonTags(_library, { first }, { services }) {
      assertFirst(first);
      return services.catalog.tagCounts(first);
    },
  },

  Image: {
    id: ({ id }) => String(id),
    url: imageUrl,
    thumbnailUrl: (image, { size }) => thumbnailUrl(image, size),
    placeholder: ({ placeholder }) => Buffer.from(placeholder).toString('base64'),
    async tags({ id }, { first }, { tags }) {
      assertFirst(first);
      return (await tags.load(id)).slice(0, first);
    },
  },
};

interface PageArguments {
  first?: number;
  after?: string | null | undefined;
  filter?: FilterInput | null | undefined;
}

function pageRequest({ first = 20, after, filter }: PageArguments) {
  return { first, after: after ?? undefined, filter: readFilter(filter) };
}

/** GraphQL's null and undefined are both "not given". */
function readFilter(filter: FilterInput | null | undefined): ImageFilter {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as ImageFilter;
}

/** Throws BAD_ARGUMENT unless exactly one of the two is given. */
async function pictureSource(
  upload: Parameters<typeof readUpload>[0] | null | undefined,
  imageId: string | null | undefined,
): Promise<PictureSource> {
  if (upload != null && imageId == null) return { bytes: await readUpload(upload) };
  if (imageId != null && upload == null) return { imageId: parseImageId(imageId) };
  const came = upload == null ? 'neither' : 'both';
  throw new AppError('BAD_ARGUMENT', `Give exactly one of \`upload\` and \`imageId\`; ${came} came.`);
}
