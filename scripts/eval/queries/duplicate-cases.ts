// Changed copies of photographs: are they found, and is nothing else? Also what the thresholds were read from.
import sharp, { type Sharp } from 'sharp';
import { dot, type Vector } from '../../../src/core/vector.ts';
import { perceptualHashOf } from '../../../src/media/perceptual-hash.ts';
import {
  DEFAULT_THRESHOLDS,
  type DuplicateGroup,
  type DuplicateKind,
  groupDuplicates,
} from '../../../src/query/duplicates.ts';
import { hammingDistance } from '../../../src/query/hash-distance.ts';
import { type Whitening, whiten } from '../../../src/query/whitening.ts';
import { cachedVectors } from '../embedding-cache.ts';
import { seededRandom } from '../random.ts';
import type { ModelPixels, ReferenceEmbedder } from '../reference-embedder.ts';
import type { LabelledPhotos } from './photos.ts';
import { markdownTable, short } from './table.ts';

const ORIGINALS = 200;
/** Untouched photographs beside them, none of which is a copy. */
const OTHERS = 800;
/** The thresholds were read from seed 11. */
const SEED = 12;

type Change = (picture: Sharp, size: { readonly width: number; readonly height: number }) => Sharp;

const CHANGES: Readonly<Record<string, Change>> = {
  'same bytes': (picture) => picture,
  'resized to 60 %': (picture, { width }) => picture.resize({ width: Math.max(32, Math.round(width * 0.6)) }),
  're-compressed, quality 40': (picture) => picture.jpeg({ quality: 40 }),
  'cropped 5 %': (picture, { width, height }) =>
    picture.extract({
      left: Math.round(width * 0.05),
      top: Math.round(height * 0.05),
      width: Math.round(width * 0.9),
      height: Math.round(height * 0.9),
    }),
  'brightness + 20 %': (picture) => picture.modulate({ brightness: 1.2 }),
  mirrored: (picture) => picture.flop(),
};

interface Item {
  readonly id: number;
  readonly original: number;
  readonly change: string;
  readonly sha256: string;
  readonly perceptualHash: string;
  readonly whitened: Vector;
}

export async function duplicateReport(
  embedder: ReferenceEmbedder,
  labelled: LabelledPhotos,
  whitening: Whitening,
): Promise<string> {
  const items = await makeItems(embedder, labelled, whitening);
  const near: { a: number; b: number; cosine: number }[] = [];
  for (let i = 0; i < items.length; i++) {
    for (let j = 0; j < i; j++) {
      const cosine = dot((items[i] as Item).whitened, (items[j] as Item).whitened);
      if (cosine >= DEFAULT_THRESHOLDS.similar) near.push({ a: j, b: i, cosine });
    }
  }
  const cosineOf = (a: number, b: number): number => dot((items[a] as Item).whitened, (items[b] as Item).whitened);
  const evidence = { pictures: items, near, cosineOf, distinct: [] };
  const rows = (['IDENTICAL', 'SAME_PHOTO', 'SIMILAR'] as const).map((kind) =>
    rowOf(kind, items, groupDuplicates(evidence, kind)),
  );
  return [
    `${ORIGINALS} photos with ${Object.keys(CHANGES).length} copies each among ${OTHERS} others; recall by kind of change, precision of the links, and of all pairs that they put in one group`,
    markdownTable(['kind', ...Object.keys(CHANGES), 'precision of links', 'of pairs'], rows),
    'Distances of copies to their original, and of the nearest strangers: what the thresholds are read from',
    distanceTable(items),
  ].join('\n\n');
}

/** A pair is one group's two members; right where both come from one original. */
function rowOf(kind: DuplicateKind, items: readonly Item[], groups: readonly DuplicateGroup<number>[]): string[] {
  const groupOf = new Map(groups.flatMap((group, g) => group.ids.map((id) => [id, g] as const)));
  let right = 0;
  let pairs = 0;
  for (const { ids } of groups) {
    for (const [i, a] of ids.entries()) {
      for (const b of ids.slice(0, i)) {
        pairs++;
        if (items[a]?.original === items[b]?.original) right++;
      }
    }
  }
  const recalls = Object.keys(CHANGES).map((change) => {
    const copies = items.filter((item) => item.change === change);
    const found = copies.filter((item) => groupOf.has(item.id) && groupOf.get(item.id) === groupOf.get(item.original));
    return short(found.length / copies.length);
  });
  const links = groups.flatMap((group) => group.links);
  const rightLinks = links.filter(({ a, b }) => items[a]?.original === items[b]?.original).length;
  return [kind, ...recalls, share(rightLinks, links.length), share(right, pairs)];
}

