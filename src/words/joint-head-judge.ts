// How well vectors in word space do: are pictures named by their class, and does a class find its pictures? Pure; the same
// measures serve a learned head and a model that reads texts by itself.
import { dot, type Matrix, row } from '../core/vector.ts';

/** Pictures and words in one space, all of unit length. */
export interface Judged {
  readonly pictures: Matrix;
  /** Right word of each picture: a row of `words`. */
  readonly classes: readonly number[];
  readonly words: Matrix;
}

export interface HeadReport {
  readonly pictures: number;
  /** Share of pictures whose own word is nearest of all, and among the nearest five. */
  readonly top1: number;
  readonly top5: number;
  /** Mean over classes of the share of right pictures among the first ten (or as many as there are) for the class's word. */
  readonly precisionAt10: number;
  /** Between pictures and their own words. */
  readonly meanCosine: number;
}

/** Where a word came for the pictures that it is right for: 1 is nearest. */
export interface WordRank {
  readonly class: number;
  readonly pictures: number;
  readonly medianRank: number;
  /** Share of its pictures for which it is among the nearest five. */
  readonly top5: number;
  readonly precisionAt10: number;
}

const SHOWN = 10;

export function judge(judged: Judged): HeadReport {
  const { classes } = judged;
  const ranks = ranksOf(judged);
  const share = (k: number) => mean(ranks.map(({ rank }) => (rank <= k ? 1 : 0)));
  return {
    pictures: classes.length,
    top1: share(1),
    top5: share(5),
    precisionAt10: mean([...new Set(classes)].map((one) => precisionOf(judged, one))),
    meanCosine: mean(ranks.map(({ own }) => own)),
  };
}

/** For each class that has pictures here, in order of class. */
export function wordRanks(judged: Judged): WordRank[] {
  const ranks = ranksOf(judged);
  return [...new Set(judged.classes)]
    .sort((a, b) => a - b)
    .map((one) => {
      const own = ranks.filter((_, i) => judged.classes[i] === one).map(({ rank }) => rank);
      own.sort((a, b) => a - b);
      return {
        class: one,
        pictures: own.length,
        medianRank: own[Math.floor((own.length - 1) / 2)] ?? 0,
        top5: mean(own.map((rank) => (rank <= 5 ? 1 : 0))),
        precisionAt10: precisionOf(judged, one),
      };
    });
}

/** The factor on cosines under which a softmax over the words is most honest about the right one (least log loss). */
export function fitScale({ pictures, classes, words }: Judged): number {
  const cosines = classes.map((_, i) => scoresOf(pictures, i, words));
  const losses = SCALES.map((scale) =>
    mean(cosines.map((scores, i) => logSumExp(scores, scale) - scale * (scores[classes[i] as number] as number))),
  );
  return SCALES[losses.indexOf(Math.min(...losses))] ?? DEFAULT_SCALE;
}

export const DEFAULT_SCALE = 12;
/** Beyond the last, a handful of pictures that are all named right would make every tag certain. */
const SCALES: readonly number[] = [1, 2, 4, 6, 8, 10, 12, 14, 17, 20, 25, 30];

function ranksOf({ pictures, classes, words }: Judged): { readonly rank: number; readonly own: number }[] {
  return classes.map((one, i) => {
    const scores = scoresOf(pictures, i, words);
    const own = scores[one] as number;
    return { own, rank: 1 + scores.filter((score) => score > own).length };
  });
}

function precisionOf({ pictures, classes, words }: Judged, one: number): number {
  const ranked = classes
    .map((other, i) => ({ isRight: other === one, score: dot(row(pictures, i), row(words, one)) }))
    .sort((a, b) => b.score - a.score);
  const most = Math.min(SHOWN, ranked.filter(({ isRight }) => isRight).length);
  return mean(ranked.slice(0, most).map(({ isRight }) => (isRight ? 1 : 0)));
}

function scoresOf(pictures: Matrix, i: number, words: Matrix): number[] {
  const picture = row(pictures, i);
  return Array.from({ length: words.rows }, (_, j) => dot(picture, row(words, j)));
}

function logSumExp(scores: readonly number[], scale: number): number {
  const greatest = scale * Math.max(...scores);
  return greatest + Math.log(scores.reduce((sum, score) => sum + Math.exp(scale * score - greatest), 0));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
