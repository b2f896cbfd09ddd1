// Logistic regression for a handful of features: the probability of a yes. Fitted by Newton's method.
// Knows numbers only.
import { Matrix as DenseMatrix, solve } from 'ml-matrix';
import { AppError } from '../core/errors.ts';

export interface LogisticModel {
  /** Taken from each feature before it is weighed, and what the rest is divided by. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

/** Strength of the pull of weights towards 0, in units of one example; the bias is free. */
const L2 = 1;
const MAX_STEPS = 50;
const CONVERGED = 1e-8;

/**
 * Fits on rows of features and their outcomes. Both outcomes must occur, every row must have the same length;
 * throws INTERNAL otherwise. Features are standardised inside, so their units do not matter.
 */
export function fitLogistic(features: readonly (readonly number[])[], outcomes: readonly boolean[]): LogisticModel {
  const yes = outcomes.filter(Boolean).length;
  if (features.length !== outcomes.length || yes === 0 || yes === outcomes.length) {
    throw new AppError('INTERNAL', `A logistic fit expects both outcomes, got ${yes} of ${outcomes.length}.`);
  }
  const size = features[0]?.length ?? 0;
  const { means, deviations } = standardsOf(features, size);
  const rows = features.map((values) => [
    1,
    ...values.map((value, i) => (value - (means[i] as number)) / (deviations[i] as number)),
  ]);
  let weights = new Array<number>(size + 1).fill(0);
  for (let step = 0; step < MAX_STEPS; step++) {
    const change = newtonStep(rows, outcomes, weights);
    weights = weights.map((weight, i) => weight - (change[i] as number));
    if (Math.max(...change.map(Math.abs)) < CONVERGED) break;
  }
  return { means, deviations, weights: weights.slice(1), bias: weights[0] as number };
}

/** The probability of a yes, in 0..1. */
export function probabilityOf(model: LogisticModel, features: readonly number[]): number {
  const sum = model.weights.reduce(
    (total, weight, i) =>
      total + (weight * ((features[i] as number) - (model.means[i] as number))) / (model.deviations[i] as number),
    model.bias,
  );
  return 1 / (1 + Math.exp(-sum));
}

function standardsOf(
  features: readonly (readonly number[])[],
  size: number,
): { means: number[]; deviations: number[] } {
  const means = new Array<number>(size).fill(0);
  const squares = new Array<number>(size).fill(0);
  for (const values of features) {
    for (let i = 0; i < size; i++) means[i] = (means[i] as number) + (values[i] as number) / features.length;
  }
  for (const values of features) {
    for (let i = 0; i < size; i++) {
      squares[i] = (squares[i] as number) + ((values[i] as number) - (means[i] as number)) ** 2 / features.length;
    }
  }
  return { means, deviations: squares.map((value) => Math.sqrt(value) || 1) };
}

/** Hessian^-1 gradient of the penalised log-likelihood. */
function newtonStep(
  rows: readonly (readonly number[])[],
  outcomes: readonly boolean[],
  weights: readonly number[],
): number[] {
  const n = weights.length;
  const gradient = weights.map((weight, i) => (i === 0 ? 0 : L2 * weight));
  const hessian = Array.from({ length: n }, (_, i) => weights.map((_, j) => (i === j ? (i === 0 ? 1e-9 : L2) : 0)));
  rows.forEach((row, r) => {
    const p = 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * (weights[i] as number), 0)));
    const error = p - (outcomes[r] ? 1 : 0);
    const curve = p * (1 - p);
    for (let i = 0; i < n; i++) {
      gradient[i] = (gradient[i] as number) + error * (row[i] as number);
      const line = hessian[i] as number[];
      for (let j = 0; j < n; j++) line[j] = (line[j] as number) + curve * (row[i] as number) * (row[j] as number);
    }
  });
  return solve(new DenseMatrix(hessian), DenseMatrix.columnVector(gradient)).to1DArray();
}
