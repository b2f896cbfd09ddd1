// Does a confidence mean something? Half of the families of classes are taken out of the library: queries for them should
// come back empty, the others not. Fitted on other pictures, and in one column on other classes.
import { dot, type Matrix, type Vector } from '../../../src/core/vector.ts';
import {
  type Calibration,
  confidenceOf,
  type FeatureName,
  type PairEvidence,
  REFUSED_SHARE,
} from '../../../src/query/calibrate.ts';
import { average } from '../../../src/query/measures.ts';
import type { Modality } from '../../../src/query/space.ts';
import {
  type BackgroundStatistics,
  backgroundStatistics,
  type SpaceStatistics,
} from '../../../src/query/statistics.ts';
import { seededRandom } from '../random.ts';
import {
  type FittingSet,
  fitOn,
  fitStatistics,
  IMAGE_FEATURES,
  judgedPairs,
  TEXT_FEATURES,
  withoutClasses,
} from './model-statistics.ts';
import type { LabelledPhotos } from './photos.ts';
import { areSiblings, familiesOf } from './siblings.ts';
import { markdownTable, rocArea, short } from './table.ts';

const FEATURE_SETS: readonly (readonly FeatureName[])[] = [
  ['cosine'],
  ['cosine', 'queryZ'],
  ['cosine', 'queryZ', 'pictureZ'],
  ['cosine', 'queryGap'],
  ['cosine', 'queryGap', 'pictureGap'],
  ['pictureGap'],
];
/** Photos of each class that ask. */
const ASKING_PHOTOS = 4;
const DRAWS = 5;
const DRAW_SEED = 5;

/** Two tables: ROC areas by features and by background, then where the levels lie. */
export function confidenceReport(labelled: LabelledPhotos, fitting: FittingSet): string {
  // "Other classes": neither the background nor the fit has seen a class that shares a word with a judged one.
  const others = withoutClasses(fitting, (name) => labelled.classes.some((judged) => areSiblings(name, judged)));
  return (['TEXT', 'IMAGE'] as const).map((kind) => reportOf(kind, labelled, fitting, others)).join('\n\n');
}

/** Is a class there at all, asked by its name: ROC area on photographs. */
export function areaOnPhotos(labelled: LabelledPhotos, statistics: SpaceStatistics, calibration: Calibration): number {
  return areas(judgePairs('TEXT', labelled, statistics), calibration).thereAll;
}

/** What a user of each level meets who asks for photographs by their names. */
export function levelsOnPhotos(
  labelled: LabelledPhotos,
  statistics: SpaceStatistics,
  calibration: Calibration,
): string {
  return levelTable(judgePairs('TEXT', labelled, statistics), calibration);
}

function reportOf(kind: Modality, labelled: LabelledPhotos, fitting: FittingSet, others: FittingSet): string {
  const statistics = fitStatistics(fitting);
  const otherStatistics = fitStatistics(others);
  const pairs = judgedPairs(others, statistics, kind);
  const otherPairs = judgedPairs(others, otherStatistics, kind);
  const judged = judgePairs(kind, labelled, statistics);
  const otherJudged = judgePairs(kind, labelled, otherStatistics);
  const rows = FEATURE_SETS.map((features) => {
    const shipped = areas(judged, fitOn(pairs, features));
    const blind = areas(otherJudged, fitOn(otherPairs, features));
    const cells = [shipped.thereAll, shipped.thereOne, shipped.pair, blind.thereAll, blind.thereOne, blind.pair];
    return [features.join(' + '), ...cells.map((value) => short(value))];
  });
  const head = [
    'features',
    'there?',
    'one a family',
    'right pair',
    'there?, blind',
    'one a family, blind',
    'right pair, blind',
  ];
  const features = kind === 'TEXT' ? TEXT_FEATURES : IMAGE_FEATURES;
  const title = kind === 'TEXT' ? 'text -> image' : 'image -> image';
  return [
    `${title}: ROC areas, ${DRAWS} draws (${fitting.classes.length} classes fitted; blind: ${others.classes.length}, none of them judged)`,
    markdownTable(head, rows),
    `${title}: levels of ${features.join(' + ')}`,
    levelTable(judged, fitOn(pairs, features)),
  ].join('\n\n');
}

interface Judged {
  readonly query: BackgroundStatistics;
  readonly classIndex: number;
  readonly family: number;
  /** First of its family, so that one family of 22 kinds of milk does not outvote 22 families. */
  readonly first: boolean;
  /** Cosine with each photo; the photo that asks answers NaN. */
  readonly cosines: readonly number[];
}

interface JudgedLibrary {
  readonly queries: readonly Judged[];
  readonly photos: readonly {
    readonly classIndex: number;
    readonly family: number;
    readonly statistics: BackgroundStatistics;
  }[];
}

