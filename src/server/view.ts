// From what the services answer to what the schema promises.
import type { JobSnapshot } from '../services/job-board.ts';
import type { QueryExpression, Subject } from '../services/search/query-expression.ts';
import type { SearchAnswer } from '../services/search/search-service.ts';
import type { SpaceStatus } from '../services/spaces/space.ts';
import type { ImageRecord } from '../store/catalog.ts';
import type {
  QueryExpression as ExpressionView,
  PageInfo,
  ResolversTypes,
  Space as SpaceView,
} from './schema-types.ts';

type SearchResultView = Awaited<ResolversTypes['SearchResult']>;
type JobView = Awaited<ResolversTypes['Job']>;

export function viewSearchAnswer(answer: SearchAnswer, hasPrevious: boolean): SearchResultView {
  return {
    hits: answer.hits,
    reason: answer.reason,
    notices: answer.notices,
    focusMap: answer.focusMap,
    expression: viewExpression(answer.expression),
    pageInfo: viewPageInfo(
      answer.hits.map(({ cursor }) => cursor),
      answer.hasMore,
      hasPrevious,
    ),
  };
}

export function viewPageInfo(cursors: readonly string[], hasNextPage: boolean, hasPreviousPage: boolean): PageInfo {
  return { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null };
}

export function viewJob(job: JobSnapshot): JobView {
  return { ...job, skipped: [...job.skipped] };
}

export function viewSpace({ metric, ...space }: SpaceStatus): SpaceView {
  return { ...space, metric: metric.toUpperCase() as SpaceView['metric'] };
}

export function imageUrl({ id }: ImageRecord): string {
  return `/images/${id}/original`;
}

export function thumbnailUrl({ id }: ImageRecord, size: 'SMALL' | 'LARGE'): string {
  return `/images/${id}/thumbnail/${size.toLowerCase()}`;
}

function viewExpression({ all, not, moreLike, lessLike }: QueryExpression): ExpressionView {
  return {
    all: all.map((term) => viewTerm(term, term.weight)),
    not: not.map((subject) => viewTerm(subject, 1)),
    moreLike: moreLike.map(String),
    lessLike: lessLike.map(String),
  };
}

function viewTerm(subject: Subject, weight: number): ExpressionView['all'][number] {
  if ('text' in subject) return { text: subject.text, imageId: null, region: null, focus: [], weight };
  const { source, region, focus = [] } = subject;
  const imageId = 'imageId' in source ? String(source.imageId) : null;
  return { text: null, imageId, region: region ?? null, focus, weight };
}
