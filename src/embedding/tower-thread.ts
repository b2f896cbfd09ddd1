// The main thread's side of one tower worker: starts it, pairs answers with requests, and starts it anew after a crash.
// Knows messages and threads; knows nothing of what is embedded.
import type { Worker } from 'node:worker_threads';
import { AppError } from '../core/errors.ts';
import { startWorker } from '../core/worker-entry.ts';
import type { FromTower, ToTower, TowerFacts, TowerRequest, TowerSetup } from './tower-messages.ts';

type Answer = Float32Array<ArrayBuffer>;

interface RunningTower {
  readonly facts: TowerFacts;
  ask(request: TowerRequest): Promise<Answer>;
  end(): Promise<void>;
}

/** A worker that died this often without one answer in between would die for ever. */
const MAX_CRASHES = 2;

export class TowerThread {
  readonly #setup: TowerSetup;
  readonly #entry: URL;
  #running: Promise<RunningTower> | undefined;
  #crashes = 0;

  /** `entry` is the worker's file; tests give one that dies. The worker starts with the first call. */
  constructor(setup: TowerSetup, entry: URL = new URL('./tower-worker.ts', import.meta.url)) {
    this.#setup = setup;
    this.#entry = entry;
  }

  /** Loads the tower and runs it once. Rejects with MODEL_UNAVAILABLE where it cannot be run. */
  async start(): Promise<TowerFacts> {
    return (await this.#current()).facts;
  }

  /**
   * Pixels' memory moves to the worker. Rejects with INTERNAL where the request failed or the worker died; the next
   * request then starts a new worker.
   */
  async ask(request: TowerRequest): Promise<Answer> {
    const answer = await (await this.#current()).ask(request);
    this.#crashes = 0;
    return answer;
  }

  /** Finishes what was asked and ends the worker. */
  async end(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    await running?.end();
  }

  #current(): Promise<RunningTower> {
    if (this.#running !== undefined) return this.#running;
    if (this.#crashes >= MAX_CRASHES) {
      const message = `${nameOf(this.#setup)} of ${this.#setup.path} died ${MAX_CRASHES} times in a row. Restart the service; its log names the cause.`;
      return Promise.reject(new AppError('INTERNAL', message));
    }
    const running = startTower(this.#setup, this.#entry, () => {
      this.#crashes++;
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}

/** Resolves when the worker says it is ready. `onCrash` is called when it ends without having been asked to. */
function startTower(setup: TowerSetup, entry: URL, onCrash: () => void): Promise<RunningTower> {
  const worker = startWorker(entry, { workerData: setup });
  const pending = new Map<number, { resolve: (answer: Answer) => void; reject: (error: unknown) => void }>();
  let nextId = 0;
  let isEnding = false;
  let cause: unknown;

  const send = (message: ToTower, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
  const settle = (id: number): ((result: Answer | AppError) => void) => {
    const waiting = pending.get(id);
    pending.delete(id);
    return (result) => (result instanceof AppError ? waiting?.reject(result) : waiting?.resolve(result));
  };
  const ask = (request: TowerRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      pending.set(id, { resolve, reject });
      send({ kind: 'ask', id, request }, request.kind === 'pixels' ? [request.data.buffer] : []);
    });

  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromTower) => {
      if (message.kind === 'ready') {
        const { kind: _, ...facts } = message;
        resolve({ facts, ask, end: () => endWorker(worker, send) });
      }
      if (message.kind === 'unusable') reject(unusable(setup, message.problem));
      if (message.kind === 'answer') settle(message.id)(message.data);
      if (message.kind === 'failed') settle(message.id)(failed(setup, new Error(message.problem)));
    });
    worker.once('error', (error) => {
      cause = error;
    });
    worker.once('exit', () => {
      if (!isEnding) onCrash();
      const error = failed(setup, cause);
      for (const id of [...pending.keys()]) settle(id)(error);
      reject(error);
    });
  });

  async function endWorker(running: Worker, say: (message: ToTower) => void): Promise<void> {
    isEnding = true;
    const exit = new Promise((done) => running.once('exit', done));
    say({ kind: 'end' });
    await exit;
  }
}

function unusable(setup: TowerSetup, problem: string): AppError {
  const { path, dtype } = setup;
  const remedy =
    setup.tower === 'network'
      ? 'Copy or fetch its file again, or mend the encoder.json that describes it.'
      : 'Copy or fetch its files again, or set SEMBLANCE_DTYPE or SEMBLANCE_MODEL to another.';
  const message = `${nameOf(setup)} in ${path} (${dtype}) cannot be run: ${problem.split('\n')[0]}. ${remedy}`;
  return new AppError('MODEL_UNAVAILABLE', message, { cause: new Error(problem) });
}

function failed(setup: TowerSetup, cause: unknown): AppError {
  return new AppError('INTERNAL', `${nameOf(setup)} failed; the log names the cause. Ask again.`, { cause });
}

function nameOf({ tower }: TowerSetup): string {
  return tower === 'network' ? 'The network' : `The ${tower} tower`;
}
