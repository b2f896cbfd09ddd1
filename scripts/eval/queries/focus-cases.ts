// Focus on one of two things in a picture: which method finds pictures of that thing, and the very photo it came from.
import { addScaled, dot, unit, type Vector } from '../../../src/core/vector.ts';
import { FOCUS_WINDOWS, regionOfView, WHOLE } from '../../../src/core/views.ts';
import { WORD_MARGIN } from '../../../src/query/compose.ts';
import { exclude, leanAway } from '../../../src/query/exclude.ts';
import { focusSubspace } from '../../../src/query/focus-subspace.ts';
import { estimateOverfetch, focusWeights } from '../../../src/query/focus-weights.ts';
import {
  DEFAULT_WEIGHTING,
  type FocusCandidate,
  focusScorer,
  focusWindows,
  toFocusCandidate,
  type WindowView,
  type WindowWeighting,
} from '../../../src/query/focus-windows.ts';
import { average } from '../../../src/query/measures.ts';
import { centre, type ModalityMeans } from '../../../src/query/space.ts';
import { type Whitening, whiten, whitenDirection } from '../../../src/query/whitening.ts';
import type { EmbeddedComposite } from './composites.ts';
import type { LabelledPhotos } from './photos.ts';
import { markdownTable, meanWithInterval, short } from './table.ts';

export interface FocusSetting {
  readonly labelled: LabelledPhotos;
  readonly means: ModalityMeans;
  /** Power 1, fitted on the library itself as the service would: it sees the judged photos, but no label and no composed picture. */
  readonly whitening: Whitening;
}

interface Case {
  readonly picture: EmbeddedComposite;
  readonly views: readonly WindowView[];
  readonly whole: Vector;
  readonly wantedClass: Vector;
  readonly otherClass: Vector;
  /** The two classes, centred. */
  readonly wanted: Vector;
  readonly other: Vector;
}

/** Makes the scorer of one query; it is given the row of a library photo. */
type Method = (item: Case) => (photo: number) => number;

const DESIGN_WEIGHTING: WindowWeighting = { kind: 'COSINE', tau: 20, beta: 0.25 };
const RANKS = 10;

/** One row for each method, with 95 % bootstrap intervals over the composed pictures. */
export function focusTable(setting: FocusSetting, pictures: readonly EmbeddedComposite[]): string {
  const rows = focusMethods(setting).map(([name, method]) => {
    const { wanted, other, reciprocal } = judge(setting, pictures, method);
    return [name, meanWithInterval(wanted), short(average(other)), meanWithInterval(reciprocal)];
  });
  return markdownTable(['query', 'P@10 of the class asked for', 'of the other', 'the very photo: MRR'], rows);
}

/** What the slider does: WINDOWS at several strengths. */
export function strengthTable(setting: FocusSetting, pictures: readonly EmbeddedComposite[]): string {
  const candidates = toCandidates(setting, setting.whitening);
  const rows = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1].map((strength) => {
    const method = windows(setting, candidates, DEFAULT_WEIGHTING, setting.whitening, strength);
    const { wanted, other, reciprocal } = judge(setting, pictures, method);
    return [String(strength), short(average(wanted)), short(average(other)), short(average(reciprocal))];
  });
  return markdownTable(['strength', 'P@10', 'of the other', 'MRR'], rows);
}

/** WEIGHTS asks the index with w^2 q and re-scores: recall of the true ten among the estimated over-fetch. */
export function overfetchLine(setting: FocusSetting, pictures: readonly EmbeddedComposite[]): string {
  const { labelled } = setting;
  const dimension = labelled.vectors[0]?.length ?? 0;
  const every4th = labelled.vectors.filter((_, i) => i % 4 === 0);
  const sample = {
    rows: every4th.length,
    dimension,
    data: Float32Array.from(every4th.flatMap((vector) => [...vector])),
  };
  const recalls: number[] = [];
  const depths: number[] = [];
  for (const item of toCases(setting, pictures.slice(0, 100))) {
    const focus = focusWeights(item.whole, [{ vector: item.wantedClass, strength: 1 }]);
    const depth = estimateOverfetch(focus, sample, labelled.vectors.length, RANKS);
    const exact = ranked(labelled.vectors.map((vector) => focus.score(vector))).slice(0, RANKS);
    const found = new Set(ranked(labelled.vectors.map((vector) => dot(focus.query, vector))).slice(0, depth));
    recalls.push(exact.filter((photo) => found.has(photo)).length / RANKS);
    depths.push(depth);
  }
  return `WEIGHTS, candidates by w^2 q: recall@10 ${short(average(recalls))} at an estimated over-fetch of ${Math.round(average(depths))} of ${labelled.vectors.length} (mean).`;
}

