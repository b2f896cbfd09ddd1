// Arguments as GraphQL brings them, in the terms of the services.
import { AppError } from '../core/errors.ts';
import type { ImageId } from '../core/views.ts';
import { parseImageId } from '../services/checks.ts';
import type { ConfidenceLevel } from '../services/search/confidence-service.ts';
import type { FocusTerm, Subject } from '../services/search/query-expression.ts';
import type { PictureSource } from '../services/search/query-vectors.ts';
import type { ImageFilter } from '../store/catalog.ts';
import type { ImageFilter as FilterInput, FocusInput, QueryTermInput } from './schema-types.ts';
import { readUpload } from './uploads.ts';

interface PageArguments {
  first?: number;
  after?: string | null | undefined;
  filter?: FilterInput | null | undefined;
  confidence?: ConfidenceLevel;
  diversity?: number;
}

export function pageRequest({ first = 20, after, filter, confidence, diversity }: PageArguments) {
  return { first, after: after ?? undefined, filter: readFilter(filter), confidence, diversity };
}

/** Throws IMAGE_NOT_FOUND for anything that cannot be an id. */
export function imageIds(ids: readonly string[]): ImageId[] {
  return ids.map(parseImageId);
}

export function focusTerms(focus: readonly FocusInput[]): FocusTerm[] {
  return focus.map(({ text, strength = DEFAULT_STRENGTH }) => ({ text, strength }));
}

/** As the schema says. */
const DEFAULT_STRENGTH = 0.8;

/** A part of a composed query. Throws BAD_ARGUMENT unless it is exactly one thing, and a region or focus is a picture's. */
export async function readSubject(input: Omit<QueryTermInput, 'weight'>): Promise<Subject> {
  const { text, imageId, upload, region, focus = [] } = input;
  if (text == null) {
    const source = await pictureSource(upload, imageId);
    return { source, region: region ?? undefined, focus: focusTerms(focus) };
  }
  if (upload != null || imageId != null || region != null || focus.length > 0) {
    throw new AppError(
      'BAD_ARGUMENT',
      'A term is a text or a picture: give `text` alone, or one of `imageId` and `upload` with its `region` and `focus`.',
    );
  }
  return { text };
}

/** GraphQL's null and undefined are both "not given". */
export function readFilter(filter: FilterInput | null | undefined): ImageFilter {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as ImageFilter;
}

/** Throws BAD_ARGUMENT unless exactly one of the two is given. */
export async function pictureSource(
  upload: Parameters<typeof readUpload>[0] | null | undefined,
  imageId: string | null | undefined,
): Promise<PictureSource> {
  if (upload != null && imageId == null) return { bytes: await readUpload(upload) };
  if (imageId != null && upload == null) return { imageId: parseImageId(imageId) };
  const came = upload == null ? 'neither' : 'both';
  throw new AppError('BAD_ARGUMENT', `Give exactly one of \`upload\` and \`imageId\`; ${came} came.`);
}
