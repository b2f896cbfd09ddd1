// The head that carries picture features into word space, so that words find pictures of an encoder that reads none: linear,
// or with one hidden layer. Pure, and fitted in closed form; knows no word, file or space.
import { type Matrix, pack, row, unit, type Vector } from '../core/vector.ts';
import { lowerTriangleOf, whitenedMoments } from './joint-head-kernel.ts';
import { applyMap, fitRidge, type LinearMap, type Moments, momentsOf } from './ridge.ts';

export type HeadKind = 'linear' | 'hidden';

export interface JointHead {
  readonly kind: HeadKind;
  /** From features, or from the activations of the hidden layer, to word space. */
  readonly map: LinearMap;
  /** The hidden layer: unit j answers exp(-gamma |x - centre j|^2). Undefined for a linear head. */
  readonly hidden: HiddenLayer | undefined;
}

export interface HiddenLayer {
  /** Features of training pictures, evenly from all classes. */
  readonly centres: Matrix;
  readonly gamma: number;
}

/** Training pictures in one fixed order. */
export interface HeadSamples {
  readonly features: Matrix;
  /** Class of each row: a row of `words`. */
  readonly classes: readonly number[];
  /** Unit word vector of each class. */
  readonly words: Matrix;
}

/**
 * Centres at most, and the longest features that a linear head decomposes as they are: a few seconds to fit. Named right, one
 * split of 1,586 photos of 135 classes: 256 units .536, 500 .560, 1000 .586 in eight times the time of 500. A layer of 512
 * rectified units trained by gradients, cosine loss, 25 epochs: .522; linear .496.
 */
const MAX_UNITS = 640;
/**
 * Classes weigh as the root of their size, each picture as 1 over it: whole classes of four pictures are found nearly as
 * often as with equal weights, without the large ones being found less. 135 classes of 4 to 100 photos, pictures held out,
 * 1000 units, share named right, all pictures / mean of classes: as they come .573 / .492, root .580 / .515, equal .582 / .534; of a linear
 * head .466 / .329, .477 / .384, .407 / .399.
 */
const BALANCE = 0.5;
/** Width of the units: gamma times the median squared distance. Named right at 0.5, 1, 2 (1000 units): .580, .586, .592. */
const NARROWNESS = 2;

/** Fits word vectors to features by least squares; the strength of the penalty by generalised cross-validation. Seconds of work. */
export function fitHead(kind: HeadKind, samples: HeadSamples): JointHead {
  const { features } = samples;
  if (kind === 'linear' && features.dimension <= MAX_UNITS)
    return { kind, hidden: undefined, map: fitRidge(weightedMoments(features, samples)) };
  const centres = pack(evenRows(samples.classes, MAX_UNITS).map((i) => row(features, i)));
  if (kind === 'linear') return { kind, hidden: undefined, map: linearBetween(centres, samples) };
  const hidden = { centres, gamma: NARROWNESS / (medianSquaredDistance(centres) || 1) };
  return { kind, hidden, map: fitOnKernel((rows) => activations(hidden, rows), centres, samples) };
}

/** Unit vectors in word space, one for each row of features. */
export function applyHead({ hidden, map }: JointHead, features: Matrix): Matrix {
  const inputs = hidden === undefined ? features : activations(hidden, features);
  return pack(
    Array.from({ length: inputs.rows }, (_, i) => unit(applyMap(map, row(inputs, i)))),
    map.outputMean.length,
  );
}

/** Features longer than can be decomposed: weights in the span of `centres`, written out for features again. */
function linearBetween(centres: Matrix, samples: HeadSamples): LinearMap {
  const { features } = samples;
  const inner = fitOnKernel((rows) => products(rows, centres), centres, samples);
  const q = inner.outputMean.length;
  const weights = new Float64Array(features.dimension * q);
  for (let c = 0; c < centres.rows; c++) {
    for (let i = 0; i < features.dimension; i++) {
      const value = centres.data[c * features.dimension + i] as number;
      for (let j = 0; j < q; j++)
        weights[i * q + j] = (weights[i * q + j] as number) + value * (inner.weights[c * q + j] as number);
    }
  }
  const { inputSum, count } = weightedSums(features, pictureWeights(samples.classes));
  return {
    ...inner,
    inputMean: Float32Array.from(inputSum, (sum) => sum / count),
    weights: Float32Array.from(weights),
  };
}

