// Worker thread: makes the binary cache of one word vector file and ends. Speaks only the messages below.
import { parentPort, workerData } from 'node:worker_threads';
import type { ErrorCode, ErrorDetails } from '../core/errors.ts';
import { toAppError } from '../core/errors.ts';
import type { ReadOptions } from './glove-file.ts';
import { importWords } from './import-words.ts';
import type { WordSource } from './word-cache.ts';

export interface GloveJob {
  readonly source: WordSource;
  readonly cachePath: string;
  readonly options: Omit<ReadOptions, 'onProgress'>;
}

export type FromGloveWorker =
  | { readonly kind: 'progress'; readonly readBytes: number; readonly totalBytes: number }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
      readonly cause: unknown;
    };

/** Progress is told at most so often. */
const PROGRESS_INTERVAL_MS = 100;

if (parentPort !== null) await run(workerData as GloveJob);

async function run({ source, cachePath, options }: GloveJob): Promise<void> {
  const say = (message: FromGloveWorker): void => parentPort?.postMessage(message);
  let last = 0;
  const onProgress = (readBytes: number, totalBytes: number): void => {
    if (performance.now() - last < PROGRESS_INTERVAL_MS) return;
    last = performance.now();
    say({ kind: 'progress', readBytes, totalBytes });
  };
  try {
    await importWords(source, cachePath, { ...options, onProgress });
    say({ kind: 'done' });
  } catch (error) {
    const { code, message, details, cause } = toAppError(error);
    say({ kind: 'failed', code, message, details, cause: cause instanceof Error ? cause.message : undefined });
  }
}
