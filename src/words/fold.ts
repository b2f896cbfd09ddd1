// Folds a ranked list of tags: of "dog, dogs, puppy" one stays and lists the others. Pure but for WordNet's lookups; knows
// no model and no picture.
import { dot, type Vector } from '../core/vector.ts';
import type { WordNet } from './wordnet.ts';

export interface RankedTag {
  readonly name: string;
  readonly score: number;
  /** Unit vector, centred on the vocabulary (plain embeddings all lie near one another); absent: words alone decide. */
  readonly vector?: Vector;
}

export interface FoldedTag {
  readonly name: string;
  /** The best of those folded. */
  readonly score: number;
  /** The others' names, best first. */
  readonly also: readonly string[];
}

/** Meanings looked at for synonyms: the fourth meaning of a word makes it nobody's synonym. */
const SYNONYM_SENSES = 2;
/** A puppy is a dog; two steps up, a dog is an animal, which is another thing to say. */
const KIND_STEPS = 1;
/** Least cosine at which a kind or a synonym is folded (a puppy stays where the model tells it from a dog) ... */
const KIND_COSINE = 0.6;
/** ... and at which any two names are the same to the model. */
const SAME_COSINE = 0.95;

/**
 * `tags` best first; each one joins the best tag before it that says the same: the same base form, synonyms, a close kind
 * with a near vector, or nearly equal vectors. A plural makes way for its singular where both are there, a kind for its general word.
 */
export function foldTags(tags: readonly RankedTag[], wordnet: WordNet | undefined): FoldedTag[] {
  const groups: RankedTag[][] = [];
  for (const tag of tags) {
    const group = groups.find(([leader]) => leader !== undefined && saysTheSame(leader, tag, wordnet));
    if (group === undefined) groups.push([tag]);
    else group.push(tag);
  }
  return groups.map((group) => {
    const [leader] = group as [RankedTag];
    const name = nameOf(group, leader, wordnet);
    return { name, score: leader.score, also: group.map((tag) => tag.name).filter((other) => other !== name) };
  });
}

/** Where the model cannot tell a kind from what it is a kind of, the general word is the surer one ("bicycle", not "tandem bicycle"). */
function nameOf(group: readonly RankedTag[], leader: RankedTag, wordnet: WordNet | undefined): string {
  if (wordnet === undefined) return leader.name;
  const own = leader.name.toLowerCase();
  const general = group.find((tag) => isCloseKind(own, tag.name.toLowerCase(), wordnet));
  const singular = wordnet.lemma(own);
  return (general ?? group.find((tag) => tag.name.toLowerCase() === singular) ?? leader).name;
}

function saysTheSame(leader: RankedTag, tag: RankedTag, wordnet: WordNet | undefined): boolean {
  const [a, b] = [leader.name.toLowerCase(), tag.name.toLowerCase()];
  const cosine = leader.vector === undefined || tag.vector === undefined ? undefined : dot(leader.vector, tag.vector);
  if (a === b || (cosine !== undefined && cosine >= SAME_COSINE)) return true;
  if (wordnet === undefined) return false;
  const lemma = wordnet.lemma(a);
  if (lemma !== undefined && lemma === wordnet.lemma(b)) return true;
  if (cosine !== undefined && cosine < KIND_COSINE) return false;
  return wordnet.sameSynset(a, b, SYNONYM_SENSES) || isCloseKind(a, b, wordnet) || isCloseKind(b, a, wordnet);
}

function isCloseKind(word: string, kind: string, wordnet: WordNet): boolean {
  return wordnet.stepsUp(word, kind, KIND_STEPS) !== undefined;
}
