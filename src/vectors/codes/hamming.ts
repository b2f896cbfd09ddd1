// Bits in 32-bit words: how many differ between two rows of them, and what that says of an angle.

/** Words that hold so many bits. */
export function wordsFor(bits: number): number {
  return Math.ceil(bits / 32);
}

/** Bits in which the query differs from the row that begins at `start`. */
export function hammingAt(query: Uint32Array, words: Uint32Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) {
    // Bits are counted in pairs, fours and bytes, and the bytes added by a product (Warren, Hacker's Delight, 5-1).
    let v = (query[i] as number) ^ (words[start + i] as number);
    v -= (v >>> 1) & 0x55555555;
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
    sum += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return sum;
}

/**
 * The cosine that h differing bits of `bits` speak for, at [h], falling from 1 to -1: two vectors lie on different sides
 * of a random hyperplane with probability angle / pi (Goemans and Williamson 1995, Charikar 2002).
 */
export function cosinesOfHamming(bits: number): Float64Array {
  return Float64Array.from({ length: bits + 1 }, (_, h) => Math.cos((Math.PI * h) / bits));
}
