// From a folder of class folders to a space whose vectors lie in word space: features, split, fit, report, and the space with
// the head that was fitted on all of it. Knows no surface.
import { basename, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { type Matrix, pack } from '../../core/vector.ts';
import { startWorker } from '../../core/worker-entry.ts';
import type { Catalog } from '../../store/catalog.ts';
import { applyHead, type HeadKind, type HeadSamples, type JointHead } from '../../words/joint-head.ts';
import {
  DEFAULT_SCALE,
  fitScale,
  type HeadReport,
  type Judged,
  judge,
  type WordRank,
  wordRanks,
} from '../../words/joint-head-judge.ts';
import type { Space } from '../spaces/space.ts';
import { defineSpace, type SpaceDefinition } from '../spaces/space-definition.ts';
import type { Spaces } from '../spaces/spaces.ts';
import type { WordService } from '../words/word-service.ts';
import { type FeatureSample, featuresOf } from './learn-features.ts';
import { type RefusedFolder, readClassFolders } from './learn-folder.ts';
import { heldOutClasses, type Split, splitSamples } from './learn-split.ts';
import type { FitTask } from './learn-worker.ts';
import { dropHead, LEARNED, storeHead } from './learned-space.ts';

export interface LearnRequest {
  readonly folder: string;
  /** Of the new space; default: the folder's own name. */
  readonly name?: string | undefined;
  /** The space whose vectors are learned on; default: main. */
  readonly base?: string | undefined;
  readonly head: HeadKind;
  /** 0 to 0.9 of each class. */
  readonly testShare: number;
  readonly seed: number;
  /** Class names, or a share of the classes: never trained on. */
  readonly holdOut?: string | undefined;
}

export interface UnseenWord extends Omit<WordRank, 'class'> {
  readonly word: string;
}

export interface LearnOutcome {
  readonly name: string;
  readonly base: string;
  readonly head: HeadKind;
  readonly classes: number;
  readonly training: number;
  readonly test: number;
  /** Pictures that the library had vectors of. */
  readonly known: number;
  readonly doubles: number;
  /** On test pictures, by a head that never saw them; null without any. */
  readonly report: HeadReport | null;
  /** The base's own text tower on the same pictures and words; null where it has none. */
  readonly before: HeadReport | null;
  /** Words that were never trained on, among all classes. */
  readonly unseen: readonly UnseenWord[];
  /** Numbers of a vector, and how the head was kept. */
  readonly dimension: number;
  readonly penalty: number;
  readonly refused: readonly RefusedFolder[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

interface Deps {
  readonly catalog: Catalog;
  readonly spaces: Spaces;
  readonly words: WordService;
}

/**
 * Adds the space, or replaces the learned one of that name; its pictures get their vectors afterwards, as with any space.
 * Throws BAD_ARGUMENT, FILE_NOT_FOUND, SPACE_NOT_FOUND and what reading with the base throws.
 */
export async function learn(
  deps: Deps,
  request: LearnRequest,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<LearnOutcome> {
  const { catalog, spaces, words } = deps;
  const { folder, head: kind, seed } = request;
  const testShare = checkedShare(request.testShare);
  const name = request.name ?? nameOf(folder);
  await assertReplaceable(spaces, name);
  const base = await spaces.get(request.base);
  if (base.name === name) throw new AppError('BAD_ARGUMENT', `A space cannot be learned on itself; name another one.`);
  const { vectors: wordVectors } = await words.ready();
  const { classes, refused } = await readClassFolders(folder, wordVectors);
  const phrases = classes.map(({ phrase }) => phrase);
  const heldOut = heldOutClasses(request.holdOut, phrases, seed);
  const files = classes.flatMap((one, at) => one.files.map((file) => ({ class: at, file })));
  const { samples, skipped, doubles, known } = await featuresOf({ catalog, space: base }, files, onProgress);
  const split = splitSamples(
    samples.map((sample) => sample.class),
    heldOut,
    testShare,
    seed,
  );
  assertEnough(samples, split, skipped.length);
  const targets = pack(classes.map(({ word }) => word));
  const taken = pick(samples, split.train, targets);
  const trial = await fitInThread({ kind, samples: taken });
  const judged = judgedOf(trial, samples, split.test, targets);
  const whole =
    split.test.length === 0
      ? trial
      : await fitInThread({ kind, samples: pick(samples, [...split.train, ...split.test], targets) });
  const source = await storeHead(catalog, {
    head: whole,
    origin: {
      base: base.name,
      baseFingerprint: base.encoder.model.fingerprint,
      wordsFingerprint: wordVectors.fingerprint,
      classes: phrases.filter((_, i) => !heldOut.has(i)),
      scale: judged.classes.length === 0 ? DEFAULT_SCALE : fitScale(judged),
    },
  });
  await replace(deps, defineSpace({ name, encoder: source }));
  return {
    name,
    base: base.name,
    head: kind,
    classes: phrases.length - heldOut.size,
    training: split.train.length,
    test: split.test.length,
    known,
    doubles,
    report: split.test.length === 0 ? null : judge(judged),
    before: await before(base, samples, split.test, phrases),
    unseen: unseenWords(trial, samples, split, targets, phrases),
    dimension: whole.map.outputMean.length,
    penalty: whole.map.lambda,
    refused,
    skipped,
  };
}

/** The name of a space that a folder's name gives. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .replace(/[^a-z0-9_-]+/gi, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  return name === '' || name.toLowerCase() === 'main' ? LEARNED : name;
}

/** Before minutes of work. Throws BAD_ARGUMENT where a space of another kind has the name. */
async function assertReplaceable(spaces: Spaces, name: string): Promise<void> {
  const known = (await spaces.definitions()).find((one) => one.name === name);
  if (known?.encoder.startsWith(`${LEARNED}:`) !== true)
    await spaces.assertFree(defineSpace({ name, encoder: `${LEARNED}:new` }));
}

/** The old one goes first: its vectors, its index and its head. */
async function replace({ catalog, spaces }: Deps, definition: SpaceDefinition): Promise<void> {
  const old = (await spaces.definitions()).find(({ name }) => name === definition.name);
  if (old !== undefined && old.encoder !== definition.encoder) {
    await spaces.remove(old.name);
    await dropHead(catalog, old.encoder);
  }
  await spaces.add(definition);
}

function checkedShare(share: number): number {
  if (share >= 0 && share <= 0.9) return share;
  throw new AppError('BAD_ARGUMENT', `--test-share expects a share from 0 to 0.9, got ${share}.`);
}

function assertEnough(samples: readonly FeatureSample[], { train }: Split, skipped: number): void {
  if (new Set(train.map((i) => samples[i]?.class)).size >= 2) return;
  throw new AppError(
    'BAD_ARGUMENT',
    `At least two classes with a readable picture are needed to learn; got ${train.length} pictures to learn from, and ${skipped} that could not be read.`,
  );
}

function pick(samples: readonly FeatureSample[], rows: readonly number[], words: Matrix): HeadSamples {
  const picked = rows.map((i) => samples[i] as FeatureSample);
  return { features: pack(picked.map(({ vector }) => vector)), classes: picked.map((sample) => sample.class), words };
}

/** In a thread of its own: seconds of arithmetic. */
function fitInThread(task: FitTask): Promise<JointHead> {
  const worker = startWorker(new URL('./learn-worker.ts', import.meta.url), { workerData: task });
  return new Promise<JointHead>((done, reject) => {
    worker.once('message', done);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new AppError('INTERNAL', `The fit of the head ended early (${code}).`)));
  });
}

function judgedOf(head: JointHead, samples: readonly FeatureSample[], rows: readonly number[], words: Matrix): Judged {
  const { features, classes } = pick(samples, rows, words);
  return {
    pictures: rows.length === 0 ? { ...features, dimension: words.dimension } : applyHead(head, features),
    classes,
    words,
  };
}

/** Held-out words among all, by the test pictures and their own. */
function unseenWords(
  head: JointHead,
  samples: readonly FeatureSample[],
  { test, unseen }: Split,
  words: Matrix,
  phrases: readonly string[],
): UnseenWord[] {
  if (unseen.length === 0) return [];
  const wanted = new Set(unseen.map((i) => samples[i]?.class));
  return wordRanks(judgedOf(head, samples, [...test, ...unseen], words))
    .filter((rank) => wanted.has(rank.class))
    .map(({ class: at, ...rank }) => ({ word: phrases[at] ?? '', ...rank }));
}

async function before(
  { texts, metric }: Space,
  samples: readonly FeatureSample[],
  rows: readonly number[],
  phrases: readonly string[],
): Promise<HeadReport | null> {
  if (texts === undefined || metric !== 'cosine' || rows.length === 0) return null;
  const vectors = await texts.vectorsOf(phrases);
  if (vectors.some((vector) => vector === undefined)) return null;
  const words = pack(vectors.flatMap((vector) => vector ?? []));
  const { features, classes } = pick(samples, rows, words);
  return judge({ pictures: features, classes, words });
}
