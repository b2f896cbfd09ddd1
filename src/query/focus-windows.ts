// Focus, the default method: a query picture is read through windows, those that show the class count most, and a
// little of the class itself is added. The library's index is never rebuilt. Knows vectors and regions only.
import { AppError } from '../core/errors.ts';
import type { Region } from '../core/pixels.ts';
import { addScaled, dot, scale, unit, type Vector } from '../core/vector.ts';
import { centre, type ModalityMeans } from './space.ts';
import { type Whitening, whiten, whitenDirection } from './whitening.ts';

export interface WindowView {
  readonly region: Region;
  /** Unit length, as the model made it. */
  readonly vector: Vector;
}

export interface Focus {
  /** The class as text, unit length; the mean of several prompts is a little better than one. */
  readonly vector: Vector;
  /** 0 leaves the picture alone; .8 is the default; 1 asks for the class first and the picture second. */
  readonly strength: number;
}

export interface RegionWeight {
  readonly region: Region;
  /** 0..1; the weights of a map sum to 1. */
  readonly weight: number;
}

export interface WindowFocus {
  /** What the index is asked with: unit length, centred. */
  readonly query: Vector;
  /** The picture's part and the class's part of it, for the exact score: unit length; the class weighted by `beta`. */
  readonly picture: Vector;
  readonly class: Vector;
  readonly beta: number;
  readonly map: readonly RegionWeight[];
}

/**
 * COSINE: softmax(tau * cosine of window and class), the design's first form. RELATIVE: cosines are first brought to
 * mean 0 and deviation 1 over the picture's windows, so that one tau fits models whose cosines spread differently.
 */
export interface WindowWeighting {
  readonly kind: 'COSINE' | 'RELATIVE';
  readonly tau: number;
  /** Weight of the class beside the picture at strength .8. */
  readonly beta: number;
}

/** Tuned on seeds 1 and 2 of the composed pictures; `npm run eval:queries` reports another seed. */
export const DEFAULT_WEIGHTING: WindowWeighting = { kind: 'RELATIVE', tau: 0.8, beta: 0.3 };
const DEFAULT_STRENGTH = 0.8;

/**
 * Reads a picture with an eye to one or several classes. `views`: the whole first, then its windows. Several foci add
 * up: each weighs the windows for itself, and the readings are mixed by their strengths.
 * Throws BAD_ARGUMENT for a strength outside 0..1 or no focus at all.
 */
export function focusWindows(
  views: readonly WindowView[],
  foci: readonly Focus[],
  means: ModalityMeans,
  weighting: WindowWeighting = DEFAULT_WEIGHTING,
): WindowFocus {
  const strongest = checkStrengths(foci);
  const total = foci.reduce((sum, focus) => sum + focus.strength, 0);
  const windows = views.map((view) => centre(view.vector, 'IMAGE', means));
  const whole = windows[0] as Vector;
  if (total === 0) return unfocused(views, whole);

  const shares = views.map(() => 0);
  let classes: Vector = new Float32Array(whole.length);
  for (const { vector, strength } of foci) {
    const direction = centre(vector, 'TEXT', means);
    const weights = windowWeights(windows, direction, weighting);
    weights.forEach((weight, i) => {
      shares[i] = (shares[i] as number) + (strength / total) * weight;
    });
    classes = addScaled(classes, direction, strength / total);
  }
  // Below the default strength the whole picture keeps a share, so that strength 0 is the plain query.
  const seen = Math.min(1, strongest / DEFAULT_STRENGTH);
  const map = shares.map((share, i) => seen * share + (i === 0 ? 1 - seen : 0));
  const picture = unit(windows.reduce((sum, window, i) => addScaled(sum, window, map[i] as number), scale(whole, 0)));
  const beta = weighting.beta * (strongest / DEFAULT_STRENGTH) ** 3;
  const direction = unit(classes);
  return {
    query: unit(addScaled(picture, direction, beta)),
    picture,
    class: direction,
    beta,
    map: views.map((view, i) => ({ region: view.region, weight: map[i] as number })),
  };
}

/** A library picture made ready for exact scores; `whitened` where the picture's part is compared in a whitened space. */
export interface FocusCandidate {
  readonly centred: Vector;
  readonly whitened?: Vector;
}

export function toFocusCandidate(picture: Vector, means: ModalityMeans, whitening?: Whitening): FocusCandidate {
  const centred = centre(picture, 'IMAGE', means);
  return whitening === undefined ? { centred } : { centred, whitened: whiten(picture, whitening) };
}

/**
 * The exact score of candidates, in -1..1: (picture . x + beta class . x) / (1 + beta). With a whitening of power 1
 * the picture's part is compared there (candidates made ready with the same one), which finds the very picture far more often.
 */
export function focusScorer(focus: WindowFocus, whitening?: Whitening): (candidate: FocusCandidate) => number {
  const whitened = whitening === undefined ? undefined : whitenDirection(focus.picture, whitening);
  return (candidate) => {
    const likeness =
      whitened !== undefined && candidate.whitened !== undefined
        ? dot(whitened, candidate.whitened)
        : dot(focus.picture, candidate.centred);
    return (likeness + focus.beta * dot(focus.class, candidate.centred)) / (1 + focus.beta);
  };
}

function windowWeights(windows: readonly Vector[], direction: Vector, weighting: WindowWeighting): number[] {
  const cosines = windows.map((window) => dot(window, direction));
  const scaled = weighting.kind === 'COSINE' ? cosines : standardise(cosines);
  const highest = Math.max(...scaled);
  const powers = scaled.map((value) => Math.exp(weighting.tau * (value - highest)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function standardise(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  // Windows that all look alike (a flat picture) differ by rounding only.
  return values.map((value) => (deviation > 1e-6 ? (value - mean) / deviation : 0));
}

function checkStrengths(foci: readonly Focus[]): number {
  if (foci.length === 0 || foci.some(({ strength }) => !(strength >= 0 && strength <= 1))) {
    throw new AppError('BAD_ARGUMENT', 'A focus needs at least one class, each with a strength from 0 to 1.');
  }
  return Math.max(...foci.map((focus) => focus.strength));
}

function unfocused(views: readonly WindowView[], whole: Vector): WindowFocus {
  const map = views.map((view, i) => ({ region: view.region, weight: i === 0 ? 1 : 0 }));
  return { query: whole, picture: whole, class: scale(whole, 0), beta: 0, map };
}
