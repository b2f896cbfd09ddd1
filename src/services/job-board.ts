// Work that outlasts a request: counts, rate, outcomes, and whoever follows them. Kept in memory; the pictures
// themselves are safe in the catalog, so a job that a restart cuts off is simply started again.
import { randomUUID } from 'node:crypto';
import { AppError, toAppError } from '../core/errors.ts';

export type JobKind = 'INDEX_FOLDER' | 'REEMBED' | 'MAP';

export interface SkippedFile {
  readonly name: string;
  readonly code: string;
  readonly reason: string;
}

export interface JobSnapshot {
  readonly id: string;
  readonly kind: JobKind;
  /** What it works on; null: the whole library. */
  readonly about: string | null;
  readonly startedAt: Date;
  readonly state: 'RUNNING' | 'DONE' | 'FAILED';
  readonly found: number;
  readonly done: number;
  readonly added: number;
  readonly known: number;
  readonly skippedCount: number;
  readonly removed: number;
  /** Pictures embedded a second over the last seconds. */
  readonly rate: number;
  readonly secondsLeft: number | null;
  readonly skipped: readonly SkippedFile[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

const MAX_SKIPPED_LISTED = 1000;
const MAX_JOBS_KEPT = 100;
const MAX_JOBS_LISTED = 20;
const RATE_WINDOW_MS = 5000;
/** Followers are told at most this often; the last event is always told. */
const TELL_EVERY_MS = 100;

export class Job {
  readonly id = randomUUID();
  readonly kind: JobKind;
  readonly about: string | null;
  readonly startedAt = new Date();
  found = 0;
  added = 0;
  known = 0;
  removed = 0;
  skippedCount = 0;
  /** The scan is over, so `found` is the whole. */
  foundAll = false;
  readonly #skipped: SkippedFile[] = [];
  readonly #finished: Array<{ atMs: number; count: number }> = [];
  readonly #listeners = new Set<() => void>();
  #state: JobSnapshot['state'] = 'RUNNING';
  #error: JobSnapshot['error'] = null;
  /** Settles when the job ends; never rejects: look at the snapshot. */
  ended: Promise<void> = Promise.resolve();

  /** Aborted when the service stops: work ends at the next picture, and what was committed stays. */
  readonly signal: AbortSignal;

  constructor(kind: JobKind, about: string | null, signal: AbortSignal) {
    this.kind = kind;
    this.about = about;
    this.signal = signal;
  }

  skip(name: string, error: unknown): void {
    const { code, message } = toAppError(error);
    this.skippedCount++;
    if (this.#skipped.length < MAX_SKIPPED_LISTED) this.#skipped.push({ name, code, reason: message });
    this.changed();
  }

  countAdded(count: number): void {
    this.added += count;
    this.#finished.push({ atMs: Date.now(), count });
    this.changed();
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      const { code, message } = toAppError(error);
      this.#error = { code, message };
    }
    this.foundAll = true;
    this.#state = error === undefined ? 'DONE' : 'FAILED';
    this.changed();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  snapshot(): JobSnapshot {
    const done = this.added + this.known + this.skippedCount;
    const rate = this.#rate();
    const isOver = this.#state !== 'RUNNING';
    const secondsLeft = this.foundAll && rate > 0 ? Math.max(0, this.found - done) / rate : null;
    return {
      id: this.id,
      kind: this.kind,
      about: this.about,
      startedAt: this.startedAt,
      state: this.#state,
      found: this.found,
      done,
      added: this.added,
      known: this.known,
      skippedCount: this.skippedCount,
      removed: this.removed,
      rate,
      secondsLeft: isOver ? 0 : secondsLeft,
      skipped: [...this.#skipped],
      error: this.#error,
    };
  }

  /** Snapshots from now until the end, the final one included. */
  async *follow(): AsyncGenerator<JobSnapshot> {
    let wake = () => {};
    let isStale = false;
    const listener = () => {
      isStale = true;
      wake();
    };
    this.#listeners.add(listener);
    try {
      for (;;) {
        isStale = false;
        const snapshot = this.snapshot();
        yield snapshot;
        if (snapshot.state !== 'RUNNING') return;
        await new Promise<void>((resolve) => setTimeout(resolve, TELL_EVERY_MS));
        if (!isStale)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }

  #rate(): number {
    const now = Date.now();
    while (this.#finished.length > 2 && (this.#finished[0]?.atMs ?? now) < now - RATE_WINDOW_MS) this.#finished.shift();
    const first = this.#finished[0];
    if (first === undefined || this.#finished.length < 2) return 0;
    // The first entry marks the start of the window; what it counted was done before.
    const count = this.#finished.slice(1).reduce((sum, entry) => sum + entry.count, 0);
    return count / Math.max(0.001, (now - first.atMs) / 1000);
  }
}

export class JobBoard {
  readonly #jobs = new Map<string, Job>();
  readonly #stopping = new AbortController();

  /** Runs `work` in the background; the job carries its outcome. `about` names what it works on, for people. */
  start(kind: JobKind, work: (job: Job) => Promise<void>, about: string | null = null): Job {
    this.#stopping.signal.throwIfAborted();
    const job = new Job(kind, about, this.#stopping.signal);
    this.#jobs.set(job.id, job);
    for (const id of this.#jobs.keys()) {
      if (this.#jobs.size <= MAX_JOBS_KEPT) break;
      if (this.#jobs.get(id)?.snapshot().state !== 'RUNNING') this.#jobs.delete(id);
    }
    job.ended = work(job).then(
      () => job.end(),
      (error: unknown) => job.end(error),
    );
    return job;
  }

  /** Those under way first, then the newest; so that whoever comes late finds what runs. */
  recent(): JobSnapshot[] {
    // The map keeps the order of starts.
    const snapshots = [...this.#jobs.values()].reverse().map((job) => job.snapshot());
    const running = snapshots.filter(({ state }) => state === 'RUNNING');
    return [...running, ...snapshots.filter(({ state }) => state !== 'RUNNING')].slice(0, MAX_JOBS_LISTED);
  }

  find(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** Throws JOB_NOT_FOUND. */
  get(id: string): Job {
    const job = this.find(id);
    if (job === undefined)
      throw new AppError(
        'JOB_NOT_FOUND',
        `No job has the id "${id}"; the last ${MAX_JOBS_KEPT} are remembered until a restart.`,
      );
    return job;
  }

  /** Ends everything that runs, and takes nothing new. */
  async stop(): Promise<void> {
    this.#stopping.abort(
      new AppError('SHUTTING_DOWN', 'The service is stopping; start it again to go on where it stopped.'),
    );
    await Promise.all([...this.#jobs.values()].map((job) => job.ended));
  }
}
