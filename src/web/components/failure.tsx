// What went wrong, in the user's words first, then the service's own with its code.
import type { ServiceError } from '../graphql-client.ts';
import { headlineOf } from '../words.ts';

/** The same file or question would fail the same way again. */
const FINAL = new Set(['NOT_A_PICTURE', 'PICTURE_BROKEN', 'PICTURE_TOO_LARGE', 'IMAGE_NOT_FOUND', 'BAD_ARGUMENT']);

interface Props {
  readonly error: Pick<ServiceError, 'code' | 'message'>;
  readonly onRetry?: () => void;
}

export function Failure({ error, onRetry }: Props) {
  return (
    <div class="failure" role="alert">
      <p class="failure-head">{headlineOf(error.code)}.</p>
      <p>
        {error.message} <code>{error.code}</code>
      </p>
      {onRetry !== undefined && !FINAL.has(error.code) && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
