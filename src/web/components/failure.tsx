// What went wrong, in the user's words first, then the service's own with its code.
import type { ServiceError } from '../graphql-client.ts';
import { headlineOf } from '../wording.ts';

/** The same file or question would fail the same way again. */
const FINAL = new Set([
  'NOT_A_PICTURE',
  'PICTURE_BROKEN',
  'PICTURE_TOO_LARGE',
  'IMAGE_NOT_FOUND',
  'BAD_ARGUMENT',
  'UNKNOWN_WORD',
]);

interface Props {
  readonly error: Pick<ServiceError, 'code' | 'message'> & Partial<Pick<ServiceError, 'suggestions'>>;
  readonly onRetry?: () => void;
  /** Takes what may have been meant instead. */
  readonly onSuggestion?: (suggestion: string) => void;
}

export function Failure({ error, onRetry, onSuggestion }: Props) {
  const { suggestions = [] } = error;
  return (
    <div class="failure" role="alert">
      <p class="failure-head">{headlineOf(error.code)}.</p>
      <p>
        {error.message} <code>{error.code}</code>
      </p>
      {onSuggestion !== undefined && suggestions.length > 0 && (
        <ul class="failure-ways" aria-label="Did you mean">
          {suggestions.map((suggestion) => (
            <li key={suggestion}>
              <button type="button" class="button" onClick={() => onSuggestion(suggestion)}>
                {suggestion}
              </button>
            </li>
          ))}
        </ul>
      )}
      {onRetry !== undefined && !FINAL.has(error.code) && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
