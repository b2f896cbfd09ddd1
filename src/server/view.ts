// From what the services answer to what the schema promises.
import type { Region } from '../core/pixels.ts';
import type { JobSnapshot } from '../services/job-board.ts';
import type { SearchAnswer } from '../services/search-service.ts';
import type { ImageRecord } from '../store/catalog.ts';
import type { PageInfo, ResolversTypes } from './schema-types.ts';

type SearchResultView = Awaited<ResolversTypes['SearchResult']>;
type JobView = Awaited<ResolversTypes['Job']>;

export function viewSearchAnswer(answer: SearchAnswer, hasPrevious: boolean): SearchResultView {
  const hits = answer.hits.map(({ image, score, region, cursor }) => ({
    image,
    score,
    confidence: null,
    region: viewRegion(region),
    why: [],
    missing: [],
    cursor,
  }));
  return {
    hits,
    reason: answer.reason,
    notices: [...answer.notices],
    focusMap: [],
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

export function imageUrl({ id }: ImageRecord): string {
  return `/images/${id}/original`;
}

export function thumbnailUrl({ id }: ImageRecord, size: 'SMALL' | 'LARGE'): string {
  return `/images/${id}/thumbnail/${size.toLowerCase()}`;
}

function viewRegion({ x, y, width, height }: Region): Region {
  return { x, y, width, height };
}
