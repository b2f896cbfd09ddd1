// Starts a worker thread from the same tree that runs: compiled JavaScript in production, TypeScript under tests.
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** `entry` is new URL('./x-worker.ts', import.meta.url); the build rewrites the extension of the running file. */
export function startWorker(entry: URL, options: WorkerOptions = {}): Worker {
  const compiled = import.meta.url.endsWith('.js');
  const url = compiled ? new URL(entry.href.replace(/\.ts$/, '.js')) : entry;
  const execArgv = compiled ? [] : ['--import', 'tsx'];
  return new Worker(url, { ...options, execArgv });
}
