// The GloVe algorithm (Pennington, Socher, Manning 2014, https://nlp.stanford.edu/pubs/glove.pdf): weighted least squares
// on log co-occurrence, by AdaGrad, as in the authors' own program. Knows no text and no file.
import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '../eval/random.ts';
import type { Pairs } from './co-occurrence.ts';

export interface GloveOptions {
  readonly dimension: number;
  readonly epochs: number;
  /** First step of AdaGrad; the authors use 0.05. */
  readonly rate: number;
  /** Co-occurrence beyond which a pair counts fully: f(x) = min((x / xMax) ^ alpha, 1). */
  readonly xMax: number;
  readonly alpha: number;
  readonly seed: number;
}

/** Mean weighted cost of an epoch, 1-based. */
export type OnEpoch = (epoch: number, cost: number) => void;

/**
 * Row r (length dimension) is the sum of word and context vector of word r. Blocks the thread for each epoch; the same seed
 * gives the same result.
 */
export async function trainGlove(
  pairs: Pairs,
  words: number,
  options: GloveOptions,
  onEpoch: OnEpoch = () => {},
): Promise<Float32Array> {
  const { dimension, epochs, seed } = options;
  const random = seededRandom(seed);
  // The last column of each row is the bias.
  const width = dimension + 1;
  const values = Float32Array.from({ length: 2 * words * width }, () => (random.next() - 0.5) / width);
  const squares = new Float32Array(values.length).fill(1);
  const order = new Uint32Array(pairs.first.length * 2).map((_, i) => i);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle(order, random.next);
    onEpoch(epoch, runEpoch(pairs, order, values, squares, words, width, options));
    // Whoever shows the progress needs a turn.
    await setImmediate();
  }
  const out = new Float32Array(words * dimension);
  for (let word = 0; word < words; word++) {
    for (let d = 0; d < dimension; d++) {
      const own = values[word * width + d] as number;
      out[word * dimension + d] = own + (values[(words + word) * width + d] as number);
    }
  }
  return out;
}

/** Each unordered pair is met twice, once in either role: number 2 p and 2 p + 1. */
function runEpoch(
  pairs: Pairs,
  order: Uint32Array,
  values: Float32Array,
  squares: Float32Array,
  words: number,
  width: number,
  { rate, xMax, alpha }: GloveOptions,
): number {
  const bias = width - 1;
  let cost = 0;
  for (let n = 0; n < order.length; n++) {
    const number = order[n] as number;
    const pair = number >>> 1;
    const a = pairs.first[pair] as number;
    const b = pairs.second[pair] as number;
    const x = pairs.weight[pair] as number;
    const word = (number & 1 ? b : a) * width;
    const context = (words + (number & 1 ? a : b)) * width;
    let error = (values[word + bias] as number) + (values[context + bias] as number) - Math.log(x);
    for (let d = 0; d < bias; d++) error += (values[word + d] as number) * (values[context + d] as number);
    const weighted = (x < xMax ? (x / xMax) ** alpha : 1) * error;
    cost += 0.5 * weighted * error;
    const step = weighted * rate;
    for (let d = 0; d < width; d++) {
      const wordValue = values[word + d] as number;
      const contextValue = values[context + d] as number;
      const wordStep = d === bias ? step : step * contextValue;
      const contextStep = d === bias ? step : step * wordValue;
      const wordSquare = squares[word + d] as number;
      const contextSquare = squares[context + d] as number;
      values[word + d] = wordValue - wordStep / Math.sqrt(wordSquare);
      values[context + d] = contextValue - contextStep / Math.sqrt(contextSquare);
      squares[word + d] = wordSquare + wordStep * wordStep;
      squares[context + d] = contextSquare + contextStep * contextStep;
    }
  }
  return cost / order.length;
}

function shuffle(order: Uint32Array, next: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
}
