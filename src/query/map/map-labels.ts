// What the regions of a map are called: of each the word of the vocabulary nearest to what its pictures have beyond all
// others, and no word twice on one level. Knows vectors only.
import { addScaled, dot, type Matrix, row, unit, type Vector } from '../../core/vector.ts';

/** Words of which a region may be called; the first are often taken by a neighbour. */
const CANDIDATES = 16;
/** Centred texts nearer than this say one thing twice (see explain.ts). */
const SYNONYM_COSINE = 0.75;

/**
 * For each region the row of its word, or -1 where there are no words. `members[i]`: the region of picture i.
 * `pictures`: rows centred on their own mean; `words`: unit text vectors, `textMean` where texts sit (zero: not known).
 * The region that fits a word best gets it.
 */
export function labelRegions(
  pictures: Matrix,
  members: Uint16Array,
  regions: number,
  words: Matrix,
  textMean: Vector,
): Int32Array {
  const labels = new Int32Array(regions).fill(-1);
  if (words.rows === 0) return labels;
  const centredWords = Array.from({ length: words.rows }, (_, i) => unit(addScaled(row(words, i), textMean, -1)));
  const offers = meansOf(pictures, members, regions).flatMap((mean, region) =>
    highest(
      centredWords.map((word) => dot(word, mean)),
      CANDIDATES,
    ).map(({ index, value }) => ({ region, word: index, value })),
  );
  const taken: number[] = [];
  for (const { region, word } of offers.sort((a, b) => b.value - a.value || a.word - b.word)) {
    if (labels[region] !== -1) continue;
    const vector = centredWords[word] as Vector;
    if (taken.some((other) => other === word || dot(centredWords[other] as Vector, vector) > SYNONYM_COSINE)) continue;
    labels[region] = word;
    taken.push(word);
  }
  return labels;
}

/** Unit means of each region's pictures. */
function meansOf(pictures: Matrix, members: Uint16Array, regions: number): Vector[] {
  const sums = Array.from({ length: regions }, () => new Float32Array(pictures.dimension));
  members.forEach((region, i) => {
    const sum = sums[region] as Float32Array;
    const vector = row(pictures, i);
    for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] as number) + (vector[j] as number);
  });
  return sums.map(unit);
}

function highest(values: readonly number[], count: number): { readonly index: number; readonly value: number }[] {
  return values
    .map((value, index) => ({ index, value }))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, count);
}
