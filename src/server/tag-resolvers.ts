// Words put on pictures.
import { assertFirst } from '../services/checks.ts';
import { pictureSource } from './arguments.ts';
import type { ImageResolvers, QueryResolvers } from './schema-types.ts';

export const tagQueries: Pick<QueryResolvers, 'tagsFor'> = {
  async tagsFor(_root, { imageId, upload, first = 10 }, { services, spendEmbedding }) {
    spendEmbedding();
    const source = await pictureSource(upload, imageId);
    return services.tags.tagsFor(source, first);
  },
};

export const imageTags: Pick<ImageResolvers, 'tags'> = {
  async tags({ id }, { first }, { tags }) {
    assertFirst(first);
    return (await tags.load(id)).slice(0, first);
  },
};
