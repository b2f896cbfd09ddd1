// Fits what ships with a model beside its weights, from pictures in class folders: the statistics of its space and the
// calibration of its scores. The pictures judged elsewhere must not be among them.
import pMap from 'p-map';
import type { Vector } from '../../../src/core/vector.ts';
import { dot } from '../../../src/core/vector.ts';
import {
  type Calibration,
  type Calibrations,
  chooseCuts,
  confidenceOf,
  type FeatureName,
  fitCalibration,
  type PairEvidence,
} from '../../../src/query/calibrate.ts';
import type { Modality } from '../../../src/query/space.ts';
import { backgroundStatistics, computeStatistics, type SpaceStatistics } from '../../../src/query/statistics.ts';
import { type ClassPicture, readClassPictures, readNamedPictures } from '../class-pictures.ts';
import { cachedVectors } from '../embedding-cache.ts';
import { seededRandom } from '../random.ts';
import { embedClasses, type ReferenceEmbedder } from '../reference-embedder.ts';
import { areSiblings } from './siblings.ts';

/** Pictures of known classes, with the vectors of both. */
export interface FittingSet {
  readonly classes: readonly string[];
  readonly classVectors: readonly Vector[];
  /** For each class its pictures' vectors. */
  readonly pictures: readonly (readonly Vector[])[];
  /** Background words and general texts. */
  readonly words: readonly Vector[];
  /** True where each class is one picture and its file name: names that share a word are then neither right nor wrong. */
  readonly isNamed?: boolean;
}

const PER_CLASS = 12;
const SEED = 1;
/** One byte a value: 1,600 pictures of 256-d are 410 KB. */
const MOST_BACKGROUND = 1600;
const MOST_WORDS = 300;
/**
 * Chosen by the confidence table, among the few sets it lists: the weights never saw those classes, the choice did. Tried and no
 * better for classes that neither weights nor background know: the library's own best scores (mean, gap, z), whitened cosines.
 */
export const TEXT_FEATURES: readonly FeatureName[] = ['cosine', 'queryGap'];
export const IMAGE_FEATURES: readonly FeatureName[] = ['pictureGap'];

export async function loadFittingSet(embedder: ReferenceEmbedder, folder: string): Promise<FittingSet> {
  return embedSet(embedder, readClassPictures(folder, PER_CLASS, SEED));
}

/** Pictures that are named by what they show, such as drawings: each is a class of one. */
export async function loadNamedSet(embedder: ReferenceEmbedder, folder: string): Promise<FittingSet> {
  return { ...(await embedSet(embedder, readNamedPictures(folder))), isNamed: true };
}

async function embedSet(embedder: ReferenceEmbedder, drawn: readonly ClassPicture[]): Promise<FittingSet> {
  const classes = [...new Set(drawn.map((picture) => picture.className))];
  const vectors = await cachedVectors(
    embedder.key,
    'fitting',
    drawn.map((picture) => picture.id),
    embedder.dimension,
    async () =>
      embedder.embedPixels(await pMap(drawn, (picture) => embedder.toPixels(picture.open()), { concurrency: 8 })),
  );
  const classVectors = await cachedVectors(embedder.key, 'fitting-classes', classes, embedder.dimension, () =>
    embedClasses(embedder, classes),
  );
  const names = embedder.vocabulary.length > 0 ? embedder.vocabulary : classes;
  const words = await cachedVectors(embedder.key, 'words', names, embedder.dimension, () => embedder.embedTexts(names));
  const pictures = classes.map((name) => vectors.filter((_, i) => drawn[i]?.className === name));
  return { classes, classVectors, pictures, words };
}

/** The set without the classes that `drop` names. */
export function withoutClasses(set: FittingSet, drop: (name: string) => boolean): FittingSet {
  const kept = set.classes.map((_, i) => i).filter((i) => !drop(set.classes[i] as string));
  return {
    ...set,
    classes: kept.map((i) => set.classes[i] as string),
    classVectors: kept.map((i) => set.classVectors[i] as Vector),
    pictures: kept.map((i) => set.pictures[i] as readonly Vector[]),
  };
}

/** One set of several; a class that lies in more than one brings the pictures of all. */
export function mergeSets(sets: readonly FittingSet[]): FittingSet {
  const merged = new Map<string, { vector: Vector; pictures: Vector[] }>();
  for (const set of sets) {
    set.classes.forEach((name, c) => {
      const known = merged.get(name) ?? { vector: set.classVectors[c] as Vector, pictures: [] };
      known.pictures.push(...(set.pictures[c] ?? []));
      merged.set(name, known);
    });
  }
  const all = [...merged.values()];
  return {
    classes: [...merged.keys()],
    classVectors: all.map(({ vector }) => vector),
    pictures: all.map(({ pictures }) => pictures.slice(0, PER_CLASS)),
    words: sets[0]?.words ?? [],
  };
}

