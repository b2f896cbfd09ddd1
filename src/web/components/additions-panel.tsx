// How an addition goes on and what came of it; stays until it is put away.
import type { Additions } from '../use-additions.ts';
import { count, duration } from '../words.ts';
import { Failure } from './failure.tsx';
import { CloseIcon } from './icons.tsx';
import { Refusals } from './refusals.tsx';

interface Props {
  readonly additions: Additions;
  onDismiss(): void;
}

export function AdditionsPanel({ additions, onDismiss }: Props) {
  const { total, done, refused, isRunning, error } = additions;
  return (
    <section class="panel" aria-label="Pictures being added">
      <div class="panel-head">
        <p aria-live="polite">{isRunning ? progress(additions) : summary(additions)}</p>
        {!isRunning && (
          <button type="button" class="quiet" aria-label="Dismiss" onClick={onDismiss}>
            <CloseIcon />
          </button>
        )}
      </div>
      {isRunning && <progress aria-label="Progress" {...(total > 0 ? { max: total, value: done } : {})} />}
      {error !== undefined && <Failure error={error} />}
      <Refusals refused={refused} />
    </section>
  );
}

function progress({ total, done, secondsLeft }: Additions): string {
  if (total === 0) return 'Looking for pictures…';
  const left = secondsLeft === null ? '' : `, about ${duration(secondsLeft)} left`;
  return `Taking in ${done} of ${count(total, 'picture')}${left}…`;
}

function summary({ added, known, refused, error }: Additions): string {
  if (error !== undefined && added === 0) return 'Nothing was added.';
  const parts = [`${count(added, 'picture')} added`];
  if (known > 0) parts.push(`${known} known already`);
  if (refused.length > 0) parts.push(`${refused.length} refused`);
  return `${parts.join(', ')}.`;
}
