// What stands in for a word that the text tower never learned: words that it did learn, near by in WordNet; else, in part,
// the place that the bridge gives it. Knows no model and no picture: it names words, the caller embeds them.
import { dot, type Vector } from '../core/vector.ts';
import type { WordNet } from './wordnet.ts';
import type { NounSense } from './wordnet-files.ts';

export interface StandInPart {
  /** TOWER, WORDNET: embed `word` with the text tower. BRIDGE: take the word vector of `word` across the bridge. */
  readonly via: 'TOWER' | 'BRIDGE' | 'WORDNET';
  readonly word: string;
  /** > 0; the weights of all parts add up to 1. */
  readonly weight: number;
}

export interface StandIn {
  /** The query is the unit of the parts' unit vectors by weight; heaviest first, never empty. */
  readonly parts: readonly StandInPart[];
  /** What the user should be told; absent where the tower alone answers. */
  readonly notice?: string;
}

/** What the tower itself shows of a word. */
export interface TowerSigns {
  /** Pieces that its tokenizer makes of the word, special tokens not counted. */
  readonly pieces: number;
  /**
   * Distance of the word's embedding from the mean of the vocabulary's embeddings (both at length 1), divided by the
   * median of that distance over the vocabulary. Words that were never learned stay near the mean.
   */
  readonly spread: number;
}

interface Deps {
  /** Nouns that the tower learned, for some a list of its best only. Without any, every word is taken for known. */
  readonly vocabulary: readonly string[];
  readonly wordnet: WordNet;
  /** Of words and phrases; undefined where there is none. */
  readonly vectorOf: (phrase: string) => Vector | undefined;
  /** Share of the bridge, 0..1, beside the tower, for words that WordNet has nothing for: BridgeReport's centredCosine. */
  readonly bridgeTrust: number;
}

interface Candidate {
  readonly word: string;
  readonly score: number;
}

/** A word of the vocabulary below a synset: steps down, and which of the word's meanings leads there. */
interface Below {
  readonly word: string;
  readonly steps: number;
  readonly sense: number;
}

// Chosen on every third word of the starter's vocabulary, taken out of it and found again by its neighbours in WordNet
// (shared first ten: kinds only .176, with word vectors .186, with siblings and depth .226). INDIRECT and MIN_COSINE, which
// make no difference there, on the 35 synonyms of scripts/eval/synonyms.ts.
const MAX_SENSES = 5;
const MAX_STEPS_UP = 6;
/** A sibling (one step up, one down) may stand in; cousins say too little. */
const MAX_STEPS_DOWN = 1;
const PER_SENSE = 0.6;
const PER_STEP_DOWN = 0.7;
/** A word of the vocabulary is embedded for its first meaning, whatever others it has. */
const PER_OTHER_SENSE = 0.3;
/** Wu & Palmer's similarity (1994) runs from 0 to 1; its power says how much a step counts. */
const DEPTH_POWER = 10;
/** Lexicographer files of things that a picture shows: animal, artifact, body, food, object, plant, substance. */
const VISIBLE_TOPICS: ReadonlySet<number> = new Set([5, 6, 8, 13, 17, 20, 27]);
/** People are called after things (pussycat, stag): the thing is the likelier picture. */
const PERSON_TOPIC = 18;
const INDIRECT = 0.5;
const INVISIBLE = 0.3;
/** Cosine that stands for a pair without word vectors, and the least that counts. */
const USUAL_COSINE = 0.25;
const MIN_COSINE = 0.1;
/** The best, and a second that is nearly as good. */
const MAX_STAND_INS = 2;
const MIN_SHARE = 0.7;
/** In medians of the vocabulary's spread: 3 in 1,000 words of the starter's vocabulary lie below .65. */
const UNKNOWN_SPREAD = 0.6;
const KNOWN_SPREAD = 0.7;

