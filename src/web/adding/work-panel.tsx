// How one piece of work goes on and what came of it: an upload or a job of the service, in one shape.
import type { ComponentChildren } from 'preact';
import { Failure } from '../components/failure.tsx';
import { CloseIcon } from '../components/icons.tsx';
import { count, duration, grouped } from '../wording.ts';
import type { Refusal, Work } from './documents.ts';
import { Refusals } from './refusals.tsx';
import type { UploadState } from './uploads.ts';

interface Progress {
  readonly name: string;
  readonly total: number;
  readonly done: number;
  readonly rate: number;
  readonly secondsLeft: number | null;
  readonly isRunning: boolean;
  readonly outcome: string;
  readonly refused: readonly Refusal[];
  readonly refusedCount: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** What can be done about it. */
  readonly children?: ComponentChildren;
}

interface JobPanelProps {
  readonly job: Work;
  /** Absent where the list of all work is shown: there it stays. */
  readonly onDismiss?: () => void;
}

export function JobPanel({ job, onDismiss }: JobPanelProps) {
  const { found, done, rate, secondsLeft, state, skipped, skippedCount, error } = job;
  return (
    <WorkPanel
      name={nameOfJob(job)}
      total={found}
      done={done}
      rate={rate}
      secondsLeft={secondsLeft}
      isRunning={state === 'RUNNING'}
      outcome={
        job.kind === 'INDEX_FOLDER' ? outcomeOf({ ...job, refused: skippedCount }) : `${count(done, 'picture')}.`
      }
      refused={skipped}
      refusedCount={skippedCount}
      error={error}
    >
      {onDismiss !== undefined && state !== 'RUNNING' && <PutAway onClick={onDismiss} />}
    </WorkPanel>
  );
}

/** Says once for all jobs whether they are still heard of. For a screen reader it tells how many run: no numbers that change
 * ten times a second. */
export function Connection({ jobs, isConnected }: { jobs: readonly Work[]; isConnected: boolean }) {
  const running = jobs.filter(({ state }) => state === 'RUNNING').length;
  const isBroken = !isConnected && running > 0;
  return (
    <p role="status" class={isBroken ? 'notice' : 'hidden'}>
      {isBroken
        ? 'The connection broke; it is being made again. The work goes on.'
        : running === 0
          ? 'No work is under way.'
          : `${running} under way.`}
    </p>
  );
}

interface UploadPanelProps {
  readonly state: UploadState;
  onStop(): void;
  onDismiss(): void;
}

export function UploadPanel({ state, onStop, onDismiss }: UploadPanelProps) {
  return (
    <WorkPanel
      name="Your files"
      {...state}
      outcome={outcomeOf({ ...state, refused: state.refused.length, removed: 0 })}
      refusedCount={state.refused.length}
      error={state.error ?? null}
    >
      {state.isRunning ? (
        <button type="button" class="button" onClick={onStop}>
          Stop
        </button>
      ) : (
        <PutAway onClick={onDismiss} />
      )}
    </WorkPanel>
  );
}

function PutAway({ onClick }: { onClick(): void }) {
  return (
    <button type="button" class="quiet" aria-label="Put away" onClick={onClick}>
      <CloseIcon />
    </button>
  );
}

function WorkPanel({ name, total, done, rate, secondsLeft, isRunning, outcome, children, ...rest }: Progress) {
  const { refused, refusedCount, error } = rest;
  return (
    <article class="panel work" aria-label={name} aria-busy={isRunning}>
      <div class="work-head">
        <h3>{name}</h3>
        {children}
      </div>
      {isRunning && <progress aria-label="Progress" {...(total > 0 ? { max: total, value: done } : {})} />}
      <p class="work-line">{isRunning ? progressOf(total, done, rate, secondsLeft) : outcome}</p>
      {error !== null && <Failure error={error} />}
      <Refusals refused={refused} />
      {refusedCount > refused.length && (
        <p class="note">
          The first {refused.length} of {refusedCount} are listed.
        </p>
      )}
    </article>
  );
}

/** `120 of 1,905 files, 34 a second, about 53 s left` */
function progressOf(total: number, done: number, rate: number, secondsLeft: number | null): string {
  if (total === 0) return 'Looking for pictures…';
  const parts = [`${grouped(done)} of ${count(total, 'file')}`];
  if (rate > 0) parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second`);
  if (secondsLeft !== null && secondsLeft > 0) parts.push(`about ${duration(secondsLeft)} left`);
  return parts.join(', ');
}

function outcomeOf({
  added,
  known,
  refused,
  removed,
}: Record<'added' | 'known' | 'refused' | 'removed', number>): string {
  const parts = [`${count(added, 'picture')} added`];
  if (known > 0) parts.push(`${grouped(known)} known already`);
  if (removed > 0) parts.push(`${grouped(removed)} gone from disk`);
  if (refused > 0) parts.push(`${grouped(refused)} refused`);
  return `${parts.join(', ')}.`;
}

function nameOfJob({ kind, about }: Work): string {
  switch (kind) {
    case 'INDEX_FOLDER':
      return about ?? 'A folder';
    case 'REEMBED':
      return 'Pictures read anew by the model';
    case 'MAP':
      return 'The map is drawn';
  }
}
