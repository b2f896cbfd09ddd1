// The thread that builds an index: takes rows, links them into the graph, writes the file. Linking blocks its thread
// for minutes, so it is never the one that serves.
import { parentPort, workerData } from 'node:worker_threads';
import { toAppError } from '../core/errors.ts';
import type { Label } from '../core/views.ts';
import type { BuildTask, FromBuilder, ToBuilder } from './build-messages.ts';
import { saveIndexFile } from './index-file.ts';
import { createIndex } from './make-index.ts';

const { place, identity, capacity } = workerData as BuildTask;
const index = createIndex(identity.kind, { dimension: identity.dimension, metric: identity.metric, capacity });
/** One message after the other, though handling them is asynchronous. */
let work: Promise<void> = index.then(() => undefined);
work.catch(fail);

parentPort?.on('message', (message: ToBuilder) => {
  work = work.then(() => handle(message));
  work.catch(fail);
});

async function handle(message: ToBuilder): Promise<void> {
  if (message.type === 'batch') {
    const { labels, data } = message;
    const rows = labels.length;
    (await index).add(Array.from(labels) as Label[], { rows, dimension: identity.dimension, data });
    answer({ type: 'taken' });
    return;
  }
  if (message.type === 'finish') {
    answer({ type: 'saved', generation: await saveIndexFile(place, await index, identity.fingerprint) });
  }
  parentPort?.close();
}

function fail(error: unknown): void {
  const { code, message, stack } = toAppError(error);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.stack : undefined;
  answer({ type: 'failed', code, message: code === 'INTERNAL' ? String(error) : message, stack: cause ?? stack });
  parentPort?.close();
}

function answer(message: FromBuilder): void {
  parentPort?.postMessage(message);
}
