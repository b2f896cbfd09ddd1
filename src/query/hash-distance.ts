// Perceptual hashes (64 bits as 16 hex digits) compared: how many bits differ, and which of many lie near each other,
// without comparing every pair. Knows no picture.

/** Bits set in each of the 16 hex digits. */
const BITS = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4] as const;

/** Hamming distance 0..64 of two hashes of equal length. */
export function hammingDistance(a: string, b: string): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += BITS[Number.parseInt(a[i] as string, 16) ^ Number.parseInt(b[i] as string, 16)] as number;
  }
  return sum;
}

/**
 * The hash of the mirrored picture: each row of eight comparisons backwards and turned over. Exact but for neighbours of
 * equal grey, which compare as 0 in either direction.
 */
export function mirrorHash(hash: string): string {
  let out = '';
  for (let at = 0; at < hash.length; at += 2) {
    const bits = Number.parseInt(hash.slice(at, at + 2), 16);
    let mirrored = 0;
    for (let bit = 0; bit < 8; bit++) if ((bits & (1 << bit)) === 0) mirrored |= 1 << (7 - bit);
    out += mirrored.toString(16).padStart(2, '0');
  }
  return out;
}

const QUARTERS = 4;

/**
 * All pairs i < j with a distance of at most `most` (0..11). By the pigeonhole principle two such hashes differ by at most
 * most / 4 bits in one of their four quarters, so only quarters that near each other are looked up (Norouzi, Punjani,
 * Fleet 2012). Flat pictures share one hash; `skip` leaves them out, as their pairs would be legion and mean nothing.
 */
export function nearHashPairs(
  hashes: readonly string[],
  most: number,
  skip: (hash: string) => boolean = () => false,
): { readonly a: number; readonly b: number; readonly distance: number }[] {
  const masks = masksUpTo(Math.floor(most / QUARTERS));
  const buckets = Array.from({ length: QUARTERS }, () => new Map<number, number[]>());
  const pairs: { a: number; b: number; distance: number }[] = [];
  hashes.forEach((hash, i) => {
    if (skip(hash)) return;
    const near = new Set<number>();
    for (let q = 0; q < QUARTERS; q++) {
      const quarter = Number.parseInt(hash.slice(q * 4, q * 4 + 4), 16);
      const bucket = buckets[q] as Map<number, number[]>;
      for (const mask of masks) for (const other of bucket.get(quarter ^ mask) ?? []) near.add(other);
      bucket.set(quarter, [...(bucket.get(quarter) ?? []), i]);
    }
    for (const other of near) {
      const distance = hammingDistance(hash, hashes[other] as string);
      if (distance <= most) pairs.push({ a: other, b: i, distance });
    }
  });
  return pairs;
}

/** All 16-bit masks with at most `bits` (0..2) bits set. */
function masksUpTo(bits: number): number[] {
  const masks = [0];
  for (let i = 0; i < 16 && bits >= 1; i++) {
    masks.push(1 << i);
    for (let j = 0; j < i && bits >= 2; j++) masks.push((1 << i) | (1 << j));
  }
  return masks;
}
