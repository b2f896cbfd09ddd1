// Words that the model never learned by name, and what stands in for them: do they find what the common name finds?
// And words that it knows: do they find what they found before? Callers give the embeddings; this file only compares.
import { addScaled, dot, mean, norm, pack, unit, type Vector } from '../../src/core/vector.ts';
import { average, precisionAt } from '../../src/query/measures.ts';
import { type Bridge, fitBridge } from '../../src/words/bridge.ts';
import { KnownWords, type StandIn } from '../../src/words/known-words.ts';
import type { WordVectors } from '../../src/words/word-vectors.ts';
import type { WordNet } from '../../src/words/wordnet.ts';
import type { EmbeddedPhoto, Row } from './retrieval.ts';

/** The list of models/starter/README.md: [never a name in training, its common name]. */
export const SYNONYMS: readonly (readonly [word: string, common: string])[] = [
  ['pussycat', 'cat'],
  ['tomcat', 'cat'],
  ['doggy', 'dog'],
  ['pooch', 'dog'],
  ['sedan', 'car'],
  ['biplane', 'airplane'],
  ['jumbo jet', 'airplane'],
  ['seaside', 'beach'],
  ['shoreline', 'coast'],
  ['grove', 'forest'],
  ['pony', 'horse'],
  ['stallion', 'horse'],
  ['mare', 'horse'],
  ['colt', 'horse'],
  ['sparrow', 'bird'],
  ['songbird', 'bird'],
  ['stag', 'deer'],
  ['summit', 'mountain'],
  ['peak', 'mountain'],
  ['hilltop', 'hill'],
  ['cathedral', 'church'],
  ['gentleman', 'man'],
  ['guy', 'man'],
  ['crowd', 'people'],
  ['stream', 'river'],
  ['creek', 'river'],
  ['python', 'snake'],
  ['cottage', 'house'],
  ['mansion', 'house'],
  ['tavern', 'bar'],
  ['pond', 'lake'],
  ['town', 'city'],
  ['meal', 'food'],
  ['pullover', 'sweater'],
  ['settee', 'sofa'],
];

export interface SynonymSetup {
  /** All photos, labelled and captioned. */
  readonly photos: readonly EmbeddedPhoto[];
  /** Unit vectors of texts, made with whatever prompts the service uses. */
  readonly embed: (texts: readonly string[]) => Promise<Vector[]>;
  /** Pieces that the tokenizer makes of a text, special tokens not counted. */
  readonly countPieces: (text: string) => number;
  /** Words that the model learned, best known first. */
  readonly vocabulary: readonly string[];
  readonly vectors: WordVectors;
  readonly wordnet: WordNet;
}

export interface SynonymReport {
  readonly rows: readonly Row[];
  readonly bridge: Bridge;
  /** One line for each synonym: word, what stood in, shared results before and after. */
  readonly details: readonly string[];
}

type PlanOf = (word: string, vector: Vector | undefined) => StandIn;

const TOP = 10;

/** Fits a bridge on the vocabulary, and measures tower, bridge, WordNet and their mix. Takes a few hundred texts. */
export async function evaluateSynonyms(setup: SynonymSetup): Promise<SynonymReport> {
  const { photos, vocabulary, vectors, wordnet } = setup;
  const bridge = await bridgeOfVocabulary(setup);
  const known = new KnownWords({
    vocabulary,
    wordnet,
    vectorOf: (phrase) => vectors.phraseVector(phrase),
    bridgeTrust: bridge.report.toClip.centredCosine,
  });
  const words = SYNONYMS.map(([word]) => word);
  const targets = (await setup.embed(SYNONYMS.map(([, common]) => common))).map((vector) => firstTen(photos, vector));
  const share = (answers: readonly Vector[]): number[] =>
    answers.map((vector, i) => firstTen(photos, vector).filter((photo) => targets[i]?.includes(photo)).length / TOP);

  const towers = await setup.embed(words);
  const bridged = words.map((word, i) => {
    const vector = vectors.phraseVector(word);
    return vector === undefined ? (towers[i] as Vector) : bridge.toClip(vector);
  });
  const spreadOf = await spreadMeasure(setup);
  const planOf = (word: string, vector: Vector | undefined): StandIn => {
    const signs = { pieces: setup.countPieces(word), spread: vector === undefined ? 1 : spreadOf(vector) };
    return known.standIn(word, known.knownness(word, signs));
  };
  const plans = words.map((word, i) => planOf(word, towers[i]));
  const mixed = await Promise.all(plans.map((plan) => embedPlan(plan, setup, bridge)));
  const shares = { tower: share(towers), bridge: share(bridged), mix: share(mixed) };
  const over = `${words.length} synonyms, ${photos.length} photos`;
  const first10 = 'synonym: first 10 shared with the common name';
  const rows: Row[] = [
    { measure: `${first10}, tower`, value: average(shares.tower), over },
    { measure: `${first10}, bridge`, value: average(shares.bridge), over },
    { measure: `${first10}, stand-ins`, value: average(shares.mix), over },
    ...(await labelRows(setup, planOf, bridge)),
  ];
  const details = plans.map(({ parts }, i) => {
    const named = parts.map(({ via, word, weight }) => `${via} ${word} ${weight.toFixed(2)}`).join(' + ');
    return `${words[i]} (${SYNONYMS[i]?.[1]}): ${named}: ${shares.tower[i]} -> ${shares.mix[i]}`;
  });
  return { rows, bridge, details };
}

