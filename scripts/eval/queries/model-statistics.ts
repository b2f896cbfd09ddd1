// Fits what ships with a model beside its weights, from pictures in class folders: the statistics of its space and the
// calibration of its scores. The pictures judged elsewhere must not be among them.
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
import { readClassPictures } from '../class-pictures.ts';
import { cachedVectors } from '../embedding-cache.ts';
import { seededRandom } from '../random.ts';
import { embedClasses, type ReferenceEmbedder } from '../reference-embedder.ts';

/** Pictures of known classes, with the vectors of both. */
export interface FittingSet {
  readonly classes: readonly string[];
  readonly classVectors: readonly Vector[];
  /** For each class its pictures' vectors. */
  readonly pictures: readonly (readonly Vector[])[];
  /** Background words and general texts. */
  readonly words: readonly Vector[];
}

const PER_CLASS = 12;
const SEED = 1;
/** One byte a value: 1,600 pictures of 256-d are 410 KB. */
const MOST_BACKGROUND = 1600;
const MOST_WORDS = 300;
/** Chosen by the confidence table, among the few sets it lists: the weights never saw those classes, the choice did. */
export const TEXT_FEATURES: readonly FeatureName[] = ['cosine', 'queryGap'];
export const IMAGE_FEATURES: readonly FeatureName[] = ['cosine', 'queryGap', 'pictureGap'];

export async function loadFittingSet(embedder: ReferenceEmbedder, folder: string): Promise<FittingSet> {
  const drawn = readClassPictures(folder, PER_CLASS, SEED);
  const classes = [...new Set(drawn.map((picture) => picture.className))];
  const vectors = await cachedVectors(
    embedder.key,
    'fitting',
    drawn.map((picture) => picture.id),
    embedder.dimension,
    async () => embedder.embedPixels(await Promise.all(drawn.map((picture) => embedder.toPixels(picture.open())))),
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
    classes: kept.map((i) => set.classes[i] as string),
    classVectors: kept.map((i) => set.classVectors[i] as Vector),
    pictures: kept.map((i) => set.pictures[i] as readonly Vector[]),
    words: set.words,
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

/** Fits both kinds of query. */
export function fitCalibrations(set: FittingSet, statistics: SpaceStatistics): Calibrations {
  return {
    textToImage: fitOn(judgedPairs(set, statistics, 'TEXT'), TEXT_FEATURES),
    imageToImage: fitOn(judgedPairs(set, statistics, 'IMAGE'), IMAGE_FEATURES),
  };
}

export type JudgedPair = PairEvidence & { readonly right: boolean };

export interface JudgedPairs {
  /** The first hits of every query. */
  readonly pairs: readonly JudgedPair[];
  /** Those of each query whose class is not in the library. */
  readonly absent: readonly (readonly JudgedPair[])[];
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
    own.slice(third + 1).map((vector) => ({ vector, c, statistics: backgroundStatistics(vector, background) })),
  );
  const draws = Array.from({ length: DRAWS }, () => {
    const shuffled = random.shuffle(set.classes.map((_, c) => c));
    return new Set(shuffled.slice(0, Math.ceil(set.classes.length / 2)));
  });
  const out = { pairs: [] as JudgedPair[], absent: [] as JudgedPair[][] };
  for (const [c, own] of set.pictures.entries()) {
    const query = kind === 'TEXT' ? set.classVectors[c] : own[third];
    if (query === undefined) continue;
    const queryStatistics = backgroundStatistics(query, statistics.backgroundPictures);
    const order = library
      .map((item) => ({ item, cosine: dot(query, item.vector) }))
      .sort((a, b) => b.cosine - a.cosine);
    for (const present of draws) {
      const hits = order
        .filter(({ item }) => present.has(item.c))
        .slice(0, HITS)
        .map(({ item, cosine }) => ({ cosine, query: queryStatistics, picture: item.statistics, right: item.c === c }));
      out.pairs.push(...hits);
      if (!present.has(c)) out.absent.push(hits);
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
