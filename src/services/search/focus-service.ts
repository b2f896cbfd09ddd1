// Focus: what a query picture becomes when it is read with an eye to one or several classes, by any of the three methods.
// The index is asked as it is and never rebuilt. Knows no page and no surface.
import { LRUCache } from 'lru-cache';
import type { Region } from '../../core/pixels.ts';
import { addScaled, unit, type Vector } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { withoutPositivePart } from '../../query/exclude.ts';
import { focusSubspace } from '../../query/focus-subspace.ts';
import { estimateOverfetch, focusWeights } from '../../query/focus-weights.ts';
import {
  type Focus,
  focusScorer,
  focusWindows,
  toFocusCandidate,
  type WindowFocus,
} from '../../query/focus-windows.ts';
import { centre, type ModalityMeans } from '../../query/space.ts';
import { type Whitening, whiten } from '../../query/whitening.ts';
import type { OpenClassifier } from '../spaces/space-encoder.ts';
import { columnsOf } from './class-columns.ts';
import type { LibrarySample } from './library-sample.ts';
import type { ModelSpace } from './model-space.ts';
import type { PictureWindows } from './picture-windows.ts';
import type { FocusTerm } from './query-expression.ts';
import type { PictureSource, QueryVectors } from './query-vectors.ts';
import type { TextNotice } from './text-query.ts';

export type { RegionWeight, WindowFocus } from '../../query/focus-windows.ts';
export type FocusMethod = 'WINDOWS' | 'SUBSPACE' | 'WEIGHTS';

/** A query whose exact score is not the cosine with one vector. */
export interface FocusedQuery {
  /** Unit: what the index is asked with. */
  readonly vector: Vector;
  /** Exact score, -1..1, of a picture's unit vector; the label names it. */
  readonly score: (picture: Vector, label: Label) => number;
  /** So many of the index's candidates are scored. */
  readonly pool: number;
}

/** The exact score of the candidates differs from the index's by more where a focus is strong. */
export const DEFAULT_POOL = 500;
/** Whitening a candidate takes 0.1 ms (256-d) to 0.4 ms (512-d), so fewer are, and those whitened lately are kept: 20 MB at most. */
const WINDOWS_POOL = 200;
const MOST_WHITENED = 10_000;
/** Recall is looked after for this many hits. */
const JUDGED_HITS = 100;
/** Power that finds the very picture most often: the table "Focus" of `npm run eval:queries`. */
const WHITENING_POWER = 1;

interface Deps {
  readonly space: ModelSpace;
  readonly sample: LibrarySample;
  readonly windows: PictureWindows;
  readonly queryVectors: QueryVectors;
  readonly imageCount: () => Promise<number>;
  /** The encoder's own classes, which WEIGHTS reads where the space knows no texts; undefined where it has none. */
  readonly classes?: OpenClassifier;
}

export class FocusService {
  readonly #deps: Deps;
  readonly #whitened = new LRUCache<Label, Vector>({ max: MOST_WHITENED });

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Fits the whitening, which the first focus would otherwise wait for. */
  warmUp(): void {
    this.#deps.space.whitening(WHITENING_POWER);
  }

  /** The classes of a focus as vectors, with remarks on how their texts were read: texts, or columns of the encoder's classifier. */
  async read(
    focus: readonly FocusTerm[],
    method: FocusMethod = 'WINDOWS',
  ): Promise<{ foci: Focus[]; notices: readonly TextNotice[] }> {
    const classifier = method === 'WEIGHTS' ? await this.#deps.classes?.() : undefined;
    if (classifier !== undefined) return { foci: columnsOf(classifier, focus), notices: [] };
    const read = await Promise.all(focus.map(({ text }) => this.#deps.queryVectors.ofText(text)));
    return {
      foci: read.map(({ vector }, i) => ({ vector, strength: focus[i]?.strength ?? 0 })),
      notices: read.flatMap(({ notices }) => notices),
    };
  }

  /** The picture read through its windows: the query, and where it looked. */
  async look(
    source: PictureSource,
    region: Region | undefined,
    foci: readonly Focus[],
    means: ModalityMeans,
  ): Promise<WindowFocus> {
    return focusWindows(await this.#deps.windows.of(source, region), foci, means);
  }

  /** WINDOWS, scored exactly: the picture's part in whitened space where the model allows it. */
  byWindows(focus: WindowFocus, means: ModalityMeans): FocusedQuery {
    const whitening = this.#deps.space.whitening(WHITENING_POWER);
    const score = focusScorer(focus, whitening);
    const whitenedOf = (picture: Vector, label: Label, by: Whitening): Vector => {
      const whitened = this.#whitened.get(label) ?? whiten(picture, by);
      this.#whitened.set(label, whitened);
      return whitened;
    };
    return {
      vector: focus.query,
      score: (picture, label) => {
        const candidate = toFocusCandidate(picture, means);
        return score(
          whitening === undefined ? candidate : { ...candidate, whitened: whitenedOf(picture, label, whitening) },
        );
      },
      pool: WINDOWS_POOL,
    };
  }

  /** SUBSPACE: `picture` is centred and of unit length. Several foci span one space; the strongest one's strength counts. */
  bySubspace(picture: Vector, foci: readonly Focus[], means: ModalityMeans): FocusedQuery {
    const directions = foci.map(({ vector }) => centre(vector, 'TEXT', means));
    const strength = Math.max(...foci.map((focus) => focus.strength));
    const { query, score } = focusSubspace(picture, directions, strength);
    return { vector: query, score: (x) => score(centre(x, 'IMAGE', means)), pool: DEFAULT_POOL };
  }

  /** WEIGHTS, on plain vectors as in the original recipe; fetches as many candidates as a sample of the library asks for. */
  async byWeights(
    picture: Vector,
    foci: readonly Focus[],
    excluded: readonly Vector[],
    means: ModalityMeans,
  ): Promise<FocusedQuery> {
    const { sample, imageCount } = this.#deps;
    const centred = addScaled(picture, means.imageMean, -1);
    const query =
      excluded.length === 0 ? picture : unit(addScaled(withoutPositivePart(centred, excluded), means.imageMean, 1));
    const focus = focusWeights(query, foci);
    const needed = estimateOverfetch(focus, await sample.vectors(), await imageCount(), JUDGED_HITS);
    return { vector: focus.query, score: focus.score, pool: Math.max(DEFAULT_POOL, needed) };
  }
}