/** Class names as queries, the tower alone and with stand-ins: those that the model learned must be untouched. */
async function labelRows(setup: SynonymSetup, planOf: PlanOf, bridge: Bridge): Promise<Row[]> {
  const { photos } = setup;
  const labels = [...new Set(photos.flatMap(({ label }) => label ?? []))];
  const before = await setup.embed(labels);
  const plans = labels.map((label, i) => planOf(label, before[i]));
  const after = await Promise.all(plans.map((plan) => embedPlan(plan, setup, bridge)));
  const precision = (vector: Vector, label: string): number =>
    precisionAt(
      TOP,
      rank(photos, vector).map((photo) => photo.label === label),
    );
  const scored = labels.map((label, i) => ({
    isChanged: plans[i]?.notice !== undefined,
    before: precision(before[i] as Vector, label),
    after: precision(after[i] as Vector, label),
  }));
  const groups = [
    { name: 'class names, P@10', of: scored },
    { name: 'class names with a stand-in, P@10', of: scored.filter(({ isChanged }) => isChanged) },
  ];
  return groups.flatMap(({ name, of }) => [
    { measure: `${name}, tower`, value: average(of.map((one) => one.before)), over: `${of.length} names` },
    { measure: `${name}, stand-ins`, value: average(of.map((one) => one.after)), over: `${of.length} names` },
  ]);
}

/** Distance from the vocabulary's mean, in medians of the vocabulary. */
async function spreadMeasure({ vocabulary, embed }: SynonymSetup): Promise<(vector: Vector) => number> {
  const all = await embed(vocabulary);
  const centre = unit(mean(all));
  const distance = (vector: Vector): number => norm(addScaled(vector, centre, -1));
  const sorted = all.map(distance).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 1;
  return (vector) => distance(vector) / median;
}

async function bridgeOfVocabulary({ vocabulary, vectors, embed }: SynonymSetup): Promise<Bridge> {
  const words = vocabulary.filter((word) => vectors.phraseVector(word) !== undefined);
  return fitBridge(pack(words.map((word) => vectors.phraseVector(word) as Vector)), pack(await embed(words)));
}

async function embedPlan({ parts }: StandIn, { embed, vectors }: SynonymSetup, bridge: Bridge): Promise<Vector> {
  const texts = await embed(parts.map(({ word }) => word));
  let sum: Vector = new Float32Array(texts[0]?.length ?? 0);
  parts.forEach(({ via, word, weight }, i) => {
    const own = via === 'BRIDGE' ? vectors.phraseVector(word) : undefined;
    sum = addScaled(sum, own === undefined ? (texts[i] as Vector) : bridge.toClip(own), weight);
  });
  return unit(sum);
}

function rank(photos: readonly EmbeddedPhoto[], query: Vector): EmbeddedPhoto[] {
  return photos
    .map((photo) => ({ photo, score: dot(photo.vector, query) }))
    .sort((a, b) => b.score - a.score)
    .map(({ photo }) => photo);
}

function firstTen(photos: readonly EmbeddedPhoto[], query: Vector): EmbeddedPhoto[] {
  return rank(photos, query).slice(0, TOP);
}
