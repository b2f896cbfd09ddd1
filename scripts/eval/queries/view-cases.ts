// The library side of two-object pictures: a text finds what is in them, seen as a whole or through windows too.
import { dot, type Vector } from '../../../src/core/vector.ts';
import { INDEXED_WINDOWS } from '../../../src/core/views.ts';
import { averagePrecision } from '../../../src/query/measures.ts';
import type { EmbeddedComposite } from './composites.ts';
import { ranked } from './focus-cases.ts';
import type { LabelledPhotos } from './photos.ts';
import { markdownTable, meanWithInterval } from './table.ts';

/** Average precision of each class's text over the composed pictures that show it, by how many views a picture has. */
export function viewTable(labelled: LabelledPhotos, pictures: readonly EmbeddedComposite[]): string {
  const shown = pictures.map(({ wanted, other }) =>
    [wanted, other].map((photo) => labelled.photos[photo]?.classIndex ?? -1),
  );
  const classes = [...new Set(shown.flat())].sort((a, b) => a - b);
  const bestOf =
    (views: readonly number[], count = 1) =>
    (scores: readonly number[]): number => {
      const best = views.map((view) => scores[view] as number).sort((a, b) => b - a);
      return best.slice(0, count).reduce((sum, score) => sum + score, 0) / count;
    };
  const all = pictures[0]?.views.map((_, i) => i) ?? [];
  const readings: [string, (scores: readonly number[]) => number][] = [
    ['the whole', bestOf([0])],
    ['the whole and five windows, the best (`SEMBLANCE_VIEWS=windows`)', bestOf([0, ...INDEXED_WINDOWS])],
    ['all 19, the best', bestOf(all)],
    ['all 19, mean of the best three', bestOf(all, 3)],
  ];
  const rows = readings.map(([name, read]) => {
    const precisions = classes.map((c) => {
      const text = labelled.classVectors[c] as Vector;
      const scores = pictures.map(({ views }) => read(views.map((view) => dot(text, view))));
      return averagePrecision(ranked(scores).map((i) => (shown[i] as number[]).includes(c)));
    });
    return [name, meanWithInterval(precisions)];
  });
  return markdownTable(['views', `average precision over ${classes.length} classes`], rows);
}
