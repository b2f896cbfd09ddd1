// Confidences of drawings: each is asked for by its name, in a gallery that holds it and in one that does not. Fitted on
// photographs, and on photographs and the other half of the drawings.
import { type Calibration, confidenceOf, REFUSED_SHARE } from '../../../src/query/calibrate.ts';
import { average } from '../../../src/query/measures.ts';
import { seededRandom } from '../random.ts';
import { areaOnPhotos, levelsOnPhotos } from './confidence-cases.ts';
import {
  type FittingSet,
  fitOn,
  fitStatistics,
  type JudgedPair,
  joinPairs,
  judgedPairs,
  TEXT_FEATURES,
  withoutClasses,
} from './model-statistics.ts';
import type { LabelledPhotos } from './photos.ts';
import { areSiblings } from './siblings.ts';
import { markdownTable, rocArea, short } from './table.ts';

const SPLIT_SEED = 21;

export function drawingReport(labelled: LabelledPhotos, photographs: FittingSet, drawings: FittingSet): string {
  // No judged class of photographs is in the fit, so that the photographs' column is the blind one of the table above.
  const fitted = withoutClasses(photographs, (name) => labelled.classes.some((judged) => areSiblings(name, judged)));
  const statistics = fitStatistics(fitted);
  const shuffled = seededRandom(SPLIT_SEED).shuffle(drawings.classes);
  const half = new Set(shuffled.slice(0, Math.floor(shuffled.length / 2)));
  const ofPhotographs = judgedPairs(fitted, statistics, 'TEXT');
  const ofDrawings = judgedPairs(
    withoutClasses(drawings, (name) => !half.has(name)),
    statistics,
    'TEXT',
  );
  const judged = judgedPairs(
    withoutClasses(drawings, (name) => half.has(name)),
    statistics,
    'TEXT',
  );
  const rowOf = (name: string, calibration: Calibration): string[] => {
    const sure = (hit: JudgedPair): number => confidenceOf(hit, calibration);
    const best = (hits: readonly JudgedPair[]): number => Math.max(...hits.map(sure));
    const right = judged.present.flatMap((hits) => hits.filter((hit) => hit.right)).map(sure);
    const shown = judged.present.flatMap((hits) => hits.filter((hit) => sure(hit) >= calibration.cuts.NORMAL));
    return [
      name,
      short(areaOnPhotos(labelled, statistics, calibration)),
      short(rocArea(judged.present.map(best), judged.absent.map(best))),
      ...levels.map((level) => short(average(right.map((value) => (value >= calibration.cuts[level] ? 1 : 0))))),
      short(average(judged.absent.map((hits) => (best(hits) < calibration.cuts.NORMAL ? 1 : 0)))),
      short(average(shown.map((hit) => (hit.right ? 1 : 0)))),
      short(average(right)),
    ];
  };
  const levels = Object.keys(REFUSED_SHARE) as (keyof typeof REFUSED_SHARE)[];
  const fits: readonly (readonly [string, Calibration])[] = [
    ['photographs', fitOn(ofPhotographs, TEXT_FEATURES)],
    ['photographs and drawings', fitOn(joinPairs([ofPhotographs, ofDrawings]), TEXT_FEATURES)],
  ];
  return [
    `Drawings of the demo gallery, half of ${drawings.classes.length} judged, asked for by their names`,
    markdownTable(
      [
        'fitted on',
        'photographs: there?',
        'drawings: there?',
        ...levels.map((level) => `right ones at ${level}`),
        'absent: nothing shown at NORMAL',
        'precision of hits at NORMAL',
        'mean confidence of right ones',
      ],
      fits.map(([name, calibration]) => rowOf(name, calibration)),
    ),
    ...fits.flatMap(([name, calibration]) => [
      `Levels on photographs of classes that were not fitted, fitted on ${name}`,
      levelsOnPhotos(labelled, statistics, calibration),
    ]),
  ].join('\n\n');
}
