// Features of the pictures that are learned from, in a space that exists: taken from the catalog for pictures of the library,
// embedded for all others, which are not added to it. Knows no words.
import pMap from 'p-map';
import { isAppError, toAppError } from '../../core/errors.ts';
import type { Vector } from '../../core/vector.ts';
import { labelOf, WHOLE } from '../../core/views.ts';
import { readPicture } from '../../media/picture.ts';
import { readFileLimited, type ScannedFile } from '../../media/source.ts';
import type { Catalog } from '../../store/catalog.ts';
import { sha256 } from '../library/prepare-picture.ts';
import type { Space } from '../spaces/space.ts';

const FILES_AT_ONCE = 32;
const DECODES_IN_FLIGHT = 4;

export interface FeatureSample {
  /** Row of the class. */
  readonly class: number;
  readonly vector: Vector;
}

export interface Features {
  /** In the order of the files. */
  readonly samples: readonly FeatureSample[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Files whose bytes came before: once in training and once in the test would be cheating. */
  readonly doubles: number;
  /** Vectors that the library had. */
  readonly known: number;
}

export interface FeatureFile {
  readonly class: number;
  readonly file: ScannedFile;
}

/** Vectors as the space stores them. A picture that cannot be read is told and passed over. */
export async function featuresOf(
  { catalog, space }: { readonly catalog: Catalog; readonly space: Space },
  files: readonly FeatureFile[],
  onProgress: (done: number, total: number) => void,
): Promise<Features> {
  const seen = new Set<string>();
  const samples: FeatureSample[] = [];
  const skipped: { name: string; reason: string }[] = [];
  let doubles = 0;
  let known = 0;
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    const batch = files.slice(from, from + FILES_AT_ONCE);
    const read = await pMap(batch, ({ file }) => readHashed(file), { concurrency: DECODES_IN_FLIGHT });
    const stored = await storedVectors(
      catalog,
      space,
      read.flatMap((one) => ('hash' in one ? one.hash : [])),
    );
    const refuse = (i: number, error: unknown) =>
      skipped.push({ name: batch[i]?.file.path ?? '', reason: toAppError(error).message });
    const fresh: { readonly i: number; readonly bytes: Uint8Array }[] = [];
    const vectors = read.map((one, i): Vector | undefined => {
      if ('error' in one) {
        refuse(i, one.error);
        return undefined;
      }
      if (seen.has(one.hash)) {
        doubles++;
        return undefined;
      }
      seen.add(one.hash);
      const vector = stored.get(one.hash);
      if (vector === undefined) fresh.push({ i, bytes: one.bytes });
      else known++;
      return vector;
    });
    for (const { i, vector } of await embed(space, fresh, refuse)) vectors[i] = vector;
    vectors.forEach((vector, i) => {
      if (vector !== undefined) samples.push({ class: (batch[i] as FeatureFile).class, vector });
    });
    onProgress(Math.min(files.length, from + FILES_AT_ONCE), files.length);
  }
  return { samples, skipped, doubles, known };
}

async function readHashed({ path }: ScannedFile) {
  try {
    const bytes = await readFileLimited(path);
    return { bytes, hash: sha256(bytes) };
  } catch (error) {
    return { error };
  }
}

async function storedVectors(catalog: Catalog, space: Space, hashes: readonly string[]): Promise<Map<string, Vector>> {
  const ids = await catalog.findBySha256(hashes);
  const vectors = await space.vectors.get([...ids.values()].map((id) => labelOf(id, WHOLE)));
  return new Map(
    [...ids].flatMap(([hash, id]) => {
      const vector = vectors.get(labelOf(id, WHOLE));
      return vector === undefined ? [] : [[hash, vector] as const];
    }),
  );
}

/** Rows that could not be read, or not by this space, are refused. */
async function embed(
  { encoder }: Space,
  files: readonly { readonly i: number; readonly bytes: Uint8Array }[],
  refuse: (i: number, error: unknown) => void,
): Promise<{ readonly i: number; readonly vector: Vector }[]> {
  const decoded = await pMap(
    files,
    async ({ i, bytes }) => {
      try {
        return { i, pixels: (await readPicture(bytes, encoder.model.pixels)).pixels };
      } catch (error) {
        refuse(i, error);
        return undefined;
      }
    },
    { concurrency: DECODES_IN_FLIGHT },
  );
  const pictures = decoded.filter((picture) => picture !== undefined);
  try {
    const vectors = await encoder.embedPixels(
      pictures.flatMap(({ pixels }) => pixels),
      'ingest',
    );
    return vectors.map((vector, at) => ({ i: pictures[at]?.i ?? -1, vector }));
  } catch (error) {
    // An imported space has no encoder: what the library does not hold cannot be learned from.
    if (!isAppError(error, 'SPACE_HAS_NO_ENCODER')) throw error;
    for (const { i } of pictures) refuse(i, error);
    return [];
  }
}
