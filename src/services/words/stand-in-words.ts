// Which words of a text the model never learned, and what is read in their place. A model without a vocabulary file of its
// own is taken to know every word. Knows no picture.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addScaled, mean, norm, rowsOf, type Vector } from '../../core/vector.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { embedWithPrompts } from '../../embedding/prompts.ts';
import { KnownWords, type StandInPart } from '../../words/known-words.ts';
import type { WordNet } from '../../words/wordnet.ts';
import type { BridgeService } from './bridge-service.ts';
import type { PartsOfSpeech } from './parts-of-speech.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { WordService } from './word-service.ts';

/** A word of a phrase gets a stand-in only where the model hardly knows it, and the stand-in is near (KnownWords' scores). */
const HARDLY_KNOWN = 0.5;
const LEAST_NEARNESS = 0.02;
/** A phrase keeps this share of itself as it was written beside the one with the stand-ins. */
const OWN_SHARE = 0.25;
const MAX_STAND_INS = 4;

/** One text for the tower, or a vector that is there already, and its share of the whole. */
export type ReadingPart = { readonly weight: number } & ({ readonly text: string } | { readonly vector: Vector });

export interface Reading {
  readonly parts: readonly ReadingPart[];
  /** For people: what stood in for which word. */
  readonly remarks: readonly string[];
}

interface Deps {
  readonly embedder: Embedder;
  /** What the model learned, best known first; without words it knows everything. */
  readonly learned: Vocabulary;
  readonly wordnet: WordNet;
  readonly partsOfSpeech: PartsOfSpeech;
  readonly words: WordService;
  readonly bridge: BridgeService;
}

/** Where the learned words lie, and how far from there they usually are. */
interface Spread {
  readonly mean: Vector;
  readonly median: number;
}

export class StandInWords {
  readonly #deps: Deps;
  readonly #known: KnownWords;
  #spread: Spread | undefined;
  #isStopped = false;

  constructor(deps: Deps) {
    this.#deps = deps;
    const { bridge, words } = deps;
    this.#known = new KnownWords({
      vocabulary: deps.learned.words,
      wordnet: deps.wordnet,
      vectorOf: (phrase) => words.current?.vectors.phraseVector(phrase),
      get bridgeTrust() {
        return bridge.current?.report.toClip.centredCosine ?? 0;
      },
    });
  }

  /** How a text is read: as it is, or with stand-ins. May reject with FILE_NOT_FOUND where WordNet's files are gone. */
  async read(text: string): Promise<Reading> {
    const asIs: Reading = { parts: [{ text, weight: 1 }], remarks: [] };
    if (this.#deps.learned.words.length === 0) return asIs;
    const isEntry = this.#isNoun(text);
    const candidates = isEntry ? [text] : wordsOf(text).filter((word) => this.#isNoun(word));
    const known = await this.#knownness(candidates);
    const foreign = candidates.filter((word) => (known.get(word) ?? 1) < (isEntry ? 1 : HARDLY_KNOWN));
    if (foreign.length === 0) return asIs;
    // The words and the bridge say which of several meanings is meant; both only help.
    await this.#deps.bridge.opened();
    return (isEntry ? this.#readEntry(text, known.get(text) ?? 1) : this.#readPhrase(text, foreign)) ?? asIs;
  }

  /** Reads what WordNet says of the learned words in small steps, so that the first question need not do it at once. */
  async warm(): Promise<void> {
    const { learned, partsOfSpeech, wordnet } = this.#deps;
    const [first] = learned.words;
    if (first === undefined) return;
    const steps = [
      () => partsOfSpeech.isAdjective(first),
      () => partsOfSpeech.isGerund('being'),
      ...learned.words.map((word) => () => wordnet.senses(word).forEach((sense) => void wordnet.kindsOf(sense, 1))),
      () => this.#known.nearestKnown(first),
    ];
    for (const step of steps) {
      if (this.#isStopped) return;
      step();
      await nextTurn();
    }
  }

  /** Ends the warming up; questions are not asked afterwards. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Undefined where nothing stands in. */
  #readEntry(word: string, known: number): Reading | undefined {
    const { parts, notice } = this.#known.standIn(word, known);
    const read = parts.map((part) => this.#partOf(part));
    if (notice === undefined || read.some((part) => part === undefined)) return undefined;
    return { parts: read.filter((part) => part !== undefined), remarks: [notice] };
  }

  #readPhrase(text: string, foreign: readonly string[]): Reading | undefined {
    const remarks: string[] = [];
    let variant = text;
    for (const word of foreign.slice(0, MAX_STAND_INS)) {
      const { parts, notice } = this.#known.standIn(word, 0);
      const best = parts[0];
      const isNear = (this.#known.nearestKnown(word)[0]?.score ?? 0) >= LEAST_NEARNESS;
      if (best?.via !== 'WORDNET' || notice === undefined || !isNear) continue;
      variant = variant.replaceAll(new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, 'giu'), best.word);
      remarks.push(notice);
    }
    if (remarks.length === 0) return undefined;
    const own = { text, weight: OWN_SHARE };
    return { parts: [{ text: variant, weight: 1 - OWN_SHARE }, own], remarks };
  }

  #partOf({ via, word, weight }: StandInPart): ReadingPart | undefined {
    if (via !== 'BRIDGE') return { text: word, weight };
    const own = this.#deps.words.current?.vectors.phraseVector(word);
    const vector = own === undefined ? undefined : this.#deps.bridge.current?.toClip(own);
    return vector === undefined ? undefined : { vector, weight };
  }

  /** A single word or a compound that WordNet lists as a noun, and that is not first of all a quality or a doing. */
  #isNoun(text: string): boolean {
    const { partsOfSpeech, wordnet } = this.#deps;
    const word = text.toLowerCase();
    return wordnet.lemma(word) !== undefined && !partsOfSpeech.isAdjective(word) && !partsOfSpeech.isGerund(word);
  }

  /** Of words that the vocabulary does not list; the others need no look at the tower. */
  async #knownness(candidates: readonly string[]): Promise<Map<string, number>> {
    const { embedder } = this.#deps;
    const words = candidates.filter((word) => !this.#known.isListed(word));
    if (words.length === 0) return new Map();
    const [special = 0, ...tokens] = await embedder.countTokens(['', ...words]);
    const vectors = await embedWithPrompts(embedder, words, 'query');
    const spread = this.#learnedSpread();
    return new Map(
      words.map((word, i) => {
        const distance = norm(addScaled(vectors[i] as Vector, spread.mean, -1));
        return [
          word,
          this.#known.knownness(word, { pieces: (tokens[i] ?? 0) - special, spread: distance / spread.median }),
        ];
      }),
    );
  }

  #learnedSpread(): Spread {
    if (this.#spread !== undefined) return this.#spread;
    const rows = rowsOf(this.#deps.learned.vectors);
    const centre = mean(rows);
    const distances = rows.map((vector) => norm(addScaled(vector, centre, -1))).sort((a, b) => a - b);
    this.#spread = { mean: centre, median: distances[Math.floor(distances.length / 2)] || 1 };
    return this.#spread;
  }
}

function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/\p{L}[\p{L}'-]+/gu) ?? [])];
}
