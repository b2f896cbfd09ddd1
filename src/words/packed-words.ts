// Words and their vectors, wherever the numbers lie: in memory, or in a file that the system keeps in its page cache.
// Knows no file format.
import type { Vector } from '../core/vector.ts';

export interface PackedWords {
  /** Names the content: equal fingerprints, equal words and vectors. */
  readonly fingerprint: string;
  readonly dimension: number;
  /** Most frequent first, without doubles. */
  readonly words: readonly string[];
  /** A copy of the unit vectors of rows start..start+count-1, row after row. Rows must exist. */
  read(start: number, count: number): Float32Array;
  /** Frees the file; reading is over then. */
  close(): void;
}

/** Words whose unit vectors lie in memory, row after row. */
export function packedInMemory(words: readonly string[], vectors: Float32Array, fingerprint: string): PackedWords {
  const dimension = words.length === 0 ? 0 : vectors.length / words.length;
  return {
    fingerprint,
    dimension,
    words,
    read: (start, count) => vectors.slice(start * dimension, (start + count) * dimension),
    close: () => undefined,
  };
}

/** Scales each row of a block to length 1, in place. */
export function normaliseRows(block: Vector, dimension: number): void {
  for (let at = 0; at < block.length; at += dimension) {
    let square = 0;
    for (let d = 0; d < dimension; d++) square += (block[at + d] as number) ** 2;
    const factor = 1 / (Math.sqrt(square) || 1);
    for (let d = 0; d < dimension; d++) block[at + d] = (block[at + d] as number) * factor;
  }
}