/** The first third of each class is background; the rest is left for fitting confidences. */
export function fitStatistics(set: FittingSet): SpaceStatistics {
  const perClass = Math.max(1, Math.min(Math.floor(MOST_BACKGROUND / set.classes.length), Math.floor(PER_CLASS / 3)));
  return computeStatistics({
    pictures: set.pictures.flat(),
    texts: [...set.words, ...set.classVectors],
    backgroundPictures: set.pictures.flatMap((own) => own.slice(0, perClass)).slice(0, MOST_BACKGROUND),
    backgroundWords: set.words.slice(0, MOST_WORDS),
  });
}

/** Fits both kinds of query. Named sets say nothing of image queries: they have one picture of a kind. */
export function fitCalibrations(sets: readonly FittingSet[], statistics: SpaceStatistics): Calibrations {
  const pairsOf = (kind: Modality): JudgedPairs => joinPairs(sets.map((set) => judgedPairs(set, statistics, kind)));
  return {
    textToImage: fitOn(pairsOf('TEXT'), TEXT_FEATURES),
    imageToImage: fitOn(pairsOf('IMAGE'), IMAGE_FEATURES),
  };
}

export type JudgedPair = PairEvidence & { readonly right: boolean };

export interface JudgedPairs {
  /** The first hits of every query. */
  readonly pairs: readonly JudgedPair[];
  /** Those of each query whose class is in the library, and of each whose class is not. */
  readonly present: readonly (readonly JudgedPair[])[];
  readonly absent: readonly (readonly JudgedPair[])[];
}

export function joinPairs(sets: readonly JudgedPairs[]): JudgedPairs {
  return {
    pairs: sets.flatMap(({ pairs }) => pairs),
    present: sets.flatMap(({ present }) => present),
    absent: sets.flatMap(({ absent }) => absent),
  };
}

const DRAWS = 3;
/** Judged hits a query: the pairs that a page of answers is made of. */
const HITS = 10;

/** Half of the classes are put in a library, three times over; every class asks, as text or as one of its pictures. */
export function judgedPairs(set: FittingSet, statistics: SpaceStatistics, kind: Modality): JudgedPairs {
  const random = seededRandom(SEED);
  const background = kind === 'TEXT' ? statistics.backgroundWords : statistics.backgroundPictures;
  const third = Math.floor(PER_CLASS / 3);
  const library = set.pictures.flatMap((own, c) =>
    (set.isNamed ? own : own.slice(third + 1)).map((vector) => ({
      vector,
      c,
      statistics: backgroundStatistics(vector, background),
    })),
  );
  const draws = Array.from({ length: DRAWS }, () => {
    const shuffled = random.shuffle(set.classes.map((_, c) => c));
    return new Set(shuffled.slice(0, Math.ceil(set.classes.length / 2)));
  });
  const out = { pairs: [] as JudgedPair[], present: [] as JudgedPair[][], absent: [] as JudgedPair[][] };
  for (const [c, own] of set.pictures.entries()) {
    const query = kind === 'TEXT' ? set.classVectors[c] : own[third];
    if (query === undefined) continue;
    const queryStatistics = backgroundStatistics(query, statistics.backgroundPictures);
    const isJudged = (other: number): boolean =>
      !set.isNamed || other === c || !areSiblings(set.classes[c] as string, set.classes[other] as string);
    const order = library
      .filter((item) => isJudged(item.c))
      .map((item) => ({ item, cosine: dot(query, item.vector) }))
      .sort((a, b) => b.cosine - a.cosine);
    for (const present of draws) {
      const hits = order
        .filter(({ item }) => present.has(item.c))
        .slice(0, HITS)
        .map(({ item, cosine }) => ({ cosine, query: queryStatistics, picture: item.statistics, right: item.c === c }));
      out.pairs.push(...hits);
      (present.has(c) ? out.present : out.absent).push(hits);
    }
  }
  return out;
}

/** The calibration of these features, with its cuts. */
export function fitOn({ pairs, absent }: JudgedPairs, features: readonly FeatureName[]): Calibration {
  const fitted = fitCalibration(pairs, features);
  const uncut = { ...fitted, cuts: { LOOSE: 0, NORMAL: 0, STRICT: 0 } };
  const best = absent.map((hits) => Math.max(...hits.map((hit) => confidenceOf(hit, uncut))));
  return { ...fitted, cuts: chooseCuts(best) };
}
