// Which pictures are learned from, which are only judged with, and which classes are never learned. Pure; the seed decides.
import { AppError } from '../../core/errors.ts';
import { seededUniform } from '../../core/seeded-random.ts';
import { phraseOf } from '../../words/joint-head-phrases.ts';
import { nearestSpellings } from '../../words/spelling.ts';

export interface Split {
  /** Rows of the samples. */
  readonly train: readonly number[];
  readonly test: readonly number[];
  /** All pictures of the classes that are held out. */
  readonly unseen: readonly number[];
}

/**
 * `testShare` of each class, at least one picture of it where it has two and the share is above 0. `classes` holds the class of each sample.
 */
export function splitSamples(
  classes: readonly number[],
  heldOut: ReadonlySet<number>,
  testShare: number,
  seed: number,
): Split {
  const next = seededUniform(seed);
  const rows = new Map<number, number[]>();
  classes.forEach((one, i) => {
    rows.set(one, [...(rows.get(one) ?? []), i]);
  });
  const [train, test, unseen]: [number[], number[], number[]] = [[], [], []];
  for (const one of [...rows.keys()].sort((a, b) => a - b)) {
    const own = shuffled(rows.get(one) ?? [], next);
    const wanted = testShare === 0 ? 0 : Math.max(1, Math.round(testShare * own.length));
    const count = Math.min(wanted, own.length - 1);
    if (heldOut.has(one)) unseen.push(...own);
    else {
      test.push(...own.slice(0, count));
      train.push(...own.slice(count));
    }
  }
  return { train, test, unseen };
}

/** `0.1`: that share of the classes; `ocean,tree`: these. Throws BAD_ARGUMENT for names that no folder has. */
export function heldOutClasses(
  text: string | undefined,
  phrases: readonly string[],
  seed: number,
): ReadonlySet<number> {
  if (text === undefined || text.trim() === '') return new Set();
  const share = Number(text);
  const held = Number.isNaN(share) ? named(text, phrases) : drawn(share, phrases.length, seed);
  if (phrases.length - held.length < 2) {
    throw new AppError(
      'BAD_ARGUMENT',
      `At least two classes must be left to learn; ${held.length} of ${phrases.length} were held out.`,
    );
  }
  return new Set(held);
}

function named(text: string, phrases: readonly string[]): number[] {
  return text
    .split(',')
    .filter((name) => name.trim() !== '')
    .map((name) => {
      const at = phrases.indexOf(phraseOf(name.trim()));
      if (at >= 0) return at;
      const near = nearestSpellings(phraseOf(name.trim()), phrases);
      const hint = near.length > 0 ? ` Did you mean ${near.join(', ')}?` : '';
      throw new AppError(
        'BAD_ARGUMENT',
        `--hold-out expects names of class folders that are learned; "${name.trim()}" is none of the ${phrases.length}.${hint}`,
      );
    });
}

function drawn(share: number, count: number, seed: number): number[] {
  if (!(share >= 0 && share < 1))
    throw new AppError('BAD_ARGUMENT', `--hold-out expects class names or a share from 0 to below 1, got ${share}.`);
  const order = shuffled(
    Array.from({ length: count }, (_, i) => i),
    seededUniform(seed ^ 0x5eed),
  );
  return order.slice(0, Math.round(share * count));
}

/** Fisher and Yates; a new list. */
function shuffled(items: readonly number[], next: () => number): number[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j] as number, out[i] as number];
  }
  return out;
}
