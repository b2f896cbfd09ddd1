// The calibration file of a model, as JSON: written by `npm run calibrate`, checked field by field when it is read.
// Knows no file system.
import { AppError } from '../core/errors.ts';
import { type Calibration, type Calibrations, FEATURES, type FeatureName } from './calibrate.ts';

const FORMAT = 'semblance-calibration-1';

/** Numbers keep seven digits: as many as a Float32 score has. */
export function serialiseCalibrations(calibrations: Calibrations): string {
  const round = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(7)) : value;
  return `${JSON.stringify({ format: FORMAT, ...calibrations }, round, 2)}\n`;
}

/** Checks everything it reads; throws MODEL_UNAVAILABLE, naming what is wrong. */
export function parseCalibrations(text: string): Calibrations {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed('it is not JSON', error);
  }
  const file = asRecord(value, 'the file');
  if (file.format !== FORMAT) throw malformed(`its format is not ${FORMAT}`);
  return {
    textToImage: parseCalibration(file.textToImage, 'textToImage'),
    imageToImage: parseCalibration(file.imageToImage, 'imageToImage'),
  };
}

function parseCalibration(value: unknown, name: string): Calibration {
  const { features, model, cuts } = asRecord(value, name);
  if (
    !Array.isArray(features) ||
    !features.every((feature): feature is FeatureName => Object.hasOwn(FEATURES, feature))
  ) {
    throw malformed(`${name}.features names an unknown feature`);
  }
  const { means, deviations, weights, bias } = asRecord(model, `${name}.model`);
  const numbers = (list: unknown, field: string): number[] => {
    if (!Array.isArray(list) || list.length !== features.length || !list.every(Number.isFinite)) {
      throw malformed(`${name}.${field} does not hold one number for each feature`);
    }
    return list as number[];
  };
  const { LOOSE, NORMAL, STRICT } = asRecord(cuts, `${name}.cuts`);
  const single = (number: unknown, field: string): number => {
    if (typeof number !== 'number' || !Number.isFinite(number)) throw malformed(`${name}.${field} is not a number`);
    return number;
  };
  return {
    features,
    model: {
      means: numbers(means, 'means'),
      deviations: numbers(deviations, 'deviations'),
      weights: numbers(weights, 'weights'),
      bias: single(bias, 'bias'),
    },
    cuts: { LOOSE: single(LOOSE, 'LOOSE'), NORMAL: single(NORMAL, 'NORMAL'), STRICT: single(STRICT, 'STRICT') },
  };
}

function asRecord(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw malformed(`${name} is not an object`);
  return value as Record<string, unknown>;
}

function malformed(what: string, cause?: unknown): AppError {
  const message = `The model's calibration file is malformed: ${what}. Make it anew with "npm run calibrate".`;
  return new AppError('MODEL_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}
