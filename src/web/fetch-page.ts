// From a view to a page of pictures: which document to send, and one shape for what the four of them answer.
import type { Send } from './graphql-client.ts';
import {
  NEWEST,
  type Picture,
  SEARCH_BY_TEXT,
  type SearchResult,
  SIMILAR_TO_IMAGE,
  SIMILAR_TO_UPLOAD,
} from './queries.ts';
import type { View } from './view.ts';

export const PAGE_SIZE = 40;

export interface FoundPicture {
  readonly picture: Picture;
  /** Cosine to the query; null in a list that answers no query. */
  readonly score: number | null;
}

export interface PicturePage {
  readonly found: readonly FoundPicture[];
  /** Pictures on all pages, where the service counts them. */
  readonly total: number | null;
  /** The library's picture that the others resemble. */
  readonly subject: Picture | null;
  readonly isLibraryEmpty: boolean;
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
  const page = { first: PAGE_SIZE, after };
  switch (view.kind) {
    case 'text':
      return fromSearch((await send(SEARCH_BY_TEXT, { ...page, query: view.query }, signal)).searchByText, null);
    case 'upload':
      return fromSearch((await send(SIMILAR_TO_UPLOAD, { ...page, upload: view.file }, signal)).similarImages, null);
    case 'image': {
      const { similarImages, image } = await send(SIMILAR_TO_IMAGE, { ...page, id: view.id }, signal);
      return fromSearch(similarImages, image);
    }
    case 'newest': {
      const { edges, pageInfo, totalCount } = (await send(NEWEST, page, signal)).images;
      return {
        found: edges.map(({ node }) => ({ picture: node, score: null })),
        total: totalCount,
        subject: null,
        isLibraryEmpty: totalCount === 0,
        notices: [],
        next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
      };
    }
  }
}

function fromSearch({ hits, reason, notices, pageInfo }: SearchResult, subject: Picture | null): PicturePage {
  return {
    found: hits.map(({ image, score }) => ({ picture: image, score })),
    total: null,
    subject,
    isLibraryEmpty: reason === 'LIBRARY_EMPTY',
    notices: notices.map(({ message }) => message),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}
