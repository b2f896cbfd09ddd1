// The pictures that a head may learn from and those that everything is judged on: never the same.
import { countByClass, type LabelledPicture } from '../../../src/services/compare/compare-pictures.ts';
import { seededRandom } from '../random.ts';

export interface Halves {
  readonly train: readonly LabelledPicture[];
  readonly test: readonly LabelledPicture[];
}

/** Half of the pictures of each class, drawn by the seed; of an odd number one more is judged on. */
export function halvePictures(pictures: readonly LabelledPicture[], seed: number): Halves {
  const random = seededRandom(seed);
  const train = new Set<LabelledPicture>();
  for (const name of countByClass(pictures).keys()) {
    const own = random.shuffle(pictures.filter(({ className }) => className === name));
    for (const picture of own.slice(0, Math.floor(own.length / 2))) train.add(picture);
  }
  return divide(pictures, (picture) => train.has(picture));
}

/** Half of the classes with all their pictures: what is judged on was never seen, nor its name. */
export function halveClasses(pictures: readonly LabelledPicture[], seed: number): Halves {
  const names = seededRandom(seed).shuffle([...countByClass(pictures).keys()].sort());
  const train = new Set(names.slice(0, Math.floor(names.length / 2)));
  return divide(pictures, ({ className }) => train.has(className));
}

function divide(pictures: readonly LabelledPicture[], isTrain: (picture: LabelledPicture) => boolean): Halves {
  return { train: pictures.filter(isTrain), test: pictures.filter((picture) => !isTrain(picture)) };
}
