// Options that `search` and `similar` share, from the command line into the terms of the services.
import { AppError } from '../core/errors.ts';
import { parseImageId } from '../services/checks.ts';
import type { ConfidenceLevel } from '../services/search/confidence-service.ts';
import type { FocusMethod } from '../services/search/focus-service.ts';
import type { FocusTerm, QueryExtras } from '../services/search/query-expression.ts';

export interface QueryOptions {
  readonly space?: string;
  readonly not?: readonly string[];
  readonly moreLike?: readonly string[];
  readonly lessLike?: readonly string[];
  readonly confidence?: string;
  readonly diversity?: string;
  readonly why?: boolean;
}

export const CONFIDENCE_LEVELS = ['none', 'loose', 'normal', 'strict'] as const;
export const FOCUS_METHODS = ['windows', 'subspace', 'weights'] as const;
const DEFAULT_STRENGTH = 0.8;

export function extrasOf({ not, moreLike, lessLike }: QueryOptions): QueryExtras {
  return { not, moreLike: moreLike?.map(parseImageId), lessLike: lessLike?.map(parseImageId) };
}

/** `diversity` is checked where it is used. */
export function rankingOf({ confidence, diversity }: QueryOptions) {
  return {
    confidence: confidence?.toUpperCase() as ConfidenceLevel | undefined,
    diversity: diversity === undefined ? undefined : Number(diversity),
  };
}

export function focusMethodOf(method: string | undefined): FocusMethod | undefined {
  return method?.toUpperCase() as FocusMethod | undefined;
}

/** `cat=0.8`, or `cat` for the default strength. Throws BAD_ARGUMENT. */
export function focusOf(entries: readonly string[] = []): FocusTerm[] {
  return entries.map((entry) => {
    const [, text = '', strength] = /^(.*?)(?:=([^=]*))?$/s.exec(entry) ?? [];
    const value = strength === undefined ? DEFAULT_STRENGTH : Number(strength);
    if (text.trim() === '' || strength === '' || !(value >= 0 && value <= 1)) {
      throw new AppError(
        'BAD_ARGUMENT',
        `--focus expects a class and a strength 0 to 1 such as cat=0.8, got "${entry}".`,
      );
    }
    return { text, strength: value };
  });
}
