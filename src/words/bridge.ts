// The bridge between word space and a model's shared space: two linear maps fitted on words that have a vector on both
// sides. Pure; knows no file, index or model.
import { AppError } from '../core/errors.ts';
import { dot, type Matrix, row, unit, type Vector } from '../core/vector.ts';
import { addMoments, applyMap, fitRidge, LAMBDA_GRID, type LinearMap, momentsOf, reverseMoments } from './ridge.ts';

export interface BridgeOptions {
  readonly grid?: readonly number[];
  /** Every n-th word is held out for the report (default 10). The bridge itself is fitted on all. */
  readonly holdOutEvery?: number;
}

/** How a map does on words that it was not fitted on. */
export interface WayReport {
  readonly lambda: number;
  /** Rank (1-based) of the true word by cosine of centred vectors, median over the judged words. */
  readonly medianRank: number;
  /** Share of judged words whose true word comes first, and among the first ten. */
  readonly hitAt1: number;
  readonly hitAt10: number;
  /** Mean cosine between answer and truth, both centred, and as they are. */
  readonly centredCosine: number;
  readonly cosine: number;
}

export interface BridgeReport {
  /** Words with a vector on both sides. */
  readonly words: number;
  readonly judged: number;
  /** Words among which ranks are taken. */
  readonly candidates: number;
  readonly toClip: WayReport;
  readonly toWords: WayReport;
}

export interface BridgeMaps {
  readonly toClip: LinearMap;
  readonly toWords: LinearMap;
  readonly report: BridgeReport;
}

const MIN_WORDS = 20;
const MAX_JUDGED = 250;
const MAX_CANDIDATES = 5000;

export class Bridge {
  readonly maps: BridgeMaps;

  constructor(maps: BridgeMaps) {
    this.maps = maps;
  }

  get report(): BridgeReport {
    return this.maps.report;
  }

  /** The place of a word vector in the model's space: a unit vector. */
  toClip(wordVector: Vector): Vector {
    return unit(applyMap(this.maps.toClip, wordVector));
  }

  /** The place of an embedding in word space: a unit vector. Text embeddings; pictures are moved to the texts' mean first. */
  toWords(embedding: Vector): Vector {
    return unit(applyMap(this.maps.toWords, embedding));
  }
}

/**
 * Row i of both matrices belongs to the same word; all rows of length 1, most frequent words first. At least 20 words,
 * better ten times the dimension. Throws INTERNAL for too few or unequal rows. Blocks its thread for a second or two.
 */
export function fitBridge(wordVectors: Matrix, clipVectors: Matrix, options: BridgeOptions = {}): Bridge {
  const { rows } = wordVectors;
  if (rows !== clipVectors.rows || rows < MIN_WORDS) {
    const message = `fitBridge expects at least ${MIN_WORDS} words with both vectors, got ${rows} and ${clipVectors.rows}.`;
    throw new AppError('INTERNAL', message);
  }
  const every = options.holdOutEvery ?? 10;
  const grid = options.grid ?? LAMBDA_GRID;
  const all = Array.from({ length: rows }, (_, i) => i);
  const heldOut = all.filter((i) => i % every === every - 1);
  const kept = all.filter((i) => i % every !== every - 1);
  const trial = momentsOf(wordVectors, clipVectors, kept);
  const whole = addMoments(trial, momentsOf(wordVectors, clipVectors, heldOut));
  const trials = [fitRidge(trial, grid), fitRidge(reverseMoments(trial), grid)] as const;
  const report: BridgeReport = {
    words: rows,
    judged: Math.min(heldOut.length, MAX_JUDGED),
    candidates: Math.min(rows, MAX_CANDIDATES),
    toClip: judge(trials[0], wordVectors, clipVectors, heldOut),
    toWords: judge(trials[1], clipVectors, wordVectors, heldOut),
  };
  return new Bridge({ toClip: fitRidge(whole, grid), toWords: fitRidge(reverseMoments(whole), grid), report });
}

/** Candidates are the held-out words and the most frequent others. */
function judge(map: LinearMap, from: Matrix, to: Matrix, heldOut: readonly number[]): WayReport {
  const judged = everySo(heldOut, MAX_JUDGED);
  const isJudged = new Set(judged);
  const others = Array.from({ length: to.rows }, (_, i) => i).filter((i) => !isJudged.has(i));
  const candidates = [...judged, ...others].slice(0, MAX_CANDIDATES);
  const truths = candidates.map((i) => centred(row(to, i), map.outputMean));
  const results = judged.map((i, j) => {
    const answer = applyMap(map, row(from, i));
    const direction = centred(answer, map.outputMean);
    const truth = truths[j] as Vector;
    const own = dot(direction, truth);
    const rank = 1 + truths.filter((other) => other !== truth && dot(direction, other) > own).length;
    return { rank, own, cosine: dot(unit(answer), row(to, i)) };
  });
  const ranks = results.map(({ rank }) => rank).sort((a, b) => a - b);
  const share = (k: number): number => ranks.filter((rank) => rank <= k).length / ranks.length;
  return {
    lambda: map.lambda,
    medianRank: ranks[Math.floor(ranks.length / 2)] ?? 0,
    hitAt1: share(1),
    hitAt10: share(10),
    centredCosine: results.reduce((sum, { own }) => sum + own, 0) / results.length,
    cosine: results.reduce((sum, { cosine }) => sum + cosine, 0) / results.length,
  };
}

function everySo(items: readonly number[], most: number): number[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(most, items.length) }, (_, i) => items[Math.floor(i * step)] as number);
}

function centred(vector: Vector, mean: Vector): Vector {
  return unit(vector.map((value, i) => value - (mean[i] as number)));
}
