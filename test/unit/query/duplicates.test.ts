import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perceptualHashOf } from '../../../src/media/perceptual-hash.ts';
import { groupDuplicates } from '../../../src/query/duplicates.ts';
import { hammingDistance, mirrorHash, nearHashPairs } from '../../../src/query/hash-distance.ts';

const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, '0'));
const bitsOf = (value: string) => [...BigInt(`0x${value}`).toString(2)].filter((bit) => bit === '1').length;

describe('hammingDistance', () => {
  it('counts the bits of the exclusive or', () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        const xor = (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(16).padStart(16, '0');
        expect(hammingDistance(a, b)).toBe(bitsOf(xor));
      }),
    );
  });
});

describe('mirrorHash', () => {
  it('mirrored twice is the hash itself, and keeps distances', () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        expect(mirrorHash(mirrorHash(a))).toBe(a);
        expect(hammingDistance(mirrorHash(a), mirrorHash(b))).toBe(hammingDistance(a, b));
      }),
    );
  });

  it('is the hash of the mirrored picture', () => {
    // A strictly rising or falling grey in each row, so that no two neighbours are equal.
    const data = new Uint8Array(9 * 8 * 3);
    const mirrored = new Uint8Array(data.length);
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 9; x++) {
        const grey = 20 + ((x * 7 + y * 5) % 9) * 20 + y;
        data.fill(grey, (y * 9 + x) * 3, (y * 9 + x) * 3 + 3);
        mirrored.fill(grey, (y * 9 + 8 - x) * 3, (y * 9 + 8 - x) * 3 + 3);
      }
    }
    const hashOf = (pixels: Uint8Array) => perceptualHashOf({ width: 9, height: 8, data: pixels });
    expect(mirrorHash(hashOf(data))).toBe(hashOf(mirrored));
  });
});

describe('nearHashPairs', () => {
  it('finds exactly the pairs that a comparison of all with all finds', () => {
    const flips = fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 12 });
    const flip = (value: string, bits: number[]) =>
      bits
        .reduce((x, bit) => x ^ (1n << BigInt(bit)), BigInt(`0x${value}`))
        .toString(16)
        .padStart(16, '0');
    const family = fc
      .tuple(hash, fc.array(flips, { maxLength: 6 }))
      .map(([base, list]) => list.map((bits) => flip(base, bits)));
    fc.assert(
      fc.property(fc.array(family, { maxLength: 4 }), fc.integer({ min: 0, max: 11 }), (families, most) => {
        const hashes = families.flat();
        const all: string[] = [];
        hashes.forEach((a, i) => {
          hashes.slice(0, i).forEach((b, j) => {
            if (hammingDistance(a, b) <= most) all.push(`${j}-${i}`);
          });
        });
        expect(
          nearHashPairs(hashes, most)
            .map(({ a, b }) => `${a}-${b}`)
            .sort(),
        ).toEqual(all.sort());
      }),
    );
  });
});

describe('groupDuplicates', () => {
  const picture = (id: string, sha256: string, perceptualHash: string) => ({ id, sha256, perceptualHash });
  const pictures = [
    picture('a', '1', '00ff00ff00ff00ff'),
    picture('b', '1', '00ff00ff00ff00ff'),
    picture('c', '2', '00ff00ff00ff00fe'),
    picture('d', '3', 'ffff0000ffff0000'),
    picture('e', '4', '0f0f0f0f0f0f0f0f'),
  ];
  const evidence = {
    pictures,
    near: [
      { a: 'a', b: 'd', cosine: 0.97 },
      { a: 'b', b: 'd', cosine: 0.97 },
      { a: 'd', b: 'e', cosine: 0.9 },
      { a: 'c', b: 'e', cosine: 0.9 },
    ],
    cosineOf: () => 0.95,
    distinct: [] as { a: string; b: string }[],
  };
  const thresholds = { hashBits: 8, hashCosine: 0.6, samePhoto: 0.95, similar: 0.85 };
  const groups = (kind: 'IDENTICAL' | 'SAME_PHOTO' | 'SIMILAR', distinct = evidence.distinct) =>
    groupDuplicates({ ...evidence, distinct }, kind, thresholds).map(({ ids }) => ids);

  it('groups bytes, then hashes and near embeddings, then similar embeddings', () => {
    expect(groups('IDENTICAL')).toEqual([['a', 'b']]);
    expect(groups('SAME_PHOTO')).toEqual([['a', 'b', 'c', 'd']]);
    expect(groups('SIMILAR')).toEqual([['a', 'b', 'c', 'd', 'e']]);
  });

  it('keeps any number of equal files together', () => {
    const copies = Array.from({ length: 9 }, (_, i) => picture(`${i}`, '7', '0000000000000000'));
    const same = { ...evidence, pictures: copies, near: [] };
    expect(groupDuplicates(same, 'IDENTICAL', thresholds)[0]?.ids).toHaveLength(9);
  });

  it('does not chain pictures that are each like the next only', () => {
    const row = Array.from({ length: 12 }, (_, i) => picture(`${i}`, `${i}`, '0000000000000000'));
    const near = row.slice(1).map(({ id }, i) => ({ a: `${i}`, b: id, cosine: 0.96 }));
    const found = groupDuplicates({ ...evidence, pictures: row, near }, 'SAME_PHOTO', thresholds);
    expect(found.every(({ ids }) => ids.length <= 3)).toBe(true);
    expect(found.every(({ ids, links }) => links.every(({ a, b }) => ids.includes(a) && ids.includes(b)))).toBe(true);
  });

  it('names the reason of each link', () => {
    const [group] = groupDuplicates(evidence, 'SAME_PHOTO', thresholds);
    expect(new Set(group?.links.map(({ reason }) => reason))).toEqual(new Set(['BYTES', 'HASH', 'EMBEDDING']));
  });

  it('does not link a pair that a user told apart', () => {
    expect(groups('SIMILAR', [{ a: 'e', b: 'd' }])).toEqual([['a', 'b', 'c', 'd']]);
  });

  it('does not believe a hash against the embedding, nor the hash of a plain picture', () => {
    const unlike = { ...evidence, near: [], cosineOf: () => 0.1 };
    expect(groupDuplicates(unlike, 'SAME_PHOTO', thresholds).map(({ ids }) => ids)).toEqual([['a', 'b']]);
    const plain = [picture('x', '8', '0000000000000000'), picture('y', '9', '0000000000000000')];
    expect(groupDuplicates({ ...evidence, pictures: plain, near: [] }, 'SAME_PHOTO', thresholds)).toEqual([]);
  });

  it('links a picture with its mirror image, once', () => {
    const pair = [picture('x', '8', '123456789abcdef0'), picture('y', '9', mirrorHash('123456789abcdef0'))];
    const [group] = groupDuplicates({ ...evidence, pictures: pair, near: [] }, 'SAME_PHOTO', thresholds);
    expect(group?.links).toEqual([{ a: 'x', b: 'y', reason: 'MIRRORED_HASH', value: 0 }]);
  });

  it('puts every picture in one group at most', () => {
    const near = fc.array(
      fc.record({
        a: fc.constantFrom(...'abcde'),
        b: fc.constantFrom(...'abcde'),
        cosine: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(near, (list) => {
        const members = groupDuplicates({ ...evidence, near: list }, 'SIMILAR', thresholds).flatMap(({ ids }) => ids);
        expect(new Set(members).size).toBe(members.length);
      }),
    );
  });
});
