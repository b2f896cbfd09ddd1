// From what each source says of a picture to one list of tags with one score: a probability. Pure; knows no model, index or
// catalog.
import { addScaled, dot, type Matrix, row, unit, type Vector } from '../../core/vector.ts';
import { type Kinds, passToKinds } from './kinds.ts';
import { softmax } from './zero-shot.ts';

export type TagVia = 'TOWER' | 'BRIDGE' | 'NEIGHBORS' | 'USER';

/** A word of the vocabulary. */
export interface Candidate {
  readonly name: string;
  /** Unit vectors of the model's space: by the text tower, and by way of word space where the word has a place there. */
  readonly tower: Vector;
  readonly bridged?: Vector | undefined;
}

/** A picture like the one in question. Those that nobody tagged count too: they say nothing, and that weighs. */
export interface Neighbor {
  readonly score: number;
  /** Tags that people set. */
  readonly tags: readonly string[];
}

export interface MergedTag {
  readonly name: string;
  /** 0 to 1. */
  readonly score: number;
  /** Strongest first. */
  readonly via: readonly TagVia[];
}

/**
 * Share of the bridge in a word's vector, which then is unit(tower + share * bridged). The better the model, the less it takes:
 * with version 2 of the starter model .35 was best (hit@1 .452 without, .492), with version 11 it costs (.535 without, .526 at
 * .1, .519 at .2, .501 at .35). Kept small for words that the tower hardly knows.
 */
export const BRIDGE_SHARE = 0.1;
/**
 * What people say of a picture's neighbours against what the model says of the picture itself: 1/10 of the same photos
 * tagged: hit@1 .456 at 0, .484 at .5, .503 at .65.
 */
const NEIGHBOR_SHARE = 0.65;
const NEIGHBORS = 20;
/** Cosine of pictures that say nothing of one another, where the model brings no background to tell. */
const UNRELATED = 0.85;

/** Best first, every word once, by name without case. `kinds`: of the candidates; `logitScale`: the model's. */
export function mergeTags(
  picture: Vector,
  candidates: readonly Candidate[],
  kinds: Kinds,
  neighbors: readonly Neighbor[],
  logitScale: number,
): MergedTag[] {
  const mixed = candidates.map(({ tower, bridged }) => (bridged === undefined ? tower : mixVectors(tower, bridged)));
  // Words lie nearer to one another by the bridge than by the tower, so mixing draws them together by about 1 + share.
  const scale = candidates.some(({ bridged }) => bridged !== undefined) ? (1 + BRIDGE_SHARE) * logitScale : logitScale;
  const own = passToKinds(softmax(mixed.map((vector) => scale * dot(vector, picture))), kinds);
  const votes = votesOf(neighbors, logitScale);
  const ownShare = 1 - NEIGHBOR_SHARE * votes.tagged;
  const merged = candidates.map(({ name, bridged }, i): MergedTag => {
    const mine = ownShare * (own[i] ?? 0);
    const vote = take(votes.byWord, name);
    const theirs = NEIGHBOR_SHARE * (vote?.weight ?? 0);
    const model: TagVia[] = bridged === undefined ? ['TOWER'] : ['TOWER', 'BRIDGE'];
    const via: TagVia[] = theirs === 0 ? model : theirs > mine ? ['NEIGHBORS', ...model] : [...model, 'NEIGHBORS'];
    return { name, score: Math.min(1, mine + theirs), via };
  });
  const others = [...votes.byWord.values()].map(({ name, weight }): MergedTag => {
    return { name, score: NEIGHBOR_SHARE * weight, via: ['NEIGHBORS'] };
  });
  return [...merged, ...others].sort((a, b) => b.score - a.score);
}

export function mixVectors(tower: Vector, bridged: Vector): Vector {
  return unit(addScaled(tower, bridged, BRIDGE_SHARE));
}

/**
 * Neighbours and background pictures in one list: how near a tagged picture must be to be heard, the background says, since
 * cosines of unrelated pictures differ by model.
 */
export function withBackground(
  picture: Vector,
  neighbors: readonly Neighbor[],
  background: Matrix | undefined,
): Neighbor[] {
  const others =
    background === undefined
      ? [{ score: UNRELATED, tags: [] }]
      : Array.from({ length: background.rows }, (_, i) => ({ score: dot(picture, row(background, i)), tags: [] }));
  return [...neighbors, ...others].sort((a, b) => b.score - a.score).slice(0, NEIGHBORS);
}

interface Votes {
  /** Share of the neighbours that carry any tag, 0 to 1. */
  readonly tagged: number;
  readonly byWord: Map<string, { readonly name: string; readonly weight: number }>;
}

function votesOf(neighbors: readonly Neighbor[], logitScale: number): Votes {
  const byWord: Votes['byWord'] = new Map();
  let tagged = 0;
  if (neighbors.length === 0) return { tagged, byWord };
  const weights = softmax(neighbors.map(({ score }) => logitScale * score));
  neighbors.forEach(({ tags }, i) => {
    const weight = weights[i] ?? 0;
    if (tags.length > 0) tagged += weight;
    for (const name of tags) {
      const known = byWord.get(name.toLowerCase());
      byWord.set(name.toLowerCase(), { name: known?.name ?? name, weight: (known?.weight ?? 0) + weight });
    }
  });
  return { tagged, byWord };
}

function take<T>(map: Map<string, T>, name: string): T | undefined {
  const value = map.get(name.toLowerCase());
  map.delete(name.toLowerCase());
  return value;
}
