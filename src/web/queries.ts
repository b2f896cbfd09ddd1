// The few GraphQL documents of the page with the shapes of their answers, field by field as schema.graphql promises them.
// Nothing else crosses between page and service; test/web/queries.test.ts holds every document against the schema.

/** A document, and (for the compiler only) what it takes and answers. */
export interface Document<Data, Variables> {
  readonly text: string;
  /** Never set: it ties the types to the document. */
  readonly shapes?: (variables: Variables) => Data;
}

export interface Tag {
  readonly name: string;
  readonly score: number;
}

export interface Picture {
  readonly id: string;
  readonly name: string;
  /** Pixels of the original, upright. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly takenAt: string | null;
  readonly url: string;
  /** WebP of at most 320 and of at most 1280 pixels. */
  readonly small: string;
  readonly large: string;
  /** ThumbHash in base64. */
  readonly placeholder: string;
  readonly tags: readonly Tag[];
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface Hit {
  /** Cosine to the query. */
  readonly score: number;
  /** 0..1; null where the model brings no calibration. */
  readonly confidence: number | null;
  readonly why: ReadonlyArray<{ readonly word: string }>;
  readonly missing: ReadonlyArray<{ readonly word: string }>;
  readonly image: Picture;
}

/** A part of the query picture, in fractions of it, and the share of the looking that went there. */
export interface RegionWeight {
  readonly weight: number;
  readonly region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export type EmptyReason = 'LIBRARY_EMPTY' | 'FILTER_EXCLUDES_ALL' | 'NOTHING_MATCHES' | 'END_OF_RESULTS';

export interface SearchResult {
  readonly hits: readonly Hit[];
  readonly reason: EmptyReason | null;
  readonly notices: ReadonlyArray<{ readonly code: string; readonly message: string }>;
  readonly focusMap: readonly RegionWeight[];
  readonly pageInfo: PageInfo;
}

export interface Library {
  readonly imageCount: number;
  readonly folders: readonly string[];
  readonly model: { readonly id: string; readonly dimension: number };
  readonly index: { readonly kind: string; readonly state: 'READY' | 'BUILDING' | 'EXACT' };
  readonly commonTags: ReadonlyArray<{ readonly name: string; readonly count: number }>;
}

export interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly reason: string;
}

export interface Job {
  readonly id: string;
  readonly state: 'RUNNING' | 'DONE' | 'FAILED';
  readonly found: number;
  readonly done: number;
  readonly added: number;
  readonly known: number;
  readonly skippedCount: number;
  readonly rate: number;
  readonly secondsLeft: number | null;
  readonly skipped: readonly Refusal[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface AddOutcome {
  readonly name: string;
  readonly alreadyKnown: boolean;
  readonly image: { readonly id: string } | null;
  readonly error: Refusal | null;
}

interface Page {
  readonly first: number;
  readonly after: string | null;
}

interface Question extends Page {
  readonly not: readonly string[];
  readonly confidence: 'NONE' | 'NORMAL';
}

interface PictureQuestion extends Question {
  readonly focus: ReadonlyArray<{ readonly text: string; readonly strength: number }>;
}

const PICTURE = `fragment Picture on Image {
  id name width height bytes takenAt url placeholder
  small: thumbnailUrl large: thumbnailUrl(size: LARGE)
  tags(first: 6) { name score }
}`;

const RESULT = `fragment Result on SearchResult {
  hits { score confidence why { word } missing { word } image { ...Picture } }
  reason
  notices { code message }
  focusMap { weight region { x y width height } }
  pageInfo { hasNextPage endCursor }
}
${PICTURE}`;

const JOB = `fragment Progress on Job {
  id state found done added known skippedCount rate secondsLeft
  skipped { name code reason }
  error { code message }
}`;

export const NEWEST: Document<
  { images: { edges: ReadonlyArray<{ node: Picture }>; pageInfo: PageInfo; totalCount: number } },
  Page
> = {
  text: `query Newest($first: Int!, $after: String) {
    images(first: $first, after: $after) { edges { node { ...Picture } } pageInfo { hasNextPage endCursor } totalCount }
  }
  ${PICTURE}`,
};

export const SEARCH_BY_TEXT: Document<{ searchByText: SearchResult }, Question & { query: string }> = {
  text: `query SearchByText($query: String!, $not: [String!]!, $confidence: Confidence!, $first: Int!, $after: String) {
    searchByText(query: $query, not: $not, confidence: $confidence, first: $first, after: $after) { ...Result }
  }
  ${RESULT}`,
};

export const SIMILAR_TO_IMAGE: Document<
  { similarImages: SearchResult; image: Picture | null },
  PictureQuestion & { id: string }
> = {
  text: `query SimilarToImage(
    $id: ID!, $focus: [FocusInput!]!, $not: [String!]!, $confidence: Confidence!, $first: Int!, $after: String
  ) {
    image(id: $id) { ...Picture }
    similarImages(imageId: $id, focus: $focus, not: $not, confidence: $confidence, first: $first, after: $after) { ...Result }
  }
  ${RESULT}`,
};

export const SIMILAR_TO_UPLOAD: Document<
  { similarImages: SearchResult; tagsFor: ReadonlyArray<{ readonly name: string }> },
  PictureQuestion & { upload: File }
> = {
  text: `query SimilarToUpload(
    $upload: Upload!, $focus: [FocusInput!]!, $not: [String!]!, $confidence: Confidence!, $first: Int!, $after: String
  ) {
    tagsFor(upload: $upload, first: 6) { name }
    similarImages(upload: $upload, focus: $focus, not: $not, confidence: $confidence, first: $first, after: $after) { ...Result }
  }
  ${RESULT}`,
};

export const LIBRARY: Document<{ library: Library }, Record<string, never>> = {
  text: `query Library {
    library {
      imageCount folders
      model { id dimension }
      index { kind state }
      commonTags(first: 12) { name count }
    }
  }`,
};

export const JOB_STATUS: Document<{ job: Job | null }, { id: string }> = {
  text: `query JobStatus($id: ID!) { job(id: $id) { ...Progress } }
  ${JOB}`,
};

export const INDEX_FOLDER: Document<{ indexFolder: Job }, { path: string }> = {
  text: `mutation IndexFolder($path: String!) { indexFolder(path: $path) { ...Progress } }
  ${JOB}`,
};

export const ADD_IMAGES: Document<{ addImages: { outcomes: readonly AddOutcome[] } }, { uploads: readonly File[] }> = {
  text: `mutation AddImages($uploads: [Upload!]!) {
    addImages(uploads: $uploads) {
      outcomes { name alreadyKnown image { id } error { name code reason } }
    }
  }`,
};
