// Spaces out of files: the rows of an .npy file become vectors of the pictures that a map names. Such a space has no encoder:
// it knows the pictures that came with it, and can be asked for what is like one of them.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../core/errors.ts';
import type { Fingerprint } from '../../core/model-info.ts';
import { type NpyFile, openNpy } from '../../core/npy-file.ts';
import { row } from '../../core/vector.ts';
import { type ImageId, WHOLE } from '../../core/views.ts';
import type { Catalog } from '../../store/catalog.ts';
import { PictureLookup, type PictureName } from '../library/picture-lookup.ts';
import { defineSpace, type SpaceDefinition } from './space-definition.ts';
import { factsOf, type ImportedVectors, spaceFingerprint, toStored } from './space-encoder.ts';
import type { Spaces } from './spaces.ts';

export interface ImportRequest {
  readonly name: string;
  /** Path of an .npy file: one row a picture. */
  readonly features: string;
  /** Path of a JSON file: `{ "0": "cat.jpg" }`, `["cat.jpg"]` or a list of objects with `id`, `sha256`, `path` or `name`. */
  readonly map: string;
  readonly metric?: string | undefined;
  readonly index?: string | undefined;
  readonly reduce?: string | undefined;
}

export interface ImportOutcome {
  readonly rows: number;
  readonly dimension: number;
  /** Pictures that have a vector now. */
  readonly pictures: number;
  /** What the map calls the rows that fit no picture of the library, or a picture that a row before stood for. */
  readonly unmatched: readonly string[];
}

interface Deps {
  readonly catalog: Catalog;
  readonly spaces: Spaces;
}

/**
 * Adds the space; done again with the same files it does nothing new. Throws FILE_NOT_FOUND, BAD_ARGUMENT for files that are
 * not what they should be, a name that is taken, or a map that fits no picture at all.
 */
export async function importSpace({ catalog, spaces }: Deps, request: ImportRequest): Promise<ImportOutcome> {
  const features = await openNpy(resolve(request.features));
  try {
    const { rows, dimension } = features;
    const digest = (await hashOf(resolve(request.features))).slice(0, 32);
    const definition = defineSpace({ ...request, encoder: `import:${dimension}/${digest}` });
    await spaces.assertFree(definition);
    if (dimension > MOST_NUMBERS) {
      const message = `${request.features} holds rows of ${dimension} numbers; a space takes at most ${MOST_NUMBERS}.`;
      throw new AppError('BAD_ARGUMENT', message);
    }
    await assertFinite(features);
    const names = await readMap(resolve(request.map), rows);
    const { ids, unmatched } = await match(catalog, names, dirname(resolve(request.map)));
    if (ids.size === 0) {
      const message = `None of the ${rows} rows fits a picture of the library; the first is called ${unmatched[0]}. Index the pictures first, or name them by path, base name, sha-256 or id.`;
      throw new AppError('BAD_ARGUMENT', message);
    }
    await store(catalog, features, definition, ids);
    const space = await spaces.add(definition);
    await space.fitIfDue();
    return { rows, dimension, pictures: ids.size, unmatched };
  } finally {
    await features.close();
  }
}

/** The encoder's name, below, has room for so many digits. */
const MOST_NUMBERS = 999_999;

/** What `import:DIMENSION/DIGEST` says of itself. Throws BAD_ARGUMENT. */
export function importedSource(rest: string): ImportedVectors {
  const match = /^([1-9]\d{0,5})\/([0-9a-f]{32})$/.exec(rest);
  if (match === null)
    throw new AppError('BAD_ARGUMENT', `"import:${rest}" is written by "semblance space import", not by hand.`);
  return { from: 'FILE', id: `import:${rest}`, revision: match[2] ?? '', dimension: Number(match[1]) };
}

async function store(
  catalog: Catalog,
  features: NpyFile,
  { encoder, metric }: SpaceDefinition,
  ids: ReadonlyMap<number, ImageId>,
): Promise<void> {
  const { model } = factsOf(importedSource(encoder.slice('import:'.length)), undefined);
  const fingerprint: Fingerprint = spaceFingerprint(model, metric);
  let first = 0;
  for await (const batch of features.batches()) {
    const entries = Array.from({ length: batch.rows }, (_, i) => ({ imageId: ids.get(first + i), i }));
    await catalog.putVectors(
      fingerprint,
      entries.flatMap(({ imageId, i }) =>
        imageId === undefined ? [] : [{ imageId, view: WHOLE, vector: toStored(row(batch, i), metric) }],
      ),
    );
    first += batch.rows;
  }
}

/** Before anything is written: a row refused halfway would leave vectors that no space owns. */
async function assertFinite(features: NpyFile): Promise<void> {
  let first = 0;
  for await (const { data, rows, dimension } of features.batches()) {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const message = `Row ${first + Math.floor(bad / dimension)} of the features holds a number that is not finite.`;
      throw new AppError('BAD_ARGUMENT', message);
    }
    first += rows;
  }
}

/** Row by row; the first row of a picture counts. */
async function match(catalog: Catalog, names: readonly (PictureName | undefined)[], folder: string) {
  const lookup = await PictureLookup.open(catalog);
  const ids = new Map<number, ImageId>();
  const taken = new Set<ImageId>();
  const unmatched: string[] = [];
  for (const [at, name] of names.entries()) {
    const id = name === undefined ? undefined : await lookup.find(name, folder);
    if (id === undefined || taken.has(id)) {
      unmatched.push(name === undefined ? `row ${at}` : typeof name === 'object' ? JSON.stringify(name) : String(name));
      continue;
    }
    taken.add(id);
    ids.set(at, id);
  }
  return { ids, unmatched };
}

/** One name a row; undefined where the map passes a row over. */
async function readMap(path: string, rows: number): Promise<(PictureName | undefined)[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_NOT_FOUND', `The map ${path} cannot be read; expected JSON from row to picture.`, {
      cause,
    });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_ARGUMENT', `The map ${path} is not JSON.`, { cause });
  }
  if (typeof value !== 'object' || value === null)
    throw new AppError('BAD_ARGUMENT', `The map ${path} expects a JSON object or list, from row to picture.`);
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const names: (PictureName | undefined)[] = new Array<undefined>(rows).fill(undefined);
  for (const [key, name] of entries) {
    const at = Number(key);
    if (!Number.isInteger(at) || at < 0 || at >= rows || !isName(name)) {
      throw new AppError(
        'BAD_ARGUMENT',
        `The map ${path} expects a row 0 to ${rows - 1} and the picture's path, name, sha-256 or id; "${key}": ${JSON.stringify(name)} is none.`,
      );
    }
    names[at] = name;
  }
  return names;
}

function isName(value: unknown): value is PictureName {
  return typeof value === 'string' || typeof value === 'number' || (typeof value === 'object' && value !== null);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
