// Options that are whole numbers, in one wording for every verb.
import { AppError } from '../core/errors.ts';

/**
 * The value of `--option`, whole and within least..most. Without a range it is checked by the service that it goes to. Throws
 * BAD_ARGUMENT.
 */
export function wholeNumber(
  option: string,
  text: string,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  const range = Number.isFinite(least) ? ` ${least}..${most}` : '';
  throw new AppError('BAD_ARGUMENT', `--${option} expects a whole number${range}, got "${text}".`);
}
