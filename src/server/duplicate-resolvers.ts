// Pictures that are one, and those that are not.
import { imageIds, readFilter } from './arguments.ts';
import type { MutationResolvers, QueryResolvers } from './schema-types.ts';
import { viewPageInfo } from './view.ts';

export const duplicateQueries: Pick<QueryResolvers, 'duplicates'> = {
  async duplicates(_root, { kind, first, after, filter }, { services }) {
    const answer = await services.duplicates.find({
      kind,
      first,
      after: after ?? undefined,
      filter: readFilter(filter),
    });
    const groups = answer.groups.map((group) => ({
      ...group,
      links: group.links.map((link) => ({ ...link, a: String(link.a), b: String(link.b) })),
    }));
    const cursors = groups.map(({ cursor }) => cursor);
    return { groups, totalCount: answer.totalCount, pageInfo: viewPageInfo(cursors, answer.hasMore, after != null) };
  },
};

export const duplicateMutations: Pick<MutationResolvers, 'markNotDuplicates'> = {
  async markNotDuplicates(_root, { ids }, { services }) {
    return { pairs: await services.duplicates.markNotDuplicates(imageIds(ids)) };
  },
};
