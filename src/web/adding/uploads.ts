// Files of one's own on their way to the service: in small requests, one after the other, so that progress shows and one
// broken file stops nothing. Lives beside the views, so that an upload goes on while one searches. Knows no component.
import { type Send, ServiceError, toServiceError } from '../graphql-client.ts';
import { type Refusal, TAKE_IN_FILES } from './documents.ts';

export interface UploadState {
  readonly total: number;
  readonly done: number;
  readonly added: number;
  readonly known: number;
  readonly refused: readonly Refusal[];
  /** Files a second since it began; 0 before the first answer. */
  readonly rate: number;
  readonly secondsLeft: number | null;
  readonly isRunning: boolean;
  readonly error: ServiceError | undefined;
}

const FILES_PER_REQUEST = 8;
/** So many bytes in one request, unless a single file has more. */
const BYTES_PER_REQUEST = 32 * 2 ** 20;
const PAUSE_MS = 2_000;

export class Uploads {
  #state: UploadState | undefined;
  #waiting: File[] = [];
  #startedAt = 0;
  readonly #listeners = new Set<() => void>();

  /** Undefined until something was added, and once it is put away. */
  get state(): UploadState | undefined {
    return this.#state;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Adds files behind those that wait already. `unreadable` are files that the browser itself could not read. */
  add(send: Send, files: readonly File[], unreadable: readonly Refusal[] = []): void {
    if (files.length + unreadable.length === 0) return;
    const isRunning = this.#state?.isRunning === true;
    const before = isRunning ? this.#state : undefined;
    this.#waiting.push(...files);
    this.#set({
      total: (before?.total ?? 0) + files.length + unreadable.length,
      done: (before?.done ?? 0) + unreadable.length,
      added: before?.added ?? 0,
      known: before?.known ?? 0,
      refused: [...(before?.refused ?? []), ...unreadable],
      rate: before?.rate ?? 0,
      secondsLeft: before?.secondsLeft ?? null,
      isRunning: true,
      error: undefined,
    });
    if (isRunning) return;
    this.#startedAt = performance.now();
    void this.#run(send);
  }

  /** What waits is not sent any more; what is under way ends by itself. */
  stop(): void {
    this.#waiting = [];
  }

  dismiss(): void {
    if (this.#state?.isRunning === false) this.#set(undefined);
  }

  async #run(send: Send): Promise<void> {
    try {
      for (let batch = this.#next(); batch.length > 0; batch = this.#next()) await this.#send(send, batch);
      this.#end();
    } catch (thrown) {
      this.stop();
      this.#end(toServiceError(thrown));
    }
  }

  #next(): File[] {
    let bytes = 0;
    const fits = this.#waiting.findIndex(({ size }, i) => {
      bytes += size;
      return i > 0 && (i === FILES_PER_REQUEST || bytes > BYTES_PER_REQUEST);
    });
    return this.#waiting.splice(0, fits === -1 ? this.#waiting.length : fits);
  }

  async #send(send: Send, uploads: readonly File[]): Promise<void> {
    const { outcomes } = (await this.#insist(send, uploads)).addImages;
    const state = this.#state;
    if (state === undefined) return;
    const done = state.done + outcomes.length;
    const rate = done / Math.max(0.001, (performance.now() - this.#startedAt) / 1000);
    this.#set({
      ...state,
      done,
      added: state.added + outcomes.filter(({ image, alreadyKnown }) => image !== null && !alreadyKnown).length,
      known: state.known + outcomes.filter(({ alreadyKnown }) => alreadyKnown).length,
      refused: [...state.refused, ...outcomes.flatMap(({ error }) => error ?? [])],
      rate,
      secondsLeft: (state.total - done) / rate,
      error: undefined,
    });
  }

  /** A service that is away for a while is waited for: the same bytes twice are one picture, so nothing is added twice. */
  async #insist(send: Send, uploads: readonly File[]) {
    for (;;) {
      try {
        return await send(TAKE_IN_FILES, { uploads });
      } catch (thrown) {
        const error = toServiceError(thrown);
        const isGone = error.code === 'OFFLINE' && !(await areReadable(uploads));
        if (isGone)
          throw new ServiceError('FILE_NOT_FOUND', 'A file changed or went away while it was sent. Add it again.');
        if (error.code !== 'OFFLINE' && error.code !== 'STARTING') throw error;
        if (this.#state !== undefined) this.#set({ ...this.#state, error });
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  #end(error?: ServiceError): void {
    if (this.#state !== undefined) this.#set({ ...this.#state, isRunning: false, secondsLeft: 0, error });
  }

  #set(state: UploadState | undefined): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A request whose file went away fails as if the service were gone. */
async function areReadable(files: readonly File[]): Promise<boolean> {
  try {
    await Promise.all(files.map((file) => file.slice(0, 1).arrayBuffer()));
    return true;
  } catch {
    return false;
  }
}

/** The page's own. */
export const uploads = new Uploads();