/** Kernel ridge regression on some of the samples as centres (subset of regressors; Williams and Seeger 2001). */
function fitOnKernel(kernel: (rows: Matrix) => Matrix, centres: Matrix, samples: HeadSamples): LinearMap {
  const lower = lowerTriangleOf(kernel(centres));
  const moments = weightedMoments(kernel(samples.features), samples);
  const { whitened, unwhiten } = whitenedMoments(moments, lower);
  const { weights, outputMean, lambda } = fitRidge(whitened);
  return {
    inputMean: Float32Array.from(moments.inputSum, (sum) => sum / moments.count),
    outputMean,
    weights: unwhiten(weights, outputMean.length),
    lambda,
  };
}

/** As `momentsOf`, of features and the words of their classes, each picture by its weight. */
function weightedMoments(inputs: Matrix, { classes, words }: HeadSamples): Moments {
  const weights = pictureWeights(classes);
  const targets = pack(
    classes.map((one) => row(words, one)),
    words.dimension,
  );
  const all = classes.map((_, i) => i);
  const roots = weights.map(Math.sqrt);
  const { inputProducts, crossProducts, outputProducts } = momentsOf(
    scaled(inputs, roots),
    scaled(targets, roots),
    all,
  );
  const { count, inputSum } = weightedSums(inputs, weights);
  return {
    count,
    inputSum,
    outputSum: weightedSums(targets, weights).inputSum,
    inputProducts,
    crossProducts,
    outputProducts,
  };
}

/** One a picture; their sum is the number of pictures. */
function pictureWeights(classes: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const one of classes) sizes.set(one, (sizes.get(one) ?? 0) + 1);
  const raw = classes.map((one) => (sizes.get(one) ?? 1) ** -BALANCE);
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / raw.length;
  return raw.map((weight) => weight / mean);
}

function weightedSums({ data, dimension }: Matrix, weights: readonly number[]) {
  const inputSum = new Float64Array(dimension);
  weights.forEach((weight, i) => {
    for (let j = 0; j < dimension; j++)
      inputSum[j] = (inputSum[j] as number) + weight * (data[i * dimension + j] as number);
  });
  return { count: weights.reduce((sum, weight) => sum + weight, 0), inputSum };
}

function scaled({ rows, dimension, data }: Matrix, factors: readonly number[]): Matrix {
  return { rows, dimension, data: data.map((value, i) => value * (factors[Math.floor(i / dimension)] as number)) };
}

/** At most `most` rows: the first of every class, then the second of every class, and so on. */
function evenRows(classes: readonly number[], most: number): number[] {
  const seen = new Map<number, number>();
  const turns = classes.map((one, i) => {
    const turn = seen.get(one) ?? 0;
    seen.set(one, turn + 1);
    return { i, turn };
  });
  return turns
    .sort((a, b) => a.turn - b.turn || a.i - b.i)
    .slice(0, most)
    .map(({ i }) => i);
}

function activations({ centres, gamma }: HiddenLayer, rows: Matrix): Matrix {
  const inner = products(rows, centres);
  const [own, theirs] = [squaredNorms(rows), squaredNorms(centres)];
  const data = inner.data.map((value, at) => {
    const distance = (own[Math.floor(at / centres.rows)] as number) + (theirs[at % centres.rows] as number) - 2 * value;
    return Math.exp(-gamma * Math.max(0, distance));
  });
  return { ...inner, data };
}

/** Row i, column j: rows i · centres j. */
function products(rows: Matrix, centres: Matrix): Matrix {
  const { dimension } = rows;
  const data = new Float32Array(rows.rows * centres.rows);
  for (let i = 0; i < rows.rows; i++) {
    for (let j = 0; j < centres.rows; j++) {
      let sum = 0;
      for (let k = 0, a = i * dimension, b = j * dimension; k < dimension; k++, a++, b++)
        sum += (rows.data[a] as number) * (centres.data[b] as number);
      data[i * centres.rows + j] = sum;
    }
  }
  return { rows: rows.rows, dimension: centres.rows, data };
}

function squaredNorms(matrix: Matrix): number[] {
  return Array.from({ length: matrix.rows }, (_, i) => row(matrix, i).reduce((sum, value) => sum + value * value, 0));
}

/** Of neighbours in the list and of those further apart: as many pairs as rows, times seven. */
function medianSquaredDistance(matrix: Matrix): number {
  const distances: number[] = [];
  for (let step = 1; step <= 64; step *= 2) {
    for (let i = 0; i + step < matrix.rows; i++) distances.push(squaredDistance(row(matrix, i), row(matrix, i + step)));
  }
  distances.sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? 0;
}

function squaredDistance(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);
}
