// Where pictures come from on disk: names and sizes of a folder, bytes of one file. Reads no picture; what the bytes
// are is found out when they are decoded.
import type { Dirent, Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { hasPictureExtension } from './formats.ts';
import { assertByteLimit } from './limits.ts';

export interface ScannedFile {
  /** Absolute. */
  readonly path: string;
  /** Base name, as the user knows it. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

export interface ScanOptions {
  /** Ends the scan with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** A folder or file that could not be looked at; the scan goes on. `error` is FILE_NOT_FOUND. */
  readonly onUnreadable?: (path: string, error: AppError) => void;
  /** A file that is no picture by its name, a link to a folder, a socket. Hidden names are not even told. */
  readonly onPassedOver?: (path: string) => void;
}

/**
 * The picture files below a folder, depth first, by name in each folder, so that two runs meet them in one order.
 * Skips hidden names. Follows links to files, never to folders: a circle of links ends nothing. A root that is a
 * file gives that file, whatever its name. Throws FILE_NOT_FOUND for a root that is not there or cannot be read.
 */
export async function* scanFolder(root: string, options: ScanOptions = {}): AsyncGenerator<ScannedFile> {
  const path = resolve(root);
  const found = await statOf(path);
  if (found.isFile()) yield scanned(path, found);
  else if (found.isDirectory()) yield* scanEntries(path, await entriesOf(path), options);
  else throw unreadable(path, 'it is neither a file nor a folder');
}

/** How many picture files `scanFolder` will meet, by their names alone: no file is looked at. */
export async function countPictureFiles(root: string, signal?: AbortSignal): Promise<number> {
  const path = resolve(root);
  if ((await statOf(path)).isFile()) return 1;
  return countEntries(path, signal);
}

async function countEntries(folder: string, signal: AbortSignal | undefined): Promise<number> {
  signal?.throwIfAborted();
  let count = 0;
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) count += await countEntries(join(folder, entry.name), signal).catch(() => 0);
    else if (hasPictureExtension(entry.name)) count++;
  }
  return count;
}

/** All bytes of a file. Throws FILE_NOT_FOUND, or PICTURE_TOO_LARGE before anything over 64 MiB is read. */
export async function readFileLimited(path: string): Promise<Uint8Array> {
  // A pipe would be waited for without end by opening it.
  const found = await statOf(path);
  if (!found.isFile()) throw unreadable(path, 'it is not a file');
  assertByteLimit(found.size);
  try {
    const file = await open(path, 'r');
    try {
      return await readWhole(file, found.size);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* scanEntries(
  folder: string,
  entries: readonly Dirent[],
  options: ScanOptions,
): AsyncGenerator<ScannedFile> {
  for (const entry of entries) {
    options.signal?.throwIfAborted();
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const inside = await reported(path, () => entriesOf(path), options);
      if (inside !== undefined) yield* scanEntries(path, inside, options);
    } else if (hasPictureExtension(entry.name) && (entry.isFile() || entry.isSymbolicLink())) {
      const found = await reported(path, () => statOf(path), options);
      if (found?.isFile()) yield scanned(path, found);
      else if (found !== undefined) options.onPassedOver?.(path);
    } else {
      options.onPassedOver?.(path);
    }
  }
}

/** The result, or undefined after the failure was told. */
async function reported<T>(path: string, look: () => Promise<T>, options: ScanOptions): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    options.onUnreadable?.(path, error instanceof AppError ? error : unreadable(path, error));
    return undefined;
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // By code unit, which no language setting of the machine changes.
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function scanned(path: string, found: Stats): ScannedFile {
  return { path, name: basename(path), bytes: found.size, modifiedAtMs: Math.floor(found.mtimeMs) };
}

/** Reads up to the size that was checked: a file that grows meanwhile is cut there and found truncated later. */
async function readWhole(file: Awaited<ReturnType<typeof open>>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is nothing at this path',
  ENOTDIR: 'there is nothing at this path',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  ELOOP: 'its links go in a circle',
};

function unreadable(path: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const reason =
    typeof cause === 'string' ? cause : (REASONS[code ?? ''] ?? `the system answered ${code ?? 'an error'}`);
  const message = `Expected a readable file or folder at "${path}", but ${reason}. Check the path and its permissions.`;
  return new AppError('FILE_NOT_FOUND', message, typeof cause === 'string' ? {} : { cause });
}
