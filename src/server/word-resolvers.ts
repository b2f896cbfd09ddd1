// Words and labels: neighbours in word space, live counts, people's own tags.
import { parseImageId } from '../services/checks.ts';
import { readFilter } from './arguments.ts';
import type { MutationResolvers, QueryResolvers } from './schema-types.ts';

export const wordQueries: Pick<QueryResolvers, 'similarWords' | 'facets'> = {
  similarWords(_root, { words, minus = [], first = 10 }, { services }) {
    return services.words.similarWords(words, minus, first);
  },
  facets(_root, { labels, filter }, { services, spendEmbedding }) {
    // A scan of the library weighs more than the few texts that it is made for.
    spendEmbedding();
    return services.facets.facets(labels, readFilter(filter));
  },
};

export const wordMutations: Pick<MutationResolvers, 'setTags'> = {
  setTags(_root, { imageId, tags }, { services }) {
    return services.tags.setUserTags(parseImageId(imageId), tags);
  },
};
