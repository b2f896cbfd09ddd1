// What spaces refuse, in one wording for every surface.
import { AppError } from '../../core/errors.ts';

export function spaceNotFound(name: string, names: readonly string[]): AppError {
  return new AppError(
    'SPACE_NOT_FOUND',
    `No space is called "${name}"; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}. Add one with "semblance space add".`,
    { details: { spaces: names } },
  );
}

/** `textual`: the spaces that read texts. `hasClasses`: the space's encoder brings classes of its own. */
export function spaceHasNoText(name: string, textual: readonly string[], hasClasses = false): AppError {
  const classes = hasClasses ? ' A focus on one of its own classes works here by WEIGHTS.' : '';
  return new AppError(
    'SPACE_HAS_NO_TEXT',
    `The space "${name}" reads pictures only, and a text was asked for; ask ${textual.join(' or ')} for texts, or give a picture.${classes}`,
    { details: { spaces: textual } },
  );
}

export function spaceHasNoEncoder(name: string): AppError {
  return new AppError(
    'SPACE_HAS_NO_ENCODER',
    `The space "${name}" was imported and has no encoder, so it knows only the pictures that came with it; ask with an \`imageId\` of one of them, without a region.`,
  );
}

/** For what is defined on directions only. */
export function needsCosine(name: string, metric: string, what: string): AppError {
  return new AppError(
    'BAD_ARGUMENT',
    `${what} needs a cosine space; "${name}" compares by ${metric}. Ask it with one text or picture alone, or ask another space.`,
  );
}
