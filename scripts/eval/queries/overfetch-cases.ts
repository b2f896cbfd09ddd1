// Do the candidates that the index gives for w^2 q hold the best hits by the exact score of WEIGHTS? At the service's own
// over-fetch, against a full scan: on the photos, and on libraries ten times as large.
import { dot, pack, unit, type Vector } from '../../../src/core/vector.ts';
import { estimateOverfetch, focusWeights } from '../../../src/query/focus-weights.ts';
import { average } from '../../../src/query/measures.ts';
import { type Random, seededRandom } from '../random.ts';
import { ranked } from './focus-cases.ts';
import type { LabelledPhotos } from './photos.ts';
import { markdownTable, short } from './table.ts';

/** As in services/search/focus-service.ts and library-sample.ts. */
const DEFAULT_POOL = 500;
const JUDGED_HITS = 100;
const SAMPLE = 1000;

const LARGE = 20_000;
const CLUSTERS = 300;
const SEED = 7;
const STRENGTHS = [0.5, 0.8, 1];
const QUERIES = 20;

export function overfetchTable(labelled: LabelledPhotos): string {
  const random = seededRandom(SEED);
  const { vectors } = labelled;
  const dimension = vectors[0]?.length ?? 0;
  const centres = Array.from({ length: CLUSTERS }, () => around(new Float32Array(dimension), 1, random));
  const libraries: [string, readonly Vector[]][] = [
    [`the ${vectors.length} photos`, vectors],
    [
      `${LARGE} vectors in ${CLUSTERS} clusters`,
      Array.from({ length: LARGE }, () => around(centres[random.below(CLUSTERS)] as Vector, 0.7, random)),
    ],
    [
      `${LARGE} vectors around the photos`,
      Array.from({ length: LARGE }, (_, i) => around(vectors[i % vectors.length] as Vector, 0.35, random)),
    ],
  ];
  const rows = libraries.flatMap(([name, library]) =>
    STRENGTHS.map((strength) => [name, `${strength}`, ...judge(library, labelled.classVectors, strength, random)]),
  );
  return markdownTable(
    [
      'library',
      'strength',
      `recall@${JUDGED_HITS} of ${DEFAULT_POOL} candidates`,
      `recall@${JUDGED_HITS} as a sample asks`,
      'least of a query',
      'candidates, mean',
    ],
    rows,
  );
}

function judge(
  library: readonly Vector[],
  classes: readonly Vector[],
  strength: number,
  random: Random,
): readonly string[] {
  const step = Math.max(1, library.length / SAMPLE);
  const sample = pack(
    Array.from({ length: Math.min(SAMPLE, library.length) }, (_, i) => library[Math.floor(i * step)] as Vector),
  );
  const cases = Array.from({ length: QUERIES }, () => {
    const asking = library[random.below(library.length)] as Vector;
    const focus = focusWeights(asking, [{ vector: classes[random.below(classes.length)] as Vector, strength }]);
    const pool = Math.max(DEFAULT_POOL, estimateOverfetch(focus, sample, library.length, JUDGED_HITS));
    const best = ranked(library.map((vector) => focus.score(vector))).slice(0, JUDGED_HITS);
    const candidates = ranked(library.map((vector) => dot(focus.query, vector)));
    const recallOf = (count: number): number => {
      const found = new Set(candidates.slice(0, count));
      return best.filter((i) => found.has(i)).length / best.length;
    };
    return { fixed: recallOf(DEFAULT_POOL), asked: recallOf(pool), pool };
  });
  return [
    short(average(cases.map(({ fixed }) => fixed))),
    short(average(cases.map(({ asked }) => asked))),
    short(Math.min(...cases.map(({ asked }) => asked)), 2),
    `${Math.round(average(cases.map(({ pool }) => pool)))}`,
  ];
}

/** A unit vector at about the given distance from the centre, before it is brought to length 1. */
function around(centre: Vector, distance: number, random: Random): Vector {
  const spread = distance / Math.sqrt(centre.length);
  return unit(centre.map((value) => value + spread * normal(random)));
}

/** Box-Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
