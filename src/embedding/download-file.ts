// One file over HTTP to disk, whole or absent: written to `.tmp`, resumed where the server can, checked, renamed.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError, isAppError } from '../core/errors.ts';
import { syncFolder } from '../core/files.ts';

export interface DownloadProgress {
  readonly file: string;
  readonly doneBytes: number;
  /** Absent where the hub does not say. */
  readonly totalBytes?: number;
}

export interface HubFile {
  readonly path: string;
  readonly bytes?: number;
  /** Known for files in large file storage, that is for all weights. */
  readonly sha256?: string;
}

export interface DownloadOptions {
  readonly url: string;
  /** Absolute; its folder is made. */
  readonly target: string;
  /** Size and sha-256 are checked where known. */
  readonly file: HubFile;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/** Silence of this length ends a request: the connection is dead, and the next start resumes. */
const SILENCE_MS = 60_000;

/** Fetches to `target`. A part left by an earlier run is continued. Throws MODEL_UNAVAILABLE; never leaves half a target. */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const { url, target, file } = options;
  const temporary = `${target}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  const startedAt = await stat(temporary).then(
    (found) => found.size,
    () => 0,
  );
  const isWhole = startedAt > 0 && startedAt === file.bytes;
  if (!isWhole) await receive(options, temporary, startedAt);
  await assertAsListed(temporary, file, url);
  await rename(temporary, target);
  await syncFolder(dirname(target));
}

async function receive(options: DownloadOptions, temporary: string, startedAt: number): Promise<void> {
  const { url, file, onProgress } = options;
  const abort = new AbortController();
  const silence = setTimeout(() => abort.abort(), SILENCE_MS);
  let doneBytes = 0;
  try {
    const range: Record<string, string> = startedAt > 0 ? { range: `bytes=${startedAt}-` } : {};
    const response = await requestHub(url, range, abort.signal);
    if (response.status === 416) {
      // The part is longer than the file: it is not a part of it.
      await rm(temporary, { force: true });
      return await receive(options, temporary, 0);
    }
    // 206 continues the part; 200 sends everything from the start.
    const isContinued = response.status === 206;
    doneBytes = isContinued ? startedAt : 0;
    const length = response.headers.get('content-length');
    const totalBytes = file.bytes ?? (length === null ? undefined : doneBytes + Number(length));
    await pipeline(
      Readable.fromWeb((response.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array>),
      async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          silence.refresh();
          doneBytes += piece.length;
          onProgress?.({ file: file.path, doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
          yield piece;
        }
      },
      createWriteStream(temporary, { flags: isContinued ? 'a' : 'w', flush: true }),
    );
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `The download of ${url} broke off after ${doneBytes} bytes. Start again: it goes on from there.`,
      { cause },
    );
  } finally {
    clearTimeout(silence);
  }
}

/** A part of the wrong size or content would be resumed for ever, so it is thrown away. */
async function assertAsListed(temporary: string, file: HubFile, url: string): Promise<void> {
  const { size } = await stat(temporary);
  const sizeIsRight = file.bytes === undefined || size === file.bytes;
  if (sizeIsRight && (file.sha256 === undefined || (await sha256Of(temporary)) === file.sha256)) return;
  await rm(temporary, { force: true });
  const problem = sizeIsRight ? 'its sha-256 differs' : `it has ${size} bytes instead of ${file.bytes}`;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `What came from ${url} is not the file that the hub lists: ${problem}. It was deleted; start again.`,
  );
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A response with status 200, 206 or 416; MODEL_UNAVAILABLE naming the address for everything else. */
export async function requestHub(
  url: string,
  headers: Record<string, string> = {},
  signal: AbortSignal | null = null,
): Promise<Response> {
  let response: Response;
  try {
    // Compressed answers would make sizes and ranges mean something else.
    response = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' }, signal });
  } catch (cause) {
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `Expected an answer from ${url}, but the server is out of reach. Check the connection and start again, or set SEMBLANCE_MODEL=starter, which needs none.`,
      { cause },
    );
  }
  if (response.ok || (response.status === 416 && 'range' in headers)) return response;
  await response.body?.cancel();
  const hint =
    response.status === 401 || response.status === 403 || response.status === 404
      ? 'Check the id and revision in SEMBLANCE_MODEL; private and gated models must be downloaded by hand and named by their folder.'
      : 'Start again later: finished files are kept.';
  throw new AppError('MODEL_UNAVAILABLE', `Expected a file from ${url}, got HTTP ${response.status}. ${hint}`, {
    details: { status: response.status },
  });
}
