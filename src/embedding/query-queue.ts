// Puts the items of many requests through one runner: queries before ingest, first come first served within a level,
// in chunks, so that a query waits for one chunk at most. Knows nothing of models: items and results are opaque.
import { AppError } from '../core/errors.ts';
import type { Urgency } from './embedder.ts';

export interface QueueOptions<Item, Result> {
  /** One result for each item, in order. Called with at most `chunk` items of one level, one call at a time. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly chunk: number;
  /** Items that may wait on each level. */
  readonly capacity: Readonly<Record<Urgency, number>>;
}

/** One call of `add`. */
interface Request<Result> {
  readonly results: Result[];
  remaining: number;
  isSettled: boolean;
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly place: number;
  readonly request: Request<Result>;
}

export class QueryQueue<Item, Result> {
  readonly #options: QueueOptions<Item, Result>;
  readonly #levels = { query: new Fifo<Waiting<Item, Result>>(), ingest: new Fifo<Waiting<Item, Result>>() };
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: QueueOptions<Item, Result>) {
    this.#options = options;
  }

  /**
   * One result for each item, in order. Small requests of one level share a chunk. Rejects with the runner's error;
   * QUERY_TOO_COSTLY where the level is full; SHUTTING_DOWN after close.
   */
  async add(items: readonly Item[], urgency: Urgency): Promise<Result[]> {
    if (this.#isClosed) throw shuttingDown();
    if (items.length === 0) return [];
    const level = this.#levels[urgency];
    const capacity = this.#options.capacity[urgency];
    if (level.size + items.length > capacity) {
      throw new AppError(
        'QUERY_TOO_COSTLY',
        `At most ${capacity} embeddings can wait; ${level.size} do, and ${items.length} more came. Ask for fewer, or try again in a moment.`,
      );
    }
    return new Promise((resolve, reject) => {
      const request = {
        results: new Array<Result>(items.length),
        remaining: items.length,
        isSettled: false,
        resolve,
        reject,
      };
      items.forEach((item, place) => {
        level.push({ item, place, request });
      });
      this.#running ??= this.#drain();
    });
  }

  /**
   * Rejects every request that has items waiting with SHUTTING_DOWN, also one half of which runs, and resolves once the
   * chunk that runs is finished.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const level of [this.#levels.query, this.#levels.ingest]) {
      for (const { request } of level.take(level.size)) fail(request, shuttingDown());
    }
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Requests made in the same turn of the event loop share the first chunk.
    await Promise.resolve();
    for (let chunk = this.#next(); chunk.length > 0; chunk = this.#next()) await this.#runChunk(chunk);
    this.#running = undefined;
  }

  /** A chunk never mixes levels: filling a query's chunk up with ingest would slow the query down. */
  #next(): Waiting<Item, Result>[] {
    const level = this.#levels.query.size > 0 ? this.#levels.query : this.#levels.ingest;
    return level.take(this.#options.chunk, ({ request }) => !request.isSettled);
  }

  async #runChunk(chunk: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.run(chunk.map(({ item }) => item));
      if (results.length !== chunk.length) {
        throw new AppError('INTERNAL', `Expected ${chunk.length} results of one chunk, got ${results.length}.`);
      }
      chunk.forEach(({ place, request }, i) => {
        request.results[place] = results[i] as Result;
        request.remaining--;
        if (request.remaining === 0 && !request.isSettled) {
          request.isSettled = true;
          request.resolve(request.results);
        }
      });
    } catch (error) {
      for (const { request } of chunk) fail(request, error);
    }
  }
}

function fail(request: { isSettled: boolean; readonly reject: (error: unknown) => void }, error: unknown): void {
  if (request.isSettled) return;
  request.isSettled = true;
  request.reject(error);
}

function shuttingDown(): AppError {
  return new AppError(
    'SHUTTING_DOWN',
    'The service is stopping and takes no new work. Ask again once it has restarted.',
  );
}

/** First in, first out. A head pointer instead of shift(), which moves the whole array each time. */
class Fifo<T extends object> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Removes items from the front until `count` that pass were found or none is left; returns those that pass. */
  take(count: number, passes: (item: T) => boolean = () => true): T[] {
    const taken: T[] = [];
    while (taken.length < count && this.size > 0) {
      const item = this.#items[this.#head] as T;
      // Pixels are large: a place that was served must not keep them.
      this.#items[this.#head++] = undefined;
      if (passes(item)) taken.push(item);
    }
    if (this.size === 0 || this.#head > 4096) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}
