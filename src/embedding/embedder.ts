// The ports to models: pixels in, features out; and texts or pixels in, unit vectors of one space out. They know no file,
// no picture format and no index.
import type { EncoderInfo, ModelInfo } from '../core/model-info.ts';
import type { Pixels } from '../core/pixels.ts';
import type { Matrix, Vector } from '../core/vector.ts';

/** `query` goes ahead of everything that waits; `ingest` takes what is left. */
export type Urgency = 'query' | 'ingest';

/** The last layer of a network that was trained to tell classes apart. */
export interface Classifier {
  /** One name a class, as the model's author spelled it. */
  readonly classes: readonly string[];
  /** One row a class, of the length of the features that the layer reads: the class's column. The bias is left out. */
  readonly weights: Matrix;
}

/** An image tower alone: VGG, ViT, an autoencoder, a network of one's own. */
export interface ImageEncoder {
  readonly model: EncoderInfo;
  /** One sentence for people: what the vectors are, and of which network. */
  readonly description?: string;
  /** Present where the encoder brings the layer that reads its features. */
  readonly classifier?: Classifier;
  /**
   * One vector of length model.dimension for each picture, in order, as the network gives it: its length means something
   * to dot and euclidean, so nothing is normalised. Pixels have the size that model.pixels says; throws INTERNAL.
   */
  embedPixels(pictures: readonly Pixels[], urgency: Urgency): Promise<Vector[]>;
  /** Rejects waiting work with SHUTTING_DOWN, finishes what runs, ends the worker. */
  close(): Promise<void>;
}

/** Both towers of one space. Vectors are unit vectors. */
export interface Embedder extends ImageEncoder {
  readonly model: ModelInfo;
  /**
   * One unit vector of length model.dimension for each text, in order. Never blocks the calling thread.
   * Texts beyond model.contextLength tokens are cut there (callers that mind use `countTokens`).
   */
  embedTexts(texts: readonly string[], urgency: Urgency): Promise<Vector[]>;
  /** As for any image encoder, but of unit length. */
  embedPixels(pictures: readonly Pixels[], urgency: Urgency): Promise<Vector[]>;
  /** Tokens of each text, special tokens included. */
  countTokens(texts: readonly string[]): Promise<number[]>;
}
