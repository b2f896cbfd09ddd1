// Arguments as GraphQL brings them, in the terms of the services.
import { AppError } from '../core/errors.ts';
import { parseImageId } from '../services/checks.ts';
import type { PictureSource } from '../services/query-vectors.ts';
import type { ImageFilter } from '../store/catalog.ts';
import type { ImageFilter as FilterInput } from './schema-types.ts';
import { readUpload } from './uploads.ts';

interface PageArguments {
  first?: number;
  after?: string | null | undefined;
  filter?: FilterInput | null | undefined;
}

export function pageRequest({ first = 20, after, filter }: PageArguments) {
  return { first, after: after ?? undefined, filter: readFilter(filter) };
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
