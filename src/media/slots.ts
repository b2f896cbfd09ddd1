// A cap on how many costly things run at once. Knows nothing of what they are.

export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** `count`: how many may run at the same time, at least 1. */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs the work when its turn comes, first come first served, and gives its result or its error. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A slot that is handed on is never free in between, so that nobody slips past the queue.
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
