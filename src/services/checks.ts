// Arguments that reach the services from any surface are checked here once, so that GraphQL and the command line
// refuse the same things in the same words.
import { AppError } from '../core/errors.ts';
import type { Region } from '../core/pixels.ts';
import { type ImageId, MAX_IMAGE_ID } from '../core/views.ts';

export const MAX_FIRST = 100;
export const MAX_TEXT_LENGTH = 1000;

/** Throws BAD_ARGUMENT unless `first` is a whole number 1..100. */
export function assertFirst(first: number): void {
  if (!Number.isInteger(first) || first < 1 || first > MAX_FIRST) {
    throw new AppError('BAD_ARGUMENT', `\`first\` expects a whole number 1 to ${MAX_FIRST}, got ${first}.`);
  }
}

/** Throws BAD_ARGUMENT unless `value` is a number 0..1. */
export function assertShare(argument: string, value: number): void {
  if (!(value >= 0 && value <= 1))
    throw new AppError('BAD_ARGUMENT', `\`${argument}\` expects a number 0 to 1, got ${value}.`);
}

/** Returns the text trimmed and with single spaces. Throws BAD_ARGUMENT unless that is 1..1000 characters. */
export function checkedText(text: string, argument = 'query'): string {
  const trimmed = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (trimmed.length < 1 || trimmed.length > MAX_TEXT_LENGTH) {
    throw new AppError(
      'BAD_ARGUMENT',
      `\`${argument}\` expects 1 to ${MAX_TEXT_LENGTH} characters, got ${trimmed.length}. Say in words what the pictures should show.`,
    );
  }
  return trimmed;
}

/** Parses an id as the surfaces write it. Throws IMAGE_NOT_FOUND for anything that cannot be one. */
export function parseImageId(id: string): ImageId {
  if (!isImageId(id)) {
    throw new AppError(
      'IMAGE_NOT_FOUND',
      `No picture has the id "${id}"; ids are whole numbers as \`images\` returns them.`,
    );
  }
  return Number(id) as ImageId;
}

/** True for what could be the id of a picture. */
export function isImageId(id: string): boolean {
  return /^[1-9]\d*$/.test(id) && Number(id) <= MAX_IMAGE_ID;
}

/** Throws BAD_ARGUMENT unless the box lies inside the picture and has an area. */
export function checkedRegion(region: Region): Region {
  const { x, y, width, height } = region;
  // A box that a pointer drew may pass the edge by a rounding error.
  const most = 1 + 1e-6;
  if (
    ![x, y, width, height].every(Number.isFinite) ||
    x < 0 ||
    y < 0 ||
    width <= 0 ||
    height <= 0 ||
    x + width > most ||
    y + height > most
  ) {
    throw new AppError(
      'BAD_ARGUMENT',
      `\`region\` expects fractions of the picture with x + width and y + height at most 1, got ${JSON.stringify({ x, y, width, height })}.`,
    );
  }
  return { x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) };
}
