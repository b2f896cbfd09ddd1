// What the rest of the service knows of a model: never its weights, only its identity and its shapes.
import type { PixelSpec } from './pixels.ts';

/** Names weights and everything that changes a vector: two vectors are comparable only if theirs are equal. */
export type Fingerprint = string & { readonly brand: 'Fingerprint' };

/** What every image encoder says of itself, with or without a text tower beside it. */
export interface EncoderInfo {
  /** `starter`, a hub id, or the folder's name. */
  readonly id: string;
  /** Commit of the hub, or a hash of the weight files of a local folder. */
  readonly revision: string;
  readonly dtype: string;
  /** Length of every embedding. */
  readonly dimension: number;
  readonly pixels: PixelSpec;
  readonly fingerprint: Fingerprint;
}

/** A model with both towers. */
export interface ModelInfo extends EncoderInfo {
  /** Longest text in tokens, special tokens included. */
  readonly contextLength: number;
  /** exp(logit_scale): multiplies cosines before a softmax over labels. */
  readonly logitScale: number;
  /** The model's own list of tags, best known first: absolute path, where the folder brings one. */
  readonly vocabularyFile?: string;
}
