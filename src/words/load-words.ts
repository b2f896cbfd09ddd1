// Opens a word vector file by way of its binary cache, which is made in a worker where it is missing or of another file.
// The caller's thread stays free. Knows no index and no service.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { startWorker } from '../core/worker-entry.ts';
import { DEFAULT_MAX_WORDS, type ReadOptions } from './glove-file.ts';
import type { FromGloveWorker, GloveJob } from './glove-worker.ts';
import { type CachedWords, openWordCache, type WordSource, wordSourceOf } from './word-cache.ts';

export interface LoadedWords {
  readonly words: CachedWords;
  /** False where the file had to be read. */
  readonly wasCached: boolean;
}

/**
 * Opens the words of `path`, with the cache in `cacheFolder` (made where it is missing). Throws FILE_NOT_FOUND,
 * WORDS_INVALID as readGloveFile does, STORAGE_FAILED where the cache cannot be written.
 */
export async function loadWords(path: string, cacheFolder: string, options: ReadOptions = {}): Promise<LoadedWords> {
  const source = sourceOf(resolve(path), options);
  const cachePath = cachePathOf(cacheFolder, source);
  const cached = openWordCache(cachePath, source);
  if (cached !== undefined) return { words: cached, wasCached: true };
  const { onProgress, ...rest } = options;
  try {
    await mkdir(cacheFolder, { recursive: true });
  } catch (cause) {
    throw notWritten(cachePath, cause);
  }
  await importInWorker({ source, cachePath, options: rest }, onProgress);
  const words = openWordCache(cachePath, source);
  if (words === undefined) throw notWritten(cachePath, new Error('the cache could not be read back'));
  return { words, wasCached: false };
}

/** One cache for each file and choice; a changed file overwrites its own. */
function cachePathOf(cacheFolder: string, { path, choice }: WordSource): string {
  const key = createHash('sha256').update(`${path}\n${choice}`).digest('hex').slice(0, 12);
  return join(cacheFolder, `${basename(path)}-${key}.words`);
}

function sourceOf(path: string, { entry, dimension, maxWords = DEFAULT_MAX_WORDS }: ReadOptions): WordSource {
  try {
    return wordSourceOf(path, JSON.stringify({ entry, dimension, maxWords }));
  } catch (cause) {
    const message = `The word vectors ${path} cannot be read; give a .txt, .vec, .gz or .zip file.`;
    throw new AppError('FILE_NOT_FOUND', message, { cause });
  }
}

function importInWorker(job: GloveJob, onProgress: ReadOptions['onProgress']): Promise<void> {
  const worker = startWorker(new URL('./glove-worker.ts', import.meta.url), { workerData: job });
  return new Promise<void>((done, reject) => {
    worker.on('message', (message: FromGloveWorker) => {
      if (message.kind === 'progress') onProgress?.(message.readBytes, message.totalBytes);
      if (message.kind === 'done') done();
      if (message.kind === 'failed') reject(toError(job, message));
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new AppError('INTERNAL', `The reader of ${job.source.path} ended early (${code}).`)),
    );
  });
}

function toError(job: GloveJob, failure: Extract<FromGloveWorker, { kind: 'failed' }>): AppError {
  const cause = failure.cause;
  // The only thing that is neither the file's nor the caller's fault here is the disk.
  if (failure.code === 'INTERNAL') return notWritten(job.cachePath, cause);
  return new AppError(failure.code, failure.message, { cause, details: failure.details });
}

function notWritten(path: string, cause: unknown): AppError {
  const message = `The cache of word vectors ${path} cannot be written; free the disk or give a folder that can be written to.`;
  return new AppError('STORAGE_FAILED', message, { cause });
}
