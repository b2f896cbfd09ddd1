// Words put on pictures.
import { assertFirst } from '../services/checks.ts';
import { pictureSource } from './arguments.ts';
import type { ImageResolvers, QueryResolvers } from './schema-types.ts';

const LABELS_PER_EMBEDDING = 100;

export const tagQueries: Pick<QueryResolvers, 'tagsFor'> = {
  async tagsFor(_root, { imageId, upload, space, first = 10, vocabulary }, { services, spendEmbedding }) {
    spendEmbedding();
    const source = await pictureSource(upload, imageId);
    const { tags } = await services.spaces.get(space);
    if (vocabulary == null) return tags.tagsFor(source, first);
    // Labels are short and embedded together: a hundred of them weigh about as much as one picture.
    for (let spent = 0; spent < vocabulary.length; spent += LABELS_PER_EMBEDDING) spendEmbedding();
    return tags.labelsFor(source, vocabulary, first);
  },
};

export const imageTags: Pick<ImageResolvers, 'tags'> = {
  async tags({ id }, { first }, { tags }) {
    assertFirst(first);
    return (await tags.load(id)).slice(0, first);
  },
};
