// Searches: from arguments to a page of hits.
import { pageRequest, pictureSource } from './arguments.ts';
import type { QueryResolvers } from './schema-types.ts';
import { viewSearchAnswer } from './view.ts';

export const searchQueries: Pick<QueryResolvers, 'searchByText' | 'similarImages'> = {
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
};