export class KnownWords {
  readonly #deps: Deps;
  readonly #vocabulary: ReadonlySet<string>;
  #below: Map<number, Below[]> | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#vocabulary = new Set(deps.vocabulary);
  }

  /**
   * How well the tower knows a word: 1 for the vocabulary's and their plurals. Of others, one that the tokenizer breaks up
   * was rare in training: 0. One in a piece is known as far as it left the mean: version 2 of the starter model left
   * words that it never learned there (ROC area .97). Version 3 does not (.58: 150 words of captions against 41 never
   * taught), but was taught 25,000 words, so the limits below catch only what it lost altogether.
   */
  knownness(word: string, { pieces, spread }: TowerSigns): number {
    if (this.isListed(word)) return 1;
    if (pieces > word.trim().split(/\s+/).length) return 0;
    return Math.min(1, Math.max(0, (spread - UNKNOWN_SPREAD) / (KNOWN_SPREAD - UNKNOWN_SPREAD)));
  }

  /**
   * Of a single noun or a phrase that is an entry of WordNet; any other text goes through the tower as it is. `known` is
   * 0..1, from `knownness`. May throw FILE_NOT_FOUND (WordNet is not installed).
   */
  standIn(word: string, known: number): StandIn {
    const alone: StandIn = { parts: [{ via: 'TOWER', word, weight: 1 }] };
    if (known >= 1 || this.isListed(word)) return alone;
    const near = this.nearestKnown(word);
    if (near.length > 0) {
      const total = near.reduce((sum, { score }) => sum + score, 0);
      const names = near.map((one) => `"${one.word}"`).join(' and ');
      return mix(
        word,
        known,
        near.map((one) => ({ via: 'WORDNET', word: one.word, weight: ((1 - known) * one.score) / total })),
        `The model hardly knows "${word}"; ${names} stood in for it.`,
      );
    }
    const { bridgeTrust, vectorOf } = this.#deps;
    const weight = (1 - known) * Math.min(1, bridgeTrust);
    if (weight <= 0 || /\s/.test(word.trim()) || vectorOf(word) === undefined) return alone;
    const notice = `The model hardly knows "${word}"; its place among the word vectors was added to it.`;
    return mix(word, 1 - weight, [{ via: 'BRIDGE', word, weight }], notice);
  }

  /** Words of the vocabulary by nearness in WordNet and in word space; the best or the best two. */
  nearestKnown(word: string): Candidate[] {
    const { wordnet, vectorOf } = this.#deps;
    const own = wordnet.lemma(word);
    const vector = vectorOf(word);
    const best = new Map<string, number>();
    wordnet
      .senses(word)
      .slice(0, MAX_SENSES)
      .forEach((sense, rank) => {
        for (const { synset, depth } of this.#upwards(sense)) {
          for (const below of this.#wordsBelow().get(synset.offset) ?? []) {
            if (below.word === word || below.word === own) continue;
            const alike =
              wuPalmer(wordnet.depthOf(synset), depth, below.steps) ** DEPTH_POWER * PER_STEP_DOWN ** below.steps;
            const usage = PER_SENSE ** rank * PER_OTHER_SENSE ** below.sense;
            const score = alike * usage * visibility(sense) * Math.sqrt(this.#likeness(vector, below.word));
            best.set(below.word, Math.max(score, best.get(below.word) ?? 0));
          }
        }
      });
    const ranked = [...best].map(([known, score]) => ({ word: known, score })).sort((a, b) => b.score - a.score);
    const least = (ranked[0]?.score ?? 0) * MIN_SHARE;
    return ranked.slice(0, MAX_STAND_INS).filter(({ score }) => score >= least);
  }

  /** The model's vocabulary names it, in singular or plural; every word where there is no vocabulary. */
  isListed(word: string): boolean {
    const text = word.trim().toLowerCase();
    if (this.#vocabulary.size === 0 || this.#vocabulary.has(text)) return true;
    return this.#vocabulary.has(this.#deps.wordnet.lemma(text) ?? text);
  }

  #likeness(vector: Vector | undefined, other: string): number {
    const second = vector === undefined ? undefined : this.#deps.vectorOf(other);
    return vector === undefined || second === undefined ? USUAL_COSINE : Math.max(MIN_COSINE, dot(vector, second));
  }

  #upwards(sense: NounSense): { readonly synset: NounSense; readonly depth: number }[] {
    return [{ synset: sense, depth: 0 }, ...this.#deps.wordnet.kindsOf(sense, MAX_STEPS_UP)];
  }

  /** By synset: the vocabulary's words that mean it, or a direct kind of it. Made with the first question. */
  #wordsBelow(): Map<number, Below[]> {
    if (this.#below !== undefined) return this.#below;
    const { vocabulary, wordnet } = this.#deps;
    const all = new Map<number, Below[]>();
    for (const word of vocabulary) {
      wordnet
        .senses(word)
        .slice(0, MAX_SENSES)
        .forEach((synset, sense) => {
          for (const above of [{ synset, depth: 0 }, ...wordnet.kindsOf(synset, MAX_STEPS_DOWN)]) {
            const list = all.get(above.synset.offset) ?? [];
            list.push({ word, steps: above.depth, sense });
            all.set(above.synset.offset, list);
          }
        });
    }
    this.#below = all;
    return all;
  }
}

/** Twice the depth of the common kind over the depths of both: steps near the root count for more. */
function wuPalmer(commonDepth: number, up: number, down: number): number {
  return (2 * commonDepth) / (2 * commonDepth + up + down);
}

function visibility({ topic }: NounSense): number {
  if (topic === PERSON_TOPIC) return INDIRECT;
  return VISIBLE_TOPICS.has(topic) ? 1 : INVISIBLE;
}

function mix(word: string, tower: number, others: readonly StandInPart[], notice: string): StandIn {
  const own: StandInPart[] = tower > 0 ? [{ via: 'TOWER', word, weight: tower }] : [];
  return { parts: [...others, ...own].sort((a, b) => b.weight - a.weight), notice };
}