function judgePairs(kind: Modality, labelled: LabelledPhotos, statistics: SpaceStatistics): JudgedLibrary {
  const families = familiesOf(labelled.classes);
  const background: Matrix = kind === 'TEXT' ? statistics.backgroundWords : statistics.backgroundPictures;
  const photos = labelled.photos.map(({ classIndex }, i) => ({
    classIndex,
    family: families[classIndex] as number,
    statistics: backgroundStatistics(labelled.vectors[i] as Vector, background),
  }));
  const queries = labelled.classes.flatMap((_, classIndex) => {
    const about = {
      classIndex,
      family: families[classIndex] as number,
      first: families.indexOf(families[classIndex] as number) === classIndex,
    };
    const toQuery = (vector: Vector, asking: number | undefined): Judged => ({
      ...about,
      query: backgroundStatistics(vector, statistics.backgroundPictures),
      cosines: labelled.vectors.map((photo, i) => (i === asking ? Number.NaN : dot(vector, photo))),
    });
    if (kind === 'TEXT') return [toQuery(labelled.classVectors[classIndex] as Vector, undefined)];
    const own = labelled.photos.flatMap((photo, i) => (photo.classIndex === classIndex ? [i] : []));
    return own.slice(0, ASKING_PHOTOS).map((i) => toQuery(labelled.vectors[i] as Vector, i));
  });
  return { queries, photos };
}

/** Families present in each draw. */
function drawFamilies(library: JudgedLibrary): Set<number>[] {
  const random = seededRandom(DRAW_SEED);
  const all = [...new Set(library.queries.map((query) => query.family))];
  return Array.from({ length: DRAWS }, () => new Set(random.shuffle(all).slice(0, Math.floor(all.length / 2))));
}

interface Answer {
  readonly query: Judged;
  readonly present: boolean;
  /** Confidence and truth of each hit, best first. */
  readonly hits: readonly { readonly confidence: number; readonly right: boolean }[];
}

const CANDIDATES = 20;

function answer(
  library: JudgedLibrary,
  query: Judged,
  families: ReadonlySet<number>,
  calibration: Calibration,
): Answer {
  const order = library.photos
    .map((photo, i) => ({ photo, cosine: query.cosines[i] as number }))
    .filter(({ photo, cosine }) => families.has(photo.family) && !Number.isNaN(cosine))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, CANDIDATES);
  const hits = order.map(({ photo, cosine }) => ({
    confidence: confidenceOf({ cosine, query: query.query, picture: photo.statistics }, calibration),
    right: photo.classIndex === query.classIndex,
  }));
  return { query, present: families.has(query.family), hits: hits.sort((a, b) => b.confidence - a.confidence) };
}

function areas(library: JudgedLibrary, calibration: Calibration): { thereAll: number; thereOne: number; pair: number } {
  const draws = drawFamilies(library).map((families) =>
    library.queries.map((query) => answer(library, query, families, calibration)),
  );
  const areaOf = (answers: readonly Answer[]): number => {
    const best = (present: boolean): number[] =>
      answers.filter((item) => item.present === present).map((item) => item.hits[0]?.confidence ?? 0);
    return rocArea(best(true), best(false));
  };
  const right: number[] = [];
  const wrong: number[] = [];
  for (const query of library.queries) {
    library.photos.forEach((photo, i) => {
      // Wrong pairs are two hundred to one: a tenth of them says as much.
      if (photo.classIndex !== query.classIndex && i % 10 !== 0) return;
      const cosine = query.cosines[i] as number;
      // Siblings are neither right nor wrong.
      if (Number.isNaN(cosine) || (photo.family === query.family && photo.classIndex !== query.classIndex)) return;
      const pair: PairEvidence = { cosine, query: query.query, picture: photo.statistics };
      (photo.classIndex === query.classIndex ? right : wrong).push(confidenceOf(pair, calibration));
    });
  }
  return {
    thereAll: average(draws.map(areaOf)),
    thereOne: average(draws.map((answers) => areaOf(answers.filter((item) => item.query.first)))),
    pair: rocArea(right, wrong),
  };
}

/** What a user of each level meets, one query a family. */
function levelTable(library: JudgedLibrary, calibration: Calibration): string {
  const answers = drawFamilies(library).flatMap((families) =>
    library.queries.filter((query) => query.first).map((query) => answer(library, query, families, calibration)),
  );
  const share = (list: readonly boolean[]): string => short(list.filter(Boolean).length / Math.max(1, list.length));
  const rowOf = (name: string, cut: number): string[] => {
    const shown = answers.map((item) => ({
      ...item,
      hits: item.hits.filter((hit) => hit.confidence >= cut).slice(0, 10),
    }));
    const present = shown.filter((item) => item.present);
    return [
      name,
      short(cut),
      share(shown.filter((item) => !item.present).map((item) => item.hits.length === 0)),
      share(present.map((item) => item.hits.length > 0)),
      share(present.filter((item) => item.hits.length > 0).map((item) => item.hits.some((hit) => hit.right))),
      share(present.flatMap((item) => item.hits.map((hit) => hit.right))),
    ];
  };
  const { LOOSE, NORMAL, STRICT } = calibration.cuts;
  const rows = [
    rowOf('NONE', 0),
    rowOf(`LOOSE (asked: ${short(REFUSED_SHARE.LOOSE, 2)})`, LOOSE),
    rowOf(`NORMAL (asked: ${short(REFUSED_SHARE.NORMAL, 2)})`, NORMAL),
    rowOf(`STRICT (asked: ${short(REFUSED_SHARE.STRICT, 2)})`, STRICT),
    ...[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map((cut) => rowOf('', cut)),
  ];
  return markdownTable(
    [
      'level',
      'cut',
      'absent: nothing shown',
      'present: something shown',
      'of these, a right one among ten',
      'precision of shown hits',
    ],
    rows,
  );
}
