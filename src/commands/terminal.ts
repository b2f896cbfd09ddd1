// What the commands print: tables for people, JSON for programs, progress on standard error.
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { AppError, ERROR_TABLE, toAppError } from '../core/errors.ts';
import type { Job, JobSnapshot } from '../services/job-board.ts';

export interface Output {
  readonly json: boolean;
}

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** One JSON document on standard output, or a table under its headings. */
export function printRows(
  output: Output,
  json: unknown,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  if (output.json) {
    printJson(json);
    return;
  }
  const table = new Table({
    head: [...headings],
    chars: PLAIN,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`${table.toString()}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints the failure with its code, and returns the exit status that goes with it. */
export function reportFailure(error: unknown, output: Output): number {
  const failure = toAppError(error);
  if (output.json) printJson({ error: { code: failure.code, message: failure.message } });
  else say(`semblance: ${failure.message} [${failure.code}]`);
  if (failure.code === 'INTERNAL' && failure.cause instanceof Error) say(failure.cause.stack ?? failure.cause.message);
  return ERROR_TABLE[failure.code].exitCode;
}

/** Follows a job with a bar (or a line now and then where there is no terminal), and returns how it ended. */
export async function followJob(job: Job, title: string): Promise<JobSnapshot> {
  const last = process.stderr.isTTY ? await drawBar(job, title) : await writeLines(job, title);
  for (const { name, reason } of last.skipped.slice(0, 10)) say(`  skipped ${name}: ${reason}`);
  if (last.skippedCount > 10) say(`  ... and ${last.skippedCount - 10} more; \`--json\` lists them.`);
  return last;
}

/** Throws what stopped the job, so that the exit status says so. */
export function assertDone({ error }: JobSnapshot): void {
  if (error !== null)
    throw new AppError(
      error.code in ERROR_TABLE ? (error.code as keyof typeof ERROR_TABLE) : 'INTERNAL',
      error.message,
    );
}

async function drawBar(job: Job, title: string): Promise<JobSnapshot> {
  const bar = new SingleBar({
    format: `${title} {bar} {done}/{found} | {rate} pictures/s | {left} left | {skipped} skipped`,
    stream: process.stderr,
    hideCursor: true,
    barsize: 24,
  });
  bar.start(1, 0, facts(job.snapshot()));
  let last = job.snapshot();
  for await (last of job.follow()) {
    bar.setTotal(Math.max(1, last.found));
    bar.update(last.done, facts(last));
  }
  bar.stop();
  return last;
}

/** A bar for work of a known length; without a terminal, nothing. */
export function progressBar(title: string): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => {};
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total}`,
    stream: process.stderr,
    hideCursor: true,
    barsize: 24,
  });
  bar.start(1, 0);
  return (done, total) => {
    bar.setTotal(total);
    bar.update(done);
    if (done >= total) bar.stop();
  };
}

const LINE_EVERY_MS = 2000;

async function writeLines(job: Job, title: string): Promise<JobSnapshot> {
  let nextAtMs = Date.now() + LINE_EVERY_MS;
  let last = job.snapshot();
  for await (last of job.follow()) {
    if (last.state === 'RUNNING' && Date.now() < nextAtMs) continue;
    nextAtMs = Date.now() + LINE_EVERY_MS;
    const { done, found, rate, left, skipped } = facts(last);
    say(`${title} ${done}/${found} | ${rate} pictures/s | ${left} left | ${skipped} skipped`);
  }
  return last;
}

function facts({ done, found, rate, secondsLeft, skippedCount }: JobSnapshot) {
  const left = secondsLeft === null ? 'counting,' : `${Math.ceil(secondsLeft)} s`;
  return { done, found, rate: rate.toFixed(0), left, skipped: skippedCount };
}
