// Searches: from arguments to a page of hits.
import type { QueryTerm, Subject } from '../services/search/query-expression.ts';
import type { SearchAnswer } from '../services/search/search-service.ts';
import { focusTerms, imageIds, pageRequest, pictureSource, readSubject } from './arguments.ts';
import type { RequestContext } from './context.ts';
import type { HitResolvers, QueryResolvers } from './schema-types.ts';
import { viewSearchAnswer } from './view.ts';

/** Reading a picture through its windows embeds 18 of them once; it counts for as many texts as take that long. */
const FOCUS_COST = 4;

export const searchQueries: Pick<QueryResolvers, 'searchByText' | 'similarImages' | 'search'> = {
  async searchByText(_root, { query, space, not, moreLike, lessLike, ...page }, { services, spendEmbedding }) {
    spend(spendEmbedding, 1 + not.length);
    const extras = { not, moreLike: imageIds(moreLike), lessLike: imageIds(lessLike) };
    const { search } = await services.spaces.get(space);
    return view(await search.searchByText(query, pageRequest(page), extras), page);
  },
  async similarImages(_root, given, { services, spendEmbedding }) {
    const { upload, imageId, space, region, focus, focusMethod, not, moreLike, lessLike, ...page } = given;
    spend(spendEmbedding, 1 + not.length + costOf(focus));
    const { search } = await services.spaces.get(space);
    const answer = await search.similarImages(
      await pictureSource(upload, imageId),
      region ?? undefined,
      pageRequest(page),
      { focus: focusTerms(focus), focusMethod, not, moreLike: imageIds(moreLike), lessLike: imageIds(lessLike) },
    );
    return view(answer, page);
  },
  async search(_root, { input }, { services, spendEmbedding }) {
    const { space, all, not = [], moreLike = [], lessLike = [], ...page } = input;
    spend(spendEmbedding, all.reduce((sum, { focus = [] }) => sum + 1 + costOf(focus), 0) + not.length);
    const terms = await Promise.all(
      all.map(async ({ weight = 1, ...subject }): Promise<QueryTerm> => ({ ...(await readSubject(subject)), weight })),
    );
    const excluded: Subject[] = await Promise.all(not.map((subject) => readSubject(subject)));
    const expression = { all: terms, not: excluded, moreLike: imageIds(moreLike), lessLike: imageIds(lessLike) };
    const { search } = await services.spaces.get(space);
    return view(await search.search(expression, pageRequest(page)), page);
  },
};

/** Both come from one computation for the whole page, which runs only where one of them is selected. */
export const hitFields: Pick<HitResolvers, 'confidence' | 'why' | 'missing'> = {
  confidence: (hit) => hit.confidence(),
  why: async (hit) => (await hit.explain()).why,
  missing: async (hit) => (await hit.explain()).missing,
};

function view(answer: SearchAnswer, page: { readonly after?: string | null | undefined }) {
  return viewSearchAnswer(answer, page.after != null);
}

function costOf(focus: readonly unknown[]): number {
  return focus.length === 0 ? 0 : focus.length + FOCUS_COST;
}

function spend(spendEmbedding: RequestContext['spendEmbedding'], count: number): void {
  for (let i = 0; i < count; i++) spendEmbedding();
}
