// Asks for the key that this service wants, and exchanges it for its cookie. Shown until a key is taken.
import { useState } from 'preact/hooks';
import { openSession, type ServiceError, toServiceError } from '../graphql-client.ts';
import { Dialog } from './dialog.tsx';

interface Props {
  /** Why the service refused, in its own words. */
  readonly message: string;
  onOpened(): void;
  onClose(): void;
}

export function KeyDialog({ message, onOpened, onClose }: Props) {
  const [key, setKey] = useState('');
  const [error, setError] = useState<ServiceError>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const outcome = await openSession(key.trim()).catch(toServiceError);
    setBusy(false);
    if (outcome instanceof Error) setError(outcome);
    else onOpened();
  };

  return (
    <Dialog heading="This library is locked" kind="sheet" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p>
          Enter one of the API keys that the service was started with. This browser remembers it until it is closed.
        </p>
        <label class="field">
          <span>API key</span>
          <input
            type="password"
            data-first
            autocomplete="current-password"
            required
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
          />
        </label>
        <p class="note" role={error === undefined ? undefined : 'alert'}>
          {error?.message ?? message} <code>{error?.code ?? 'UNAUTHENTICATED'}</code>
        </p>
        <button type="submit" class="button primary" disabled={isBusy}>
          Unlock
        </button>
      </form>
    </Dialog>
  );
}
