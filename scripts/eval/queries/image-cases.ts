// Image to image: plain, centred or whitened, fitted on the library or on what ships with the model; and what feedback adds.
import { dot, pack, type Vector } from '../../../src/core/vector.ts';
import { applyFeedback } from '../../../src/query/feedback.ts';
import { centre } from '../../../src/query/space.ts';
import type { SpaceStatistics } from '../../../src/query/statistics.ts';
import { fitWhitenings, type Whitening, whiten } from '../../../src/query/whitening.ts';
import { ranked } from './focus-cases.ts';
import type { LabelledPhotos } from './photos.ts';
import { markdownTable, meanWithInterval } from './table.ts';

const HITS = 10;
/** Every so manieth photo asks. */
const STRIDE = 4;

export function imageTable(labelled: LabelledPhotos, statistics: SpaceStatistics): string {
  const { vectors } = labelled;
  const powers = [0.25, 0.5, 0.75, 1];
  const centred = vectors.map((vector) => centre(vector, 'IMAGE', statistics));
  const rows = [
    ['plain', precision(labelled, vectors)],
    ['centred on the shipped mean', precision(labelled, centred)],
    ...whitenedRows('the library', fitWhitenings(pack(vectors), [0, ...powers]), labelled),
    ...whitenedRows('the shipped background', fitWhitenings(statistics.backgroundPictures, powers), labelled),
    ['centred, after judging the first ten (more / less like)', feedbackPrecision(labelled, centred)],
  ];
  return markdownTable(['space', 'P@10, the asking photo left out'], rows);

  function whitenedRows(name: string, whitenings: readonly Whitening[], photos: LabelledPhotos): string[][] {
    const labels = whitenings.length > powers.length ? [0, ...powers] : powers;
    return whitenings.map((whitening, i) => [
      `whitened by ${name}, power ${labels[i]}`,
      precision(
        photos,
        vectors.map((vector) => whiten(vector, whitening)),
      ),
    ]);
  }
}

function precision(labelled: LabelledPhotos, space: readonly Vector[]): string {
  return meanWithInterval(
    asking(labelled).map((photo) => precisionOf(labelled, firstHits(space, space[photo] as Vector, [photo]), photo)),
  );
}

/** Pictures judged once are left out of the second answer, so that feedback is not paid for what it was told. */
function feedbackPrecision(labelled: LabelledPhotos, space: readonly Vector[]): string {
  const values = asking(labelled).map((photo) => {
    const query = space[photo] as Vector;
    const judged = firstHits(space, query, [photo]);
    const right = judged.filter((hit) => labelled.photos[hit]?.classIndex === labelled.photos[photo]?.classIndex);
    const wrong = judged.filter((hit) => !right.includes(hit));
    const vector = (hit: number): Vector => space[hit] as Vector;
    const before = firstHits(space, query, [photo, ...judged]);
    const after = firstHits(space, applyFeedback(query, right.map(vector), wrong.map(vector)), [photo, ...judged]);
    return { before: precisionOf(labelled, before, photo), after: precisionOf(labelled, after, photo) };
  });
  return `hits 11-20: ${meanWithInterval(values.map((value) => value.before))} before, ${meanWithInterval(values.map((value) => value.after))} after`;
}

function asking(labelled: LabelledPhotos): number[] {
  return labelled.photos.map((_, i) => i).filter((i) => i % STRIDE === 0);
}

function firstHits(space: readonly Vector[], query: Vector, without: readonly number[]): number[] {
  const order = ranked(space.map((vector) => dot(query, vector)));
  return order
    .slice(0, HITS + without.length)
    .filter((photo) => !without.includes(photo))
    .slice(0, HITS);
}

function precisionOf(labelled: LabelledPhotos, hits: readonly number[], photo: number): number {
  return hits.filter((hit) => labelled.photos[hit]?.classIndex === labelled.photos[photo]?.classIndex).length / HITS;
}
