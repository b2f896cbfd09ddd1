// Encoders of spaces while they are open: each source once, however many spaces read it, and only when it is needed.
import type { SpaceEncoder } from './space-encoder.ts';

/** Throws MODEL_UNAVAILABLE, BAD_ARGUMENT. */
export type OpenSource = (source: string) => Promise<SpaceEncoder>;

export class OpenEncoders {
  readonly #openSource: OpenSource;
  readonly #opened = new Map<string, Promise<SpaceEncoder>>();

  constructor(openSource: OpenSource) {
    this.#openSource = openSource;
  }

  /** A source that could not be opened is tried anew at the next call. */
  open(source: string): Promise<SpaceEncoder> {
    const known = this.#opened.get(source);
    if (known !== undefined) return known;
    const opening = this.#openSource(source);
    this.#opened.set(source, opening);
    opening.catch(() => {
      if (this.#opened.get(source) === opening) this.#opened.delete(source);
    });
    return opening;
  }

  /** Nothing happens where it is not open. */
  async close(source: string): Promise<void> {
    const opening = this.#opened.get(source);
    this.#opened.delete(source);
    const opened = await opening?.catch(() => undefined);
    if (opened?.from === 'PICTURES') await opened.encoder.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((source) => this.close(source)));
  }
}
