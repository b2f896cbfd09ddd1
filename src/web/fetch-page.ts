// From a view to a page of pictures: which document to send, and one shape for what all of them answer.
import type { SearchView, View } from './address.ts';
import {
  type EmptyReason,
  type FocusMap,
  type Found,
  type Hit,
  NEWEST,
  type Picture,
  SEARCH_BY_TEXT,
  SEARCH_MIX,
  SIMILAR_TO_IMAGE,
  SIMILAR_TO_UPLOAD,
} from './documents.ts';
import type { Send } from './graphql-client.ts';
import { onlyPicture, type Term } from './question.ts';
import { fromSteering } from './steering.ts';

const PAGE_SIZE = 50;

export interface FoundPicture {
  readonly picture: Picture;
  /** Null in a list that answers no query. */
  readonly match: Omit<Hit, 'image'> | null;
}

export interface PicturePage {
  readonly found: readonly FoundPicture[];
  /** Pictures on all pages, where the service counts them. */
  readonly total: number | null;
  /** Where a focus looked in the picture that was asked by; empty without one. */
  readonly focusMap: readonly FocusMap[];
  /** Why nothing was found; NOTHING_ASKED where the question only says what to leave out. */
  readonly reason: EmptyReason | 'NOTHING_ASKED' | null;
  readonly notices: readonly string[];
  /** Where to go on; null on the last page. */
  readonly next: string | null;
}

/** Rejects with ServiceError, or AbortError. The map and the library list nothing here. */
export async function fetchPage(
  send: Send,
  view: View,
  after: string | null,
  signal: AbortSignal,
): Promise<PicturePage> {
  if (view.kind === 'map' || view.kind === 'library') return NOTHING;
  if (view.kind === 'newest') return fetchListed(send, [], after, signal);
  return view.terms.length === 0 ? fetchListed(send, view.tags, after, signal) : fetchFound(send, view, after, signal);
}

const NOTHING: PicturePage = { found: [], total: null, focusMap: [], reason: null, notices: [], next: null };

/** Newest first. */
async function fetchListed(
  send: Send,
  tags: readonly string[],
  after: string | null,
  signal: AbortSignal,
): Promise<PicturePage> {
  const page = { filter: filterOf(tags), first: PAGE_SIZE, after };
  const { edges, pageInfo, totalCount } = (await send(NEWEST, page, signal)).images;
  return {
    ...NOTHING,
    found: edges.map(({ node }) => ({ picture: node, match: null })),
    total: totalCount,
    reason: totalCount > 0 ? null : tags.length > 0 ? 'FILTER_EXCLUDES_ALL' : 'LIBRARY_EMPTY',
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}

/** A filter that passes everything still costs a look at every picture. */
function filterOf(tags: readonly string[]) {
  return tags.length === 0 ? null : { tags };
}

/** One thing less some words goes to the field made for it; every other mix is composed. */
async function fetchFound(
  send: Send,
  { terms, tags, steering, isSure }: SearchView,
  after: string | null,
  signal: AbortSignal,
): Promise<PicturePage> {
  const page = { filter: filterOf(tags), first: PAGE_SIZE, after, confidence: isSure ? 'NORMAL' : 'NONE' } as const;
  const wanted = terms.filter(({ isOut }) => !isOut);
  const excluded = terms.filter(({ isOut }) => isOut);
  // The service takes what a picture shows out of the question; the picture itself is not to be seen either.
  const hidden = new Set(excluded.flatMap((term) => (term.kind === 'image' && term.region === null ? term.id : [])));
  const picture = onlyPicture(terms);
  const { focus, not: steeredOut } =
    picture === undefined ? { focus: [], not: [] as readonly string[] } : fromSteering(steering);
  const [first] = wanted;
  if (first === undefined) return { ...NOTHING, reason: 'NOTHING_ASKED' };

  if (wanted.length === 1 && excluded.every(({ kind }) => kind === 'text')) {
    const not = [...excluded.flatMap((term) => (term.kind === 'text' ? term.text : [])), ...steeredOut];
    if (first.kind === 'text') {
      return fromAnswer((await send(SEARCH_BY_TEXT, { ...page, query: first.text, not }, signal)).searchByText);
    }
    const question = { ...page, not, focus, region: first.region };
    const { similarImages } =
      first.kind === 'image'
        ? await send(SIMILAR_TO_IMAGE, { ...question, id: first.id }, signal)
        : await send(SIMILAR_TO_UPLOAD, { ...question, upload: first.upload.file }, signal);
    return fromAnswer(similarImages, similarImages.focusMap);
  }

  const input = {
    ...page,
    all: wanted.map((term) => ({ ...subjectOf(term), weight: term.weight, ...(term === picture ? { focus } : {}) })),
    not: [...excluded.map(subjectOf), ...steeredOut.map((text) => ({ text }))],
  };
  const { search } = await send(SEARCH_MIX, { input }, signal);
  const found = fromAnswer(search, search.focusMap);
  return { ...found, found: found.found.filter(({ picture }) => !hidden.has(picture.id)) };
}

function subjectOf(term: Term) {
  if (term.kind === 'text') return { text: term.text };
  const { region } = term;
  return term.kind === 'image' ? { imageId: term.id, region } : { upload: term.upload.file, region };
}

function fromAnswer({ hits, reason, notices, pageInfo }: Found, focusMap: readonly FocusMap[] = []): PicturePage {
  return {
    found: hits.map(({ image, ...match }) => ({ picture: image, match })),
    total: null,
    focusMap,
    reason,
    notices: notices.map(({ message }) => message),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}
