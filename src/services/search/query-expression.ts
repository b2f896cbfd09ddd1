// A query as a typed expression: weighted texts, pictures and parts of pictures, what to leave out, what was judged.
// Here it is checked and brought into the one form that is run, answered with and named by cursors.
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { Region } from '../../core/pixels.ts';
import type { ImageId } from '../../core/views.ts';
import { checkedRegion, checkedText } from '../checks.ts';
import type { PictureSource } from './query-vectors.ts';

export interface FocusTerm {
  readonly text: string;
  /** 0..1 */
  readonly strength: number;
}

/** A text, or a picture (of the library or sent) with the part that is meant. */
export type Subject =
  | { readonly text: string }
  | { readonly source: PictureSource; readonly region?: Region | undefined; readonly focus?: readonly FocusTerm[] };

export type QueryTerm = Subject & { readonly weight: number };

export interface QueryExpression {
  readonly all: readonly QueryTerm[];
  readonly not: readonly Subject[];
  readonly moreLike: readonly ImageId[];
  readonly lessLike: readonly ImageId[];
}

/** What may be given with a query of any kind. */
export interface QueryExtras {
  readonly not?: readonly string[] | undefined;
  readonly moreLike?: readonly ImageId[] | undefined;
  readonly lessLike?: readonly ImageId[] | undefined;
}

const MOST_TERMS = 16;
const MOST_FOCI = 8;
const MOST_JUDGED = 50;

/**
 * Checks every part; brings texts into one spelling, weights to absolute values that sum to 1, terms into one order and
 * doubles of exclusions together: equal queries become equal. Throws BAD_ARGUMENT.
 */
export function normaliseExpression(expression: QueryExpression): QueryExpression {
  const { all, not, moreLike, lessLike } = expression;
  assertCount('all', all.length, 1, MOST_TERMS);
  assertCount('not', not.length, 0, MOST_TERMS);
  assertCount('moreLike', moreLike.length, 0, MOST_JUDGED);
  assertCount('lessLike', lessLike.length, 0, MOST_JUDGED);
  const mass = all.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  if (!Number.isFinite(mass) || all.some(({ weight }) => weight === 0)) {
    throw new AppError('BAD_ARGUMENT', '`weight` expects a finite number but 0; drop the term instead.');
  }
  return {
    all: inOrder(all.map((term) => ({ ...checkedSubject(term, 'all'), weight: term.weight / mass }))),
    not: withoutDoubles(inOrder(not.map((subject) => checkedSubject(subject, 'not')))),
    moreLike: [...new Set(moreLike)].sort((a, b) => a - b),
    lessLike: [...new Set(lessLike)].sort((a, b) => a - b),
  };
}

/** Names a subject; equal for equal ones, whatever the order of their foci. Sent pictures are named by their bytes. */
export function subjectKey(subject: Subject): string {
  if ('text' in subject) return JSON.stringify(['text', subject.text.toLowerCase()]);
  const { source, region, focus = [] } = subject;
  const picture =
    'imageId' in source ? source.imageId : createHash('sha256').update(source.bytes).digest('base64url').slice(0, 22);
  return JSON.stringify(['picture', picture, region ?? null, focus]);
}

/** Names a normalised expression. */
export function expressionKey({ all, not, moreLike, lessLike }: QueryExpression): string {
  return JSON.stringify([
    // Rounded: the same weights in another order sum up with another rounding.
    all.map((term) => [subjectKey(term), term.weight.toPrecision(6)]),
    not.map(subjectKey),
    moreLike,
    lessLike,
  ]);
}

/** Throws BAD_ARGUMENT unless there are 1 to 8 foci of strengths 0..1. Returns them in one spelling and order. */
export function checkedFocus(focus: readonly FocusTerm[]): FocusTerm[] {
  assertCount('focus', focus.length, 1, MOST_FOCI);
  for (const { strength } of focus) {
    if (!(strength >= 0 && strength <= 1))
      throw new AppError('BAD_ARGUMENT', `\`strength\` expects a number 0 to 1, got ${strength}.`);
  }
  return focus
    .map(({ text, strength }) => ({ text: checkedText(text, 'focus'), strength }))
    .sort((a, b) => compare(a.text, b.text) || a.strength - b.strength);
}

function checkedSubject(subject: Subject, argument: string): Subject {
  if ('text' in subject) return { text: checkedText(subject.text, argument) };
  const { source, region, focus = [] } = subject;
  return {
    source,
    ...(region === undefined ? {} : { region: checkedRegion(region) }),
    ...(focus.length === 0 ? {} : { focus: checkedFocus(focus) }),
  };
}

function inOrder<T extends Subject & { readonly weight?: number }>(subjects: readonly T[]): T[] {
  return subjects
    .map((subject) => ({ subject, key: subjectKey(subject) }))
    .sort((a, b) => compare(a.key, b.key) || (b.subject.weight ?? 0) - (a.subject.weight ?? 0))
    .map(({ subject }) => subject);
}

function withoutDoubles(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [subjectKey(subject), subject])).values()];
}

function assertCount(argument: string, count: number, least: number, most: number): void {
  if (count < least || count > most)
    throw new AppError('BAD_ARGUMENT', `\`${argument}\` expects ${least} to ${most} entries, got ${count}.`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
