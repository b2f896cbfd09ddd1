// From a cosine to a confidence: the probability that a hit shows what was asked for. Cosines differ by query and by
// model, so each is read beside what the query and the picture score on a background that ships with the model.
// Knows no index, and no picture but its vector's statistics.
import { AppError } from '../core/errors.ts';
import { fitLogistic, type LogisticModel, probabilityOf } from './logistic.ts';
import type { BackgroundStatistics } from './statistics.ts';

/** What is known of one (query, picture) pair. */
export interface PairEvidence {
  readonly cosine: number;
  /** The query against the background pictures: once a query. */
  readonly query: BackgroundStatistics;
  /** The picture against the background words (text queries) or pictures (image queries): kept from ingest. */
  readonly picture: BackgroundStatistics;
}

/**
 * cosine: as it is. queryZ, pictureZ: in deviations above the mean over the background. queryGap: how far behind (or
 * before) the pictures that score best for this query in the background; pictureGap: behind the best words for the picture.
 */
export const FEATURES = {
  cosine: (pair: PairEvidence) => pair.cosine,
  queryZ: (pair: PairEvidence) => (pair.cosine - pair.query.mean) / (pair.query.deviation || 1),
  pictureZ: (pair: PairEvidence) => (pair.cosine - pair.picture.mean) / (pair.picture.deviation || 1),
  queryGap: (pair: PairEvidence) => pair.cosine - pair.query.best,
  pictureGap: (pair: PairEvidence) => pair.cosine - pair.picture.best,
} as const;
export type FeatureName = keyof typeof FEATURES;

/** NONE cuts nothing. */
export type ConfidenceLevel = 'NONE' | 'LOOSE' | 'NORMAL' | 'STRICT';
export type Cuts = Readonly<Record<'LOOSE' | 'NORMAL' | 'STRICT', number>>;

/** For one kind of query: text -> image, or image -> image. */
export interface Calibration {
  readonly features: readonly FeatureName[];
  readonly model: LogisticModel;
  /** Least confidence of a hit at each level. */
  readonly cuts: Cuts;
}

/** The files of a model: one calibration for each kind of query. */
export interface Calibrations {
  readonly textToImage: Calibration;
  readonly imageToImage: Calibration;
}

/** 0..1: how likely the picture shows what the query asks for. */
export function confidenceOf(pair: PairEvidence, calibration: Calibration): number {
  return probabilityOf(
    calibration.model,
    calibration.features.map((name) => FEATURES[name](pair)),
  );
}

/** True where a hit of this confidence is shown at the level. */
export function passesLevel(confidence: number, level: ConfidenceLevel, calibration: Calibration): boolean {
  return level === 'NONE' || confidence >= calibration.cuts[level];
}

/** Fits on judged pairs; `cuts` are chosen by `chooseCuts` from what the best hits of queries then reach. */
export function fitCalibration(
  pairs: readonly (PairEvidence & { readonly right: boolean })[],
  features: readonly FeatureName[],
): Omit<Calibration, 'cuts'> {
  const rows = pairs.map((pair) => features.map((name) => FEATURES[name](pair)));
  return {
    features,
    model: fitLogistic(
      rows,
      pairs.map((pair) => pair.right),
    ),
  };
}

/** Share of queries for something absent that each level should answer with nothing. */
export const REFUSED_SHARE = { LOOSE: 0.3, NORMAL: 0.6, STRICT: 0.85 } as const;

/** The confidence below which the stated share of absent queries stays, given the best hit of each of them. */
export function chooseCuts(bestOfAbsent: readonly number[]): Cuts {
  if (bestOfAbsent.length === 0)
    throw new AppError('INTERNAL', 'Cuts expect the best hits of at least one absent query.');
  const sorted = [...bestOfAbsent].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  return { LOOSE: at(REFUSED_SHARE.LOOSE), NORMAL: at(REFUSED_SHARE.NORMAL), STRICT: at(REFUSED_SHARE.STRICT) };
}
