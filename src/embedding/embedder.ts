// The port to a model: texts or pixels in, unit vectors out. It knows no file, no picture format and no index.
import type { ModelInfo } from '../core/model-info.ts';
import type { Pixels } from '../core/pixels.ts';
import type { Vector } from '../core/vector.ts';

/** `query` goes ahead of everything that waits; `ingest` takes what is left. */
export type Urgency = 'query' | 'ingest';

export interface Embedder {
  readonly model: ModelInfo;
  /**
   * One unit vector of length model.dimension for each text, in order. Never blocks the calling thread.
   * Texts beyond model.contextLength tokens are cut there (callers that mind use `countTokens`).
   */
  embedTexts(texts: readonly string[], urgency: Urgency): Promise<Vector[]>;
  /** One unit vector for each picture, in order. Pixels must have the size that model.pixels says; throws INTERNAL. */
  embedPixels(pictures: readonly Pixels[], urgency: Urgency): Promise<Vector[]>;
  /** Tokens of each text, special tokens included. */
  countTokens(texts: readonly string[]): Promise<number[]>;
  /** Rejects waiting work with SHUTTING_DOWN, finishes what runs, ends the worker. */
  close(): Promise<void>;
}