function share(part: number, all: number): string {
  return all === 0 ? '-' : short(part / all);
}

function distanceTable(items: readonly Item[]): string {
  const at = (list: readonly number[], share: number): number =>
    [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(share * list.length))] as number;
  const rows = Object.keys(CHANGES).map((change) => {
    const copies = items.filter((item) => item.change === change);
    const bits = copies.map((item) =>
      hammingDistance(item.perceptualHash, (items[item.original] as Item).perceptualHash),
    );
    const cosines = copies.map((item) => dot(item.whitened, (items[item.original] as Item).whitened));
    return [change, `${at(bits, 0.5)} / ${at(bits, 0.9)}`, `${short(at(cosines, 0.5))} / ${short(at(cosines, 0.1))}`];
  });
  const originals = items.filter((item) => item.change === '');
  const nearest = originals.map((item) => {
    const strangers = originals.filter((other) => other.id !== item.id);
    return {
      bits: Math.min(...strangers.map((other) => hammingDistance(item.perceptualHash, other.perceptualHash))),
      cosine: Math.max(...strangers.map((other) => dot(item.whitened, other.whitened))),
    };
  });
  const bits = nearest.map((item) => item.bits);
  const cosines = nearest.map((item) => item.cosine);
  rows.push([
    'nearest stranger',
    `${at(bits, 0.5)} / ${at(bits, 0.1)}`,
    `${short(at(cosines, 0.5))} / ${short(at(cosines, 0.9))}`,
  ]);
  return markdownTable(['', 'hash bits, median / worst tenth', 'whitened cosine, median / worst tenth'], rows);
}

/** Originals and strangers first (id = row), then the copies. */
async function makeItems(embedder: ReferenceEmbedder, labelled: LabelledPhotos, whitening: Whitening): Promise<Item[]> {
  const chosen = seededRandom(SEED)
    .shuffle(labelled.photos.map((_, i) => i))
    .slice(0, ORIGINALS + OTHERS);
  const items: Item[] = [];
  for (const [id, photo] of chosen.entries()) {
    const bytes = await sharp(labelled.photos[photo]?.path as string)
      .autoOrient()
      .toBuffer();
    const whitened = whiten(labelled.vectors[photo] as Vector, whitening);
    items.push({
      id,
      original: id,
      change: '',
      sha256: `original-${id}`,
      perceptualHash: await hashOf(sharp(bytes)),
      whitened,
    });
  }
  for (const [change, apply] of Object.entries(CHANGES)) {
    const pixels: ModelPixels[] = [];
    const hashes: string[] = [];
    for (const photo of chosen.slice(0, ORIGINALS)) {
      const path = labelled.photos[photo]?.path as string;
      const { data, info } = await sharp(path)
        .autoOrient()
        .toColourspace('srgb')
        .png({ compressionLevel: 0 })
        .toBuffer({ resolveWithObject: true });
      const copy =
        change === 'same bytes'
          ? sharp(path).autoOrient()
          : sharp(
              await apply(sharp(data), info)
                .toFormat(change.includes('quality') ? 'jpeg' : 'png', { quality: 40 })
                .toBuffer(),
            );
      hashes.push(await hashOf(copy.clone()));
      pixels.push(await embedder.toPixels(copy));
    }
    const recipe = { change, paths: chosen.slice(0, ORIGINALS).map((photo) => labelled.photos[photo]?.path) };
    const vectors = await cachedVectors(embedder.key, 'copies', recipe, embedder.dimension, () =>
      embedder.embedPixels(pixels),
    );
    vectors.forEach((vector, i) => {
      const sha256 = change === 'same bytes' ? `original-${i}` : `${change}-${i}`;
      items.push({
        id: items.length,
        original: i,
        change,
        sha256,
        perceptualHash: hashes[i] as string,
        whitened: whiten(vector, whitening),
      });
    });
  }
  return items;
}

/** From pixels of at most 160 px: the hash averages them down to 9 x 8 anyway. */
async function hashOf(picture: Sharp): Promise<string> {
  const small = picture
    .resize({ width: 160, height: 160, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' });
  const { data, info } = await small.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return perceptualHashOf({ width: info.width, height: info.height, data: new Uint8Array(data) });
}
