// Where definitions of spaces outlive the process: one small artifact of the catalog, with what is known of each encoder, so
// that no network is loaded only to say what a space is. Knows definitions, not vectors.
import { AppError } from '../../core/errors.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { SpaceDefinition } from './space-definition.ts';
import type { EncoderFacts } from './space-encoder.ts';

const KEY = 'spaces';
const FORMAT = 1;

export interface StoredSpaces {
  readonly spaces: readonly SpaceDefinition[];
  /** By the encoder's source. */
  readonly encoders: Readonly<Record<string, EncoderFacts>>;
}

/** Empty where none was ever stored. Throws STORAGE_FAILED for what a newer version wrote. */
export async function readSpaces(catalog: Catalog): Promise<StoredSpaces> {
  const bytes = await catalog.getArtifact(KEY);
  if (bytes === undefined) return { spaces: [], encoders: {} };
  const stored = JSON.parse(Buffer.from(bytes).toString('utf8')) as StoredSpaces & { readonly format: number };
  if (stored.format !== FORMAT) {
    throw new AppError(
      'STORAGE_FAILED',
      `The catalog's list of spaces has format ${stored.format}, this version reads ${FORMAT}; use the version that wrote it.`,
    );
  }
  return stored;
}

/** Reads, changes and writes back: what another process stored meanwhile is kept. Returns what was written. */
export async function changeSpaces(
  catalog: Catalog,
  change: (stored: StoredSpaces) => StoredSpaces,
): Promise<StoredSpaces> {
  const next = change(await readSpaces(catalog));
  await catalog.putArtifact(KEY, Buffer.from(JSON.stringify({ format: FORMAT, ...next })));
  return next;
}
