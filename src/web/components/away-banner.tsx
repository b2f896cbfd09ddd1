// Says honestly that the service does not answer, and that what is seen may be old; goes away by itself.
import type { ServiceError } from '../graphql-client.ts';
import { headlineOf } from '../wording.ts';

interface Props {
  readonly error: Pick<ServiceError, 'code' | 'message'>;
  onRetry(): void;
}

export function AwayBanner({ error, onRetry }: Props) {
  const isStarting = error.code === 'STARTING';
  return (
    <div class={`away ${isStarting ? 'is-starting' : ''}`} role={isStarting ? 'status' : 'alert'}>
      <p>
        <b>{headlineOf(error.code)}.</b> {error.message} This page tries again by itself. <code>{error.code}</code>
      </p>
      {!isStarting && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
