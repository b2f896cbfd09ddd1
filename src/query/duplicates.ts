// Groups of pictures that are one picture, one photograph or nearly so, with the reasons. Pairs by embedding are handed
// in (an index finds them); hashes are compared here. Knows no store and no index.
import { mirrorHash, nearHashPairs } from './hash-distance.ts';
import { groupLinked } from './linked-groups.ts';

/**
 * IDENTICAL: the same bytes. SAME_PHOTO: one photograph, saved, scaled, cropped, lit anew or mirrored. SIMILAR: another
 * of the scene.
 */
export type DuplicateKind = 'IDENTICAL' | 'SAME_PHOTO' | 'SIMILAR';
export type DuplicateReason = 'BYTES' | 'HASH' | 'MIRRORED_HASH' | 'EMBEDDING';

export interface DuplicateCandidate<Id> {
  readonly id: Id;
  readonly sha256: string;
  /** 16 hex digits. */
  readonly perceptualHash: string;
}

export interface DuplicatePair<Id> {
  readonly a: Id;
  readonly b: Id;
}

export interface DuplicateGroup<Id> {
  /** In the order they were given; at least two. */
  readonly ids: readonly Id[];
  /** The pairs that hold the group together. `value`: differing bits for hashes, cosine for EMBEDDING, 0 for BYTES. */
  readonly links: readonly (DuplicatePair<Id> & { readonly reason: DuplicateReason; readonly value: number })[];
}

/**
 * Cosines are those of fully whitened vectors (`fitWhitening`, power 1): copies keep above .7 there, where nine strangers in
 * ten stay below .57; of centred cosines the two overlap (.91 and .89).
 */
export interface DuplicateThresholds {
  /** Bits of the hash that may differ, 0..11. */
  readonly hashBits: number;
  /** Least cosine for a hash to be believed: hashes of plain pictures coincide. */
  readonly hashCosine: number;
  /** Least cosine to be one photograph, whatever the hash says. */
  readonly samePhoto: number;
  /** Least cosine to be similar. */
  readonly similar: number;
}

/** Measured with the starter model: `npm run eval:queries`, table "Duplicates". */
export const DEFAULT_THRESHOLDS: DuplicateThresholds = { hashBits: 8, hashCosine: 0.5, samePhoto: 0.82, similar: 0.7 };

export interface DuplicateEvidence<Id> {
  readonly pictures: readonly DuplicateCandidate<Id>[];
  /** Pairs of near embeddings, each once: at least all of thresholds.similar, or what an index found of them. */
  readonly near: readonly (DuplicatePair<Id> & { readonly cosine: number })[];
  /** The cosine of any pair, to check a hash; absent pairs answer undefined and are not believed. */
  readonly cosineOf: (a: Id, b: Id) => number | undefined;
  /** Pairs that a user has said are two pictures. */
  readonly distinct: readonly DuplicatePair<Id>[];
}

/**
 * Groups of at least two, largest first, then by first member. Each kind includes the stricter ones. A chain of links makes no
 * group by itself: see linked-groups.ts.
 */
export function groupDuplicates<Id>(
  evidence: DuplicateEvidence<Id>,
  kind: DuplicateKind,
  thresholds: DuplicateThresholds = DEFAULT_THRESHOLDS,
): DuplicateGroup<Id>[] {
  const order = new Map(evidence.pictures.map((picture, i) => [picture.id, i]));
  const distinct = new Set(evidence.distinct.map(({ a, b }) => pairKey(order.get(a), order.get(b))));
  const links = [
    ...sameBytes(evidence.pictures),
    ...(kind === 'IDENTICAL' ? [] : sameHash(evidence, thresholds)),
    ...(kind === 'IDENTICAL'
      ? []
      : nearEmbeddings(evidence, kind === 'SIMILAR' ? thresholds.similar : thresholds.samePhoto)),
  ].filter(({ a, b }) => !distinct.has(pairKey(order.get(a), order.get(b))));

  const strengthOf = ({ a, b, reason }: Link<Id>) => (reason === 'BYTES' ? 2 : (evidence.cosineOf(a, b) ?? 0));
  const strongestFirst = links
    .map((link) => ({ link, strength: strengthOf(link) }))
    .sort((one, other) => other.strength - one.strength)
    .map(({ link }) => [order.get(link.a) as number, order.get(link.b) as number] as const);
  const memberships = groupLinked(evidence.pictures.length, strongestFirst);
  const groups = new Map<number, { ids: Id[]; links: Link<Id>[] }>();
  evidence.pictures.forEach((picture, i) => {
    const name = memberships[i] as number;
    const group = groups.get(name) ?? { ids: [], links: [] };
    group.ids.push(picture.id);
    groups.set(name, group);
  });
  for (const link of links) {
    const name = memberships[order.get(link.a) as number] as number;
    if (memberships[order.get(link.b) as number] === name) groups.get(name)?.links.push(link);
  }
  return [...groups.values()].filter((group) => group.ids.length > 1).sort((a, b) => b.ids.length - a.ids.length);
}

type Link<Id> = DuplicateGroup<Id>['links'][number];

/** Every pair, for copies of one file belong together whatever else is linked. */
function sameBytes<Id>(pictures: readonly DuplicateCandidate<Id>[]): Link<Id>[] {
  const copies = new Map<string, Id[]>();
  const links: Link<Id>[] = [];
  for (const { id, sha256 } of pictures) {
    const earlier = copies.get(sha256) ?? [];
    for (const a of earlier) links.push({ a, b: id, reason: 'BYTES', value: 0 });
    copies.set(sha256, [...earlier, id]);
  }
  return links;
}

function sameHash<Id>(evidence: DuplicateEvidence<Id>, thresholds: DuplicateThresholds): Link<Id>[] {
  const { pictures, cosineOf } = evidence;
  const hashes = pictures.map((picture) => picture.perceptualHash);
  const count = hashes.length;
  // Each hash once as it is and once mirrored: a pair of the two kinds is a picture and its mirror image.
  const pairs = nearHashPairs([...hashes, ...hashes.map(mirrorHash)], thresholds.hashBits, isFlat);
  return pairs
    .filter(({ a, b }) => a < count && a !== b - count && (b < count || a < b - count))
    .map(
      ({ a, b, distance }): Link<Id> => ({
        a: (pictures[a] as DuplicateCandidate<Id>).id,
        b: (pictures[b % count] as DuplicateCandidate<Id>).id,
        reason: b < count ? 'HASH' : 'MIRRORED_HASH',
        value: distance,
      }),
    )
    .filter(({ a, b }) => (cosineOf(a, b) ?? -1) >= thresholds.hashCosine);
}

function nearEmbeddings<Id>(evidence: DuplicateEvidence<Id>, least: number): Link<Id>[] {
  const known = new Set(evidence.pictures.map((picture) => picture.id));
  return evidence.near
    .filter(({ a, b, cosine }) => cosine >= least && a !== b && known.has(a) && known.has(b))
    .map(({ a, b, cosine }) => ({ a, b, reason: 'EMBEDDING', value: cosine }));
}

/** A hash with hardly any bit set, or unset, belongs to a plain picture and says nothing of it. */
function isFlat(hash: string): boolean {
  const set = [...hash].reduce(
    (sum, digit) => sum + (Number.parseInt(digit, 16).toString(2).match(/1/g)?.length ?? 0),
    0,
  );
  return set < 6 || set > 58;
}

function pairKey(a: number | undefined, b: number | undefined): string {
  return `${Math.min(a ?? -1, b ?? -1)}:${Math.max(a ?? -1, b ?? -1)}`;
}
