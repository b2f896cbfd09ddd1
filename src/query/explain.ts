// Why a picture was found, in words: the vocabulary's words nearest to it, near-synonyms folded, weighted by how much each
// adds; those it shares with the query; and what the query asks for and the picture lacks. Knows vectors only.
import { type Matrix, row, type Vector } from '../core/vector.ts';
import { createCosineTable, rowDot } from './cosine-table.ts';
import { nonNegativeFit } from './nonnegative-fit.ts';
import { centre, type ModalityMeans } from './space.ts';

export interface WhyWord {
  readonly word: string;
  /** 0..1, how much it adds to the words beside it; the weights of one picture sum to 1. */
  readonly weight: number;
  /** True where the query speaks of it too. */
  readonly shared: boolean;
}

export interface MissingWord {
  readonly word: string;
  /** 0..1: how much of the query it is. */
  readonly weight: number;
}

export interface Explanation {
  readonly why: readonly WhyWord[];
  readonly missing: readonly MissingWord[];
}

export interface Explainer {
  /** One explanation for each picture's unit vector, heaviest words first. `query` is centred and of unit length, or absent. */
  explain(pictures: readonly Vector[], query?: Vector): Explanation[];
}

const MOST_WORDS = 6;
/** Compared in full, of those that come first by quick cosines. */
const CANDIDATES = MOST_WORDS * 8;
/**
 * Centred texts nearer than this say one thing twice. Measured with version 2 of the starter model: "flower" and "plant" .85, "dog" and
 * "puppy" .65, "car" and "truck" .55, "cat" and "dog" .30; a lower bound folds the right word away (one of six names the
 * class: .71 of photos at .75, .62 at .55).
 */
const SYNONYM_COSINE = 0.75;
/** Deviations above the mean over the vocabulary from which a word is spoken of, and below which it is lacking. */
const SPOKEN_Z = 2;
const LACKING_Z = 1;
/** Words of a smaller share of the query are not asked for, only near to what is. */
const LEAST_ASKED = 0.15;
/** A picture that shows a kitten does not lack a cat. */
const KINDRED_COSINE = 0.5;
/**
 * Added to each word's square in the fit: without it the fit splits hairs between words that lie close, and the heaviest word
 * names the class of a photo in .42, with it in .45 of cases (the nearest one in .44).
 */
const RIDGE = 2;
/** Words of a smaller share say nothing a reader would miss. */
const LEAST_WEIGHT = 0.03;

/** `vectors`: the unit text vectors of the words, row by row. The centred rows are kept: words.length * dimension floats. */
export function createExplainer(words: readonly string[], vectors: Matrix, means: ModalityMeans): Explainer {
  const data = new Float32Array(vectors.data.length);
  for (let r = 0; r < vectors.rows; r++) data.set(centre(row(vectors, r), 'TEXT', means), r * vectors.dimension);
  const vocabulary: Matrix = { rows: vectors.rows, dimension: vectors.dimension, data };
  const cosinesOf = createCosineTable(vocabulary);

  return {
    explain(pictures, query) {
      if (vocabulary.rows === 0) return pictures.map(() => ({ why: [], missing: [] }));
      const centred = pictures.map((picture) => centre(picture, 'IMAGE', means));
      const asking = query === undefined ? centred : [...centred, query];
      const seen = cosinesOf(asking).map((cosines, i) => toReading(vocabulary, asking[i] as Vector, cosines));
      const asked = query === undefined ? undefined : (seen.pop() as Reading);
      const askedWords = asked === undefined ? [] : wordsAskedFor(vocabulary, asked);
      return seen.map((reading) => {
        const shared = askedWords.map(({ index }) => index).filter((index) => zOf(reading, index) >= SPOKEN_Z);
        const shown = chooseWords(vocabulary, reading, RIDGE, shared);
        return {
          why: shown.map(({ index, weight }) => ({
            word: words[index] as string,
            weight,
            shared: asked !== undefined && zOf(asked, index) >= SPOKEN_Z,
          })),
          missing: askedWords
            .filter(({ index }) => zOf(reading, index) < LACKING_Z && !isAmong(vocabulary, index, shown))
            .map(({ index, weight }) => ({ word: words[index] as string, weight })),
        };
      });
    },
  };
}

