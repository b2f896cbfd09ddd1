// Index files on disk: a payload in the library's own format, its labels, and a small header that is renamed into place
// last: that rename is the commit. An index file is a cache; whatever is wrong with it is INDEX_INVALID and rebuilt.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import type { Label } from '../core/views.ts';
import { checksumOf } from './checksum.ts';
import {
  headerFault,
  headerPath,
  type IndexHeader,
  type IndexIdentity,
  type PartFile,
  parseHeader,
} from './index-header.ts';
import { loadIndex } from './make-index.ts';
import type { VectorIndex } from './vector-index.ts';

export interface IndexPlace {
  /** Made if it does not exist. */
  readonly directory: string;
  /** Letters, digits, `-` and `_`; one file set a name. */
  readonly name: string;
}

export interface OpenedIndex {
  /** May be read-only. */
  readonly index: VectorIndex;
  /** Names this very build. */
  readonly generation: string;
}

/** Leftovers of a build that was killed are removed once they are this old; younger ones may be another process's work. */
const LEFTOVER_AGE_MS = 3_600_000;

/**
 * Writes the index and makes it the one that `openIndexFile` finds; returns its generation. Files of the generation
 * before are removed. A kill at any moment leaves the old index or the new one. Throws STORAGE_FAILED.
 */
export async function saveIndexFile(
  { directory, name }: IndexPlace,
  index: VectorIndex,
  fingerprint: string,
): Promise<string> {
  const generation = `${Date.now().toString(36)}${randomBytes(4).toString('hex')}`;
  const payload = `${name}-${generation}.bin`;
  const labelsFile = `${name}-${generation}.labels`;
  try {
    await mkdir(directory, { recursive: true });
    await savePayload(index, join(directory, payload));
    const labels = Uint32Array.from(index.labels());
    await writeFileAtomic(join(directory, labelsFile), [new Uint8Array(labels.buffer)]);
    const header: IndexHeader = {
      format: 1,
      generation,
      kind: index.kind,
      fingerprint,
      dimension: index.dimension,
      metric: index.metric,
      count: labels.length,
      payload: await describe(directory, payload),
      labels: await describe(directory, labelsFile),
    };
    const before = await readHeader({ directory, name }).catch(() => undefined);
    await writeFileAtomic(headerPath(directory, name), [`${JSON.stringify(header, null, 2)}\n`]);
    await removeOthers({ directory, name }, header, before);
    return generation;
  } catch (cause) {
    const leftovers = [payload, `${payload}.tmp`, labelsFile].map((file) => join(directory, file));
    await Promise.all(leftovers.map((path) => rm(path, { force: true }).catch(() => undefined)));
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'STORAGE_FAILED',
      `The index ${name} could not be written to ${directory}; see that it is writable and has room.`,
      { cause },
    );
  }
}

/**
 * Opens the committed index after verifying every byte of it. Throws INDEX_INVALID with `details.reason`: `missing`,
 * `torn` (truncated, changed, unreadable) or `stale` (of another model, dimension, metric or kind); INDEX_UNAVAILABLE.
 */
export async function openIndexFile(place: IndexPlace, expected: IndexIdentity): Promise<OpenedIndex> {
  const { directory } = place;
  const header = await readHeader(place);
  const fault = headerFault(header, expected);
  if (fault !== undefined) throw invalid(place, 'stale', fault);
  for (const part of [header.payload, header.labels]) await verifyPart(place, part);

  const labels = await readLabels(join(directory, header.labels.file));
  if (labels.length !== header.count) {
    throw invalid(place, 'torn', `expected ${header.count} labels, got ${labels.length}`);
  }
  try {
    const index = await loadIndex(header.kind, join(directory, header.payload.file), header, labels);
    return { index, generation: header.generation };
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'INDEX_UNAVAILABLE') throw cause;
    throw invalid(place, 'torn', `the ${header.kind} library cannot read ${header.payload.file}`, cause);
  }
}

/** The library writes beside; the whole, flushed file gets the name. */
async function savePayload(index: VectorIndex, path: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await index.save(temporary);
  const file = await open(temporary, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function describe(directory: string, file: string): Promise<PartFile> {
  return { file, ...(await checksumOf(join(directory, file))) };
}

async function readHeader(place: IndexPlace): Promise<IndexHeader> {
  const path = headerPath(place.directory, place.name);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (isMissing(cause)) throw invalid(place, 'missing', `there is no ${path}`, cause);
    throw invalid(place, 'torn', `${path} cannot be read`, cause);
  });
  const header = parseHeader(text, place.name);
  if (typeof header === 'string') throw invalid(place, 'torn', `its header ${header}`);
  return header;
}

async function verifyPart(place: IndexPlace, part: PartFile): Promise<void> {
  const found = await checksumOf(join(place.directory, part.file)).catch((cause: unknown) => {
    throw invalid(place, isMissing(cause) ? 'missing' : 'torn', `${part.file} cannot be read`, cause);
  });
  if (found.bytes !== part.bytes) {
    throw invalid(place, 'torn', `expected ${part.bytes} bytes in ${part.file}, got ${found.bytes}`);
  }
  if (found.crc32 !== part.crc32) {
    throw invalid(place, 'torn', `expected checksum ${part.crc32} of ${part.file}, got ${found.crc32}`);
  }
}

/** Little-endian 32-bit integers, ascending. */
async function readLabels(path: string): Promise<Label[]> {
  const bytes = await readFile(path);
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return Array.from(new Uint32Array(whole)) as Label[];
}

/** What cannot be removed (Windows keeps mapped files) is left for the next time. */
async function removeOthers({ directory, name }: IndexPlace, now: IndexHeader, before?: IndexHeader): Promise<void> {
  const pattern = new RegExp(`^${name}-[0-9a-z]+\\.(bin|labels)(\\..*tmp|\\.tmp)?$`);
  const current = new Set([now.payload.file, now.labels.file]);
  const replaced = new Set([before?.payload.file, before?.labels.file]);
  for (const file of await readdir(directory)) {
    if (!pattern.test(file) || current.has(file)) continue;
    const path = join(directory, file);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (replaced.has(file) || age > LEFTOVER_AGE_MS) await rm(path, { force: true }).catch(() => undefined);
  }
}

function invalid({ directory, name }: IndexPlace, reason: string, fault: string, cause?: unknown): AppError {
  const message = `The index file ${name} in ${directory} cannot be used: ${fault}. It is rebuilt from the catalog; exact search serves until then.`;
  return new AppError('INDEX_INVALID', message, { details: { reason }, ...(cause === undefined ? {} : { cause }) });
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}
