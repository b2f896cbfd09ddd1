// Starts a worker thread from the same tree that runs: compiled JavaScript in production, TypeScript under tests.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** `entry` is new URL('./x-worker.ts', import.meta.url); in a build the file beside it ends in .js. */
export function startWorker(entry: URL, options: WorkerOptions = {}): Worker {
  const isBuilt = import.meta.url.endsWith('.js');
  return new Worker(isBuilt ? new URL(entry.href.replace(/\.ts$/, '.js')) : withTypeScript(entry), options);
}

/** In Node 20 a worker ignores `--import tsx`, so the loader is registered inside it before its file is imported. */
function withTypeScript(entry: URL): URL {
  const tsx = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/cjs$/, 'mjs');
  const source = `import { register } from ${JSON.stringify(pathToFileURL(tsx))}; register(); await import(${JSON.stringify(entry)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}