interface Reading {
  readonly cosines: Float32Array;
  /** Words with the greatest cosines, nearest first. */
  readonly nearest: readonly number[];
  readonly mean: number;
  readonly deviation: number;
}

/** Quick cosines say which words come into question; those are then compared in full. */
function toReading(vocabulary: Matrix, vector: Vector, cosines: Float32Array): Reading {
  const candidates = highest(cosines, CANDIDATES);
  for (const index of candidates) cosines[index] = rowDot(vocabulary, index, vector);
  const nearest = candidates.sort((a, b) => (cosines[b] as number) - (cosines[a] as number));
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < cosines.length; i++) {
    const value = cosines[i] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / cosines.length;
  const variance = Math.max(0, squares / cosines.length - mean * mean);
  return { cosines, nearest, mean, deviation: Math.sqrt(variance) || 1 };
}

function zOf(reading: Reading, index: number): number {
  return ((reading.cosines[index] as number) - reading.mean) / reading.deviation;
}

interface ChosenWord {
  /** Row of the vocabulary. */
  readonly index: number;
  readonly weight: number;
}

/**
 * A few words, sparsely fitted: what lies near a query is mostly what is often seen beside it (a parachute by an airplane), and
 * a picture without that lacks nothing.
 */
function wordsAskedFor(vocabulary: Matrix, asked: Reading): ChosenWord[] {
  return chooseWords(vocabulary, asked, 0).filter(
    ({ index, weight }) => weight >= LEAST_ASKED && zOf(asked, index) >= SPOKEN_Z,
  );
}

/** True where one of the words says nearly the same. */
function isAmong(vocabulary: Matrix, index: number, words: readonly ChosenWord[]): boolean {
  return words.some((word) => rowDot(vocabulary, word.index, row(vocabulary, index)) > KINDRED_COSINE);
}

/**
 * The words `first`, then the nearest ones, skipping what repeats an earlier one, weighed together by a non-negative fit, heaviest
 * first. A word's weight is its part of what the fit explains (its coefficient times its cosine).
 */
function chooseWords(vocabulary: Matrix, reading: Reading, ridge: number, first: readonly number[] = []): ChosenWord[] {
  const chosen: number[] = [];
  for (const index of [...first, ...reading.nearest.slice(0, MOST_WORDS * 4)]) {
    const repeats = chosen.some((other) => rowDot(vocabulary, other, row(vocabulary, index)) > SYNONYM_COSINE);
    if (!repeats) chosen.push(index);
    if (chosen.length === MOST_WORDS) break;
  }
  const rows = chosen.map((index) => row(vocabulary, index));
  const gram = rows.map((a, i) => chosen.map((b, j) => rowDot(vocabulary, b, a) + (i === j ? ridge : 0)));
  const cosines = chosen.map((index) => reading.cosines[index] as number);
  const parts = nonNegativeFit(gram, cosines).map((weight, i) => weight * Math.max(0, cosines[i] as number));
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (total === 0) return [];
  const kept = chosen
    .map((index, i) => ({ index, weight: (parts[i] as number) / total }))
    .sort((a, b) => b.weight - a.weight)
    .filter(({ weight }, i) => i === 0 || weight >= LEAST_WEIGHT);
  const left = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map(({ index, weight }) => ({ index, weight: weight / left }));
}

/** Positions of the `count` greatest values, greatest first. */
function highest(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value <= least) continue;
    let at = best.length;
    while (at > 0 && (values[best[at - 1] as number] as number) < value) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
    if (best.length === count) least = values[best[count - 1] as number] as number;
  }
  return best;
}
