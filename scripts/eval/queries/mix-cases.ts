// Does a picture and a word together find what shows both? With the parts centred on their modality's mean before they are
// mixed, and without.
import { addScaled, dot, unit, type Vector } from '../../../src/core/vector.ts';
import { composeQuery, type Term } from '../../../src/query/compose.ts';
import { averagePrecision } from '../../../src/query/measures.ts';
import { type ModalityMeans, scorePicture } from '../../../src/query/space.ts';
import { reciprocalRank } from '../measures.ts';
import type { EmbeddedComposite } from './composites.ts';
import { ranked } from './focus-cases.ts';
import type { LabelledPhotos } from './photos.ts';
import { markdownTable, meanWithInterval } from './table.ts';

/** A way to score all pictures for a photo of one class and the name of another. */
type Mix = (photo: Vector, text: Vector, pictures: readonly Vector[]) => number[];

/**
 * For each composed picture of classes A and B: another photo of A and the word B ask; right are the pictures that show both.
 */
export function mixTable(
  labelled: LabelledPhotos,
  pictures: readonly EmbeddedComposite[],
  means: ModalityMeans,
): string {
  const classOf = (photo: number) => labelled.photos[photo]?.classIndex ?? -1;
  const wholes = pictures.map(({ views }) => views[0] as Vector);
  const shown = pictures.map(({ wanted, other }) => new Set([classOf(wanted), classOf(other)]));
  const mixes: Record<string, Mix> = {
    'the photo alone, centred': (photo, _text, all) => scores([image(photo)], all, means),
    'the word alone': (_photo, text, all) => scores([word(text)], all, means),
    'both, as they are': (photo, text, all) => {
      const query = unit(addScaled(photo, text, 1));
      return all.map((picture) => dot(query, picture));
    },
    'both, centred first (default)': (photo, text, all) => scores([image(photo), word(text)], all, means),
  };
  const rows = Object.entries(mixes).map(([name, mix]) => {
    const rankings = pictures.flatMap(({ wanted, other }) => {
      const asking = labelled.photos.findIndex((photo, i) => photo.classIndex === classOf(wanted) && i !== wanted);
      if (asking < 0) return [];
      const order = ranked(
        mix(labelled.vectors[asking] as Vector, labelled.classVectors[classOf(other)] as Vector, wholes),
      );
      return [order.map((i) => shown[i]?.has(classOf(wanted)) === true && shown[i]?.has(classOf(other)) === true)];
    });
    return [
      name,
      meanWithInterval(rankings.map((list) => averagePrecision(list))),
      meanWithInterval(rankings.map(reciprocalRank)),
    ];
  });
  return markdownTable(['query', 'average precision', 'MRR'], rows);
}

function scores(terms: readonly Term[], pictures: readonly Vector[], means: ModalityMeans): number[] {
  const { vector, space } = composeQuery(terms, [], means);
  return pictures.map((picture) => scorePicture(vector, picture, space, means));
}

function image(vector: Vector): Term {
  return { vector, modality: 'IMAGE', weight: 1 };
}

function word(vector: Vector): Term {
  return { vector, modality: 'TEXT', weight: 1 };
}