function focusMethods(setting: FocusSetting): [string, Method][] {
  const { labelled, means, whitening } = setting;
  const plain = labelled.vectors;
  const candidates = toCandidates(setting, whitening);
  const centred = candidates.map((candidate) => candidate.centred);
  const at = (list: readonly Vector[], photo: number): Vector => list[photo] as Vector;
  const against =
    (list: readonly Vector[], query: Vector) =>
    (photo: number): number =>
      dot(query, at(list, photo));
  const whitened = candidates.map((candidate) => candidate.whitened as Vector);
  const image = (vector: Vector): Vector => centre(vector, 'IMAGE', means);
  return [
    ['plain cosine', (item) => against(plain, item.whole)],
    ['plain, centred', (item) => against(centred, image(item.whole))],
    ['plain, whitened', (item) => against(whitened, whiten(item.whole, whitening))],
    [
      'WEIGHTS s=1',
      (item) => {
        const { score } = focusWeights(item.whole, [{ vector: item.wantedClass, strength: 1 }]);
        return (photo) => score(at(plain, photo));
      },
    ],
    [
      'SUBSPACE s=.8',
      (item) => {
        const { score } = focusSubspace(image(item.whole), [item.wanted], 0.8);
        return (photo) => score(at(centred, photo));
      },
    ],
    [
      'WINDOWS, as the design: tau 20, beta .25, centred',
      windows(setting, candidates, DESIGN_WEIGHTING, undefined, 0.8),
    ],
    ['WINDOWS, as the design, whitened', windows(setting, candidates, DESIGN_WEIGHTING, whitening, 0.8)],
    ['WINDOWS, relative, centred', windows(setting, candidates, DEFAULT_WEIGHTING, undefined, 0.8)],
    ['**WINDOWS, relative, whitened (default)**', windows(setting, candidates, DEFAULT_WEIGHTING, whitening, 0.8)],
    ['picture + class', (item) => against(centred, unit(addScaled(image(item.whole), item.wanted, 1)))],
    ['class alone', (item) => against(plain, item.wantedClass)],
    ['exclusion, no margin', (item) => against(centred, exclude(image(item.whole), [item.other]))],
    [
      '**exclusion (default)**',
      (item) => against(centred, leanAway(image(item.whole), [{ direction: item.other, margin: WORD_MARGIN }])),
    ],
    ['exclusion by the whole class vector', (item) => against(centred, addScaled(image(item.whole), item.other, -1))],
    ['true crop, centred', (item) => against(centred, image(item.picture.trueCrop))],
    [
      'true crop, whitened (upper bound)',
      (item) => against(whitened, whitenDirection(addScaled(item.picture.trueCrop, whitening.mean, -1), whitening)),
    ],
  ];
}

function windows(
  { means }: FocusSetting,
  candidates: readonly FocusCandidate[],
  weighting: WindowWeighting,
  whitening: Whitening | undefined,
  strength: number,
): Method {
  return (item) => {
    const focus = focusWindows(item.views, [{ vector: item.wantedClass, strength }], means, weighting);
    const score = focusScorer(focus, whitening);
    return (photo) => score(candidates[photo] as FocusCandidate);
  };
}

function judge(
  setting: FocusSetting,
  pictures: readonly EmbeddedComposite[],
  method: Method,
): { wanted: number[]; other: number[]; reciprocal: number[] } {
  const { photos } = setting.labelled;
  const out = { wanted: [] as number[], other: [] as number[], reciprocal: [] as number[] };
  for (const item of toCases(setting, pictures)) {
    const score = method(item);
    const order = ranked(photos.map((_, photo) => score(photo)));
    const first = order.slice(0, RANKS).map((photo) => photos[photo]?.classIndex);
    const share = (photo: number): number =>
      first.filter((found) => found === photos[photo]?.classIndex).length / RANKS;
    out.wanted.push(share(item.picture.wanted));
    out.other.push(share(item.picture.other));
    out.reciprocal.push(1 / (order.indexOf(item.picture.wanted) + 1));
  }
  return out;
}

function toCases({ labelled, means }: FocusSetting, pictures: readonly EmbeddedComposite[]): Case[] {
  const regions = [WHOLE, ...FOCUS_WINDOWS].map(regionOfView);
  const classOf = (photo: number): Vector => labelled.classVectors[labelled.photos[photo]?.classIndex ?? 0] as Vector;
  return pictures.map((picture) => ({
    picture,
    views: picture.views.map((vector, i) => ({ vector, region: regions[i] as WindowView['region'] })),
    whole: picture.views[0] as Vector,
    wantedClass: classOf(picture.wanted),
    otherClass: classOf(picture.other),
    wanted: centre(classOf(picture.wanted), 'TEXT', means),
    other: centre(classOf(picture.other), 'TEXT', means),
  }));
}

function toCandidates({ labelled, means }: FocusSetting, whitening: Whitening): FocusCandidate[] {
  return labelled.vectors.map((vector) => toFocusCandidate(vector, means, whitening));
}

/** Rows of the scores, greatest first. */
export function ranked(scores: readonly number[]): number[] {
  return scores.map((_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number));
}
