// From a view to a page of pictures: which document to send, and one shape for what the four of them answer.
import { readMinuses } from './excluded-words.ts';
import type { Send } from './graphql-client.ts';
import {
  type EmptyReason,
  type Hit,
  NEWEST,
  type Picture,
  type RegionWeight,
  SEARCH_BY_TEXT,
  type SearchResult,
  SIMILAR_TO_IMAGE,
  SIMILAR_TO_UPLOAD,
} from './queries.ts';
import { fromSteering } from './steering.ts';
import type { View } from './view.ts';

export const PAGE_SIZE = 40;

export interface FoundPicture {
  readonly picture: Picture;
  /** Null in a list that answers no query. */
  readonly match: Omit<Hit, 'image'> | null;
}

/** A picture that is searched by, read by the service. */
export interface Asked {
  /** The library's picture; null for one of the user's own. */
  readonly subject: Picture | null;
  /** Words for what it shows. */
  readonly tags: readonly string[];
  /** Where a focus looked; empty without one. */
  readonly focusMap: readonly RegionWeight[];
}

export interface PicturePage {
  readonly found: readonly FoundPicture[];
  /** Pictures on all pages, where the service counts them. */
  readonly total: number | null;
  /** Null where words or nothing were asked. */
  readonly asked: Asked | null;
  /** Why nothing was found; NOTHING_ASKED where the words only say what to leave out. */
  readonly reason: EmptyReason | 'NOTHING_ASKED' | null;
  readonly notices: readonly string[];
  /** Where to go on; null on the last page. */
  readonly next: string | null;
}

/** Rejects with ServiceError, or AbortError. */
export async function fetchPage(
  send: Send,
  view: View,
  after: string | null,
  signal: AbortSignal,
): Promise<PicturePage> {
  if (view.kind === 'newest') return fetchNewest(send, after, signal);
  const page = { first: PAGE_SIZE, after, confidence: view.isSure ? 'NORMAL' : 'NONE' } as const;
  switch (view.kind) {
    case 'text': {
      const { query, not } = readMinuses(view.query);
      if (query === '') return { ...NOTHING, reason: 'NOTHING_ASKED' };
      return fromSearch((await send(SEARCH_BY_TEXT, { ...page, query, not }, signal)).searchByText);
    }
    case 'upload': {
      const question = { ...page, ...fromSteering(view.steering), upload: view.file };
      const { similarImages, tagsFor } = await send(SIMILAR_TO_UPLOAD, question, signal);
      return fromSearch(similarImages, null, tagsFor);
    }
    case 'image': {
      const question = { ...page, ...fromSteering(view.steering), id: view.id };
      const { similarImages, image } = await send(SIMILAR_TO_IMAGE, question, signal);
      return fromSearch(similarImages, image, image?.tags);
    }
  }
}

const NOTHING: PicturePage = { found: [], total: null, asked: null, reason: null, notices: [], next: null };

async function fetchNewest(send: Send, after: string | null, signal: AbortSignal): Promise<PicturePage> {
  const { edges, pageInfo, totalCount } = (await send(NEWEST, { first: PAGE_SIZE, after }, signal)).images;
  return {
    ...NOTHING,
    found: edges.map(({ node }) => ({ picture: node, match: null })),
    total: totalCount,
    reason: totalCount === 0 ? 'LIBRARY_EMPTY' : null,
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}

function fromSearch(
  { hits, reason, notices, focusMap, pageInfo }: SearchResult,
  subject: Picture | null = null,
  tags?: ReadonlyArray<{ readonly name: string }>,
): PicturePage {
  return {
    found: hits.map(({ image, ...match }) => ({ picture: image, match })),
    total: null,
    asked: tags === undefined ? null : { subject, tags: tags.map(({ name }) => name), focusMap },
    reason,
    notices: notices.map(({ message }) => message),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}
