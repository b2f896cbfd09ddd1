// Builds an index file in a thread of its own, from the owner of the vectors. The caller goes on serving meanwhile.
import { on } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { AppError } from '../core/errors.ts';
import type { Matrix } from '../core/vector.ts';
import type { Label } from '../core/views.ts';
import { startWorker } from '../core/worker-entry.ts';
import type { BuildTask, FromBuilder, ToBuilder } from './build-messages.ts';
import type { VectorSource } from './vector-source.ts';

/** Rows handed over at once: linking them takes a fraction of a second, the longest that an abort waits. */
const BATCH_ROWS = 256;
/** Batches on their way: one being linked, one waiting. */
const BATCHES_AHEAD = 2;

/**
 * Writes the index file and returns its generation; undefined if the source is empty, and then nothing is written. An
 * aborted signal ends it with SHUTTING_DOWN, after the thread has ended. Throws what the source or the thread throws.
 */
export async function buildIndexFile(
  task: BuildTask,
  source: VectorSource,
  signal: AbortSignal,
): Promise<string | undefined> {
  const builder = new Builder(task);
  try {
    let isEmpty = true;
    for await (const { labels, vectors } of source.scan(BATCH_ROWS)) {
      for (let from = 0; from < labels.length; from += BATCH_ROWS) {
        await builder.add(labels.slice(from, from + BATCH_ROWS), vectors, from);
        if (signal.aborted)
          throw new AppError('SHUTTING_DOWN', 'The index build was stopped; the next start resumes it.');
        isEmpty = false;
      }
    }
    return isEmpty ? undefined : await builder.finish();
  } finally {
    await builder.end();
  }
}

class Builder {
  readonly #worker: Worker;
  readonly #answers: AsyncIterator<unknown[]>;
  readonly #ended: Promise<void>;
  #hasEnded = false;
  #ahead = 0;

  constructor(task: BuildTask) {
    this.#worker = startWorker(new URL('./build-worker.ts', import.meta.url), { workerData: task });
    this.#answers = on(this.#worker, 'message', { close: ['exit'] });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#hasEnded = true;
        resolve();
      });
    });
  }

  /** Copies the rows (the source may own their memory) and hands the copy over. */
  async add(labels: readonly Label[], { data, dimension }: Matrix, from: number): Promise<void> {
    while (this.#ahead >= BATCHES_AHEAD) await this.#taken();
    const rows = data.slice(from * dimension, (from + labels.length) * dimension);
    const packed = Uint32Array.from(labels);
    this.#send({ type: 'batch', labels: packed, data: rows }, [packed.buffer, rows.buffer]);
    this.#ahead++;
  }

  async finish(): Promise<string> {
    this.#send({ type: 'finish' });
    for (;;) {
      const answer = await this.#answer();
      if (answer.type === 'saved') return answer.generation;
    }
  }

  /** Waits for the thread to end; whatever it has not finished by now it drops. */
  async end(): Promise<void> {
    if (!this.#hasEnded) this.#send({ type: 'abort' });
    await this.#ended;
  }

  async #taken(): Promise<void> {
    await this.#answer();
    this.#ahead--;
  }

  async #answer(): Promise<Exclude<FromBuilder, { type: 'failed' }>> {
    const { done, value } = await this.#answers.next();
    if (done === true) throw new AppError('INTERNAL', 'The thread that builds the index ended without an answer.');
    const answer = value[0] as FromBuilder;
    if (answer.type !== 'failed') return answer;
    throw new AppError(answer.code, answer.message, { cause: answer.stack });
  }

  #send(message: ToBuilder, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
