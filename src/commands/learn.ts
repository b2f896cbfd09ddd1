// `semblance learn`: a space of one's own classes, whose texts are word vectors.
import type { Config } from '../config.ts';
import { AppError } from '../core/errors.ts';
import { type LearnOutcome, learn } from '../services/learn/learn-service.ts';
import type { HeadReport } from '../words/joint-head-judge.ts';
import type { HEADS } from './option-values.ts';
import { assertDone, followJob, type Output, printJson, printRows, progressBar, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export interface LearnOptions extends Output {
  readonly name?: string;
  readonly space?: string;
  readonly head: (typeof HEADS)[number];
  readonly testShare: string;
  readonly seed: string;
  readonly holdOut?: string;
}

export async function learnFolder(
  config: Config,
  [folder = '']: readonly string[],
  options: LearnOptions,
): Promise<number> {
  const { name, space, head, holdOut } = options;
  const testShare = numberOf('--test-share', options.testShare);
  const seed = numberOf('--seed', options.seed);
  return withApp(config, async ({ services, spaces, upkeep, wordly, indexesSettled }) => {
    const request = { folder, name, base: space, head, testShare, seed, holdOut };
    const deps = { catalog: services.catalog, spaces, words: wordly.words };
    const outcome = await learn(deps, request, progressBar('Reading pictures'));
    const job = await followJob(upkeep.fill(outcome.name), `Vectors for ${outcome.name}`);
    assertDone(job);
    // What is computed from the space in turn is looked after in the background, which must not outlive the catalog.
    await (await upkeep.startIfNeeded())?.ended;
    await indexesSettled();
    if (options.json) printJson({ ...outcome, filled: job.added });
    else tell(outcome, options, job.added);
    return 0;
  });
}

function tell(outcome: LearnOutcome, options: Output, filled: number): void {
  const { name, base, head, classes, training, test, known, report, before, unseen, refused, skipped } = outcome;
  for (const { folder, reason } of refused) say(`  left out ${folder}: ${reason}`);
  for (const one of skipped.slice(0, 10)) say(`  skipped ${one.name}: ${one.reason}`);
  if (skipped.length > 10) say(`  ... and ${skipped.length - 10} more; \`--json\` lists them.`);
  say(
    `${name}: a ${head} head on ${base}, ${classes} classes, ${training} pictures to learn from, ${test} to judge by; ${known} of them were in the library. ${filled} pictures of the library have vectors in it.`,
  );
  if (report !== null) {
    const rows = MEASURES.map(([title, of]) => [
      title,
      of(report).toFixed(3),
      before === null || title === COSINE ? '' : of(before).toFixed(3),
    ]);
    printRows(options, outcome, ['on pictures that were not learned', name, before === null ? '' : base], rows);
  }
  if (unseen.length > 0) {
    const rows = unseen.map(({ word, pictures, medianRank, top5, precisionAt10 }) => [
      word,
      `${pictures}`,
      `${medianRank} of ${classes + unseen.length}`,
      top5.toFixed(3),
      precisionAt10.toFixed(3),
    ]);
    printRows(options, outcome, ['never learned', 'pictures', 'median rank', 'among first five', 'P@10'], rows);
  }
  say(`Ask it: semblance search --space ${name} "..."; semblance tags --space ${name} photo.jpg`);
}

/** Of different spaces, cosines are not comparable. */
const COSINE = 'mean cosine to its word';
const MEASURES: readonly (readonly [string, (report: HeadReport) => number])[] = [
  ['class named first', ({ top1 }) => top1],
  ['class among the first five', ({ top5 }) => top5],
  ['text to picture, P@10', ({ precisionAt10 }) => precisionAt10],
  [COSINE, ({ meanCosine }) => meanCosine],
];

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new AppError('BAD_ARGUMENT', `${flag} expects a number, got "${text}".`);
  return value;
}
