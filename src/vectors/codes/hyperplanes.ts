// Random hyperplanes through the origin and the side of each on which a vector lies: its signature (Charikar 2002).

import { seededNormals } from '../../core/seeded-random.ts';
import { scorer } from '../metric.ts';

/** A word of 32 bits for each table. More sharpen the order by Hamming distance and cost as many products a query. */
export const SIGNATURE_BITS = 256;
/** Signatures on disk are of these planes. */
const SEED = 1_729;

export interface Signed {
  readonly signature: Uint32Array;
  /** |product with the normal| of each plane: how sure each bit is. */
  readonly margins: Float32Array;
}

export class Hyperplanes {
  readonly #dimension: number;
  /** Normals, made when first needed: an index that is only opened to be compared does without. */
  #normals: Float32Array | undefined;

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  sign(vector: Float32Array): Signed {
    this.#normals ??= seededNormals(SIGNATURE_BITS * this.#dimension, SEED);
    const signature = new Uint32Array(SIGNATURE_BITS / 32);
    const margins = new Float32Array(SIGNATURE_BITS);
    const dotAt = scorer('dot');
    for (let i = 0; i < SIGNATURE_BITS; i++) {
      const product = dotAt(vector, this.#normals, i * this.#dimension);
      if (product > 0) signature[i >>> 5] = (signature[i >>> 5] as number) | (1 << (i & 31));
      margins[i] = Math.abs(product);
    }
    return { signature, margins };
  }
}
