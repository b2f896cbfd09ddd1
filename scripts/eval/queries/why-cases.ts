// Are the words that explain a hit the right ones, and are they what the hit was found by?
import { addScaled, dot, type Matrix, pack, row, unit, type Vector } from '../../../src/core/vector.ts';
import { withoutPositivePart } from '../../../src/query/exclude.ts';
import { createExplainer } from '../../../src/query/explain.ts';
import { average } from '../../../src/query/measures.ts';
import { centre, type ModalityMeans } from '../../../src/query/space.ts';
import { seededRandom } from '../random.ts';
import { ranked } from './focus-cases.ts';
import type { LabelledPhotos } from './photos.ts';
import { areSiblings } from './siblings.ts';
import { markdownTable, meanWithInterval, short } from './table.ts';

/** Centred texts nearer than this are taken for names of one thing when an answer is judged. */
const SYNONYM_COSINE = 0.75;
const DELETION_QUERIES = 300;

export function whyReport(
  labelled: LabelledPhotos,
  words: readonly string[],
  vectors: readonly Vector[],
  means: ModalityMeans,
): string {
  return [
    agreement(labelled, words, vectors, means),
    lacking(labelled, words, vectors, means),
    deletion(labelled, words, vectors, means),
    timing(labelled, words, vectors, means),
  ].join('\n\n');
}

/** Only classes that the vocabulary has a word for can be named. */
function agreement(
  labelled: LabelledPhotos,
  words: readonly string[],
  vectors: readonly Vector[],
  means: ModalityMeans,
): string {
  const explainer = createExplainer(words, pack(vectors), means);
  const centred = vectors.map((vector) => centre(vector, 'TEXT', means));
  const names = namesOfClasses(labelled, words, centred, means);
  const judged = labelled.photos
    .map((_, i) => i)
    .filter((i) => (names[labelled.photos[i]?.classIndex ?? 0] as Set<string>).size > 0);
  const nearest = judged.map((i) => {
    const picture = centre(labelled.vectors[i] as Vector, 'IMAGE', means);
    return ranked(centred.map((word) => dot(word, picture)))
      .slice(0, 6)
      .map((w) => words[w] as string);
  });
  const explained = explainer
    .explain(judged.map((i) => labelled.vectors[i] as Vector))
    .map(({ why }) => why.map(({ word }) => word));
  const rowOf = (name: string, lists: readonly (readonly string[])[]): string[] => {
    const rightAt = (depth: number): number[] =>
      lists.map((list, k) =>
        list.slice(0, depth).some((word) => names[labelled.photos[judged[k] as number]?.classIndex ?? 0]?.has(word))
          ? 1
          : 0,
      );
    return [
      name,
      meanWithInterval(rightAt(1)),
      short(average(rightAt(6))),
      short(average(lists.map((list) => list.length)), 1),
    ];
  };
  return [
    `${judged.length} photos whose class the vocabulary has a word for (centred cosine above ${SYNONYM_COSINE})`,
    markdownTable(
      ['words', 'the first names the class', 'one of them does', 'words'],
      [rowOf('nearest, centred', nearest), rowOf('**why** (folded, fitted)', explained)],
    ),
  ].join('\n\n');
}

/** For each class the words that name it. `centred`: the words' vectors. */
function namesOfClasses(
  labelled: LabelledPhotos,
  words: readonly string[],
  centred: readonly Vector[],
  means: ModalityMeans,
): Set<string>[] {
  return labelled.classVectors.map((vector, c) => {
    const direction = centre(vector, 'TEXT', means);
    const own = centred
      .map((word, i) => ({ i, cosine: dot(word, direction) }))
      .filter(({ i, cosine }) => cosine > SYNONYM_COSINE || words[i] === labelled.classes[c]);
    return new Set(own.map(({ i }) => words[i] as string));
  });
}

/** What `missing` says of photos that lack nothing, of others, and of photos that show one of two classes asked for. */
function lacking(
  labelled: LabelledPhotos,
  words: readonly string[],
  vectors: readonly Vector[],
  means: ModalityMeans,
): string {
  const random = seededRandom(11);
  const explainer = createExplainer(words, pack(vectors), means);
  const centred = vectors.map((vector) => centre(vector, 'TEXT', means));
  const names = namesOfClasses(labelled, words, centred, means);
  const classes = names.flatMap((own, c) => (own.size > 0 ? [c] : []));
  const classOf = (photo: number): number => labelled.photos[photo]?.classIndex ?? -1;
  const missingOf = (query: Vector, photos: readonly number[]): string[][] =>
    explainer
      .explain(
        photos.map((photo) => labelled.vectors[photo] as Vector),
        centre(query, 'TEXT', means),
      )
      .map(({ missing }) => missing.map(({ word }) => word));
  const bestOf = (query: Vector, count: number, isWanted: (photo: number) => boolean): number[] =>
    ranked(labelled.vectors.map((vector) => dot(query, vector)))
      .filter(isWanted)
      .slice(0, count);
  const share = (list: readonly boolean[]): string => meanWithInterval(list.map(Number));
  const [anything, wrong, lackingOne, shownOne, other] = [[], [], [], [], []] as boolean[][] as [
    boolean[],
    boolean[],
    boolean[],
    boolean[],
    boolean[],
  ];
  for (const c of classes) {
    const query = labelled.classVectors[c] as Vector;
    const firstTen = bestOf(query, 10, () => true).filter((photo) => classOf(photo) === c);
    for (const list of missingOf(query, firstTen)) anything.push(list.length > 0);
    const strangers = Array.from({ length: 10 }, () => random.below(labelled.photos.length)).filter(
      (photo) => !areSiblings(labelled.classes[c] as string, labelled.classes[classOf(photo)] as string),
    );
    for (const list of missingOf(query, strangers)) wrong.push(list.some((word) => names[c]?.has(word)));
    let second = c;
    while (areSiblings(labelled.classes[c] as string, labelled.classes[second] as string))
      second = classes[random.below(classes.length)] as number;
    const both = unit(addScaled(query, labelled.classVectors[second] as Vector, 1));
    for (const list of missingOf(
      both,
      bestOf(both, 5, (photo) => classOf(photo) === c),
    )) {
      lackingOne.push(list.some((word) => names[second]?.has(word)));
      shownOne.push(list.some((word) => names[c]?.has(word)));
      other.push(list.some((word) => !names[c]?.has(word) && !names[second]?.has(word)));
    }
  }
  return markdownTable(
    ['`missing`', 'share of photos'],
    [
      ['a class is asked for, the photo is a right one of the first ten: anything is named', share(anything)],
      ['a class is asked for, the photo is of another: the class is named', share(wrong)],
      ['two classes are asked for, the photo shows one: the other is named', share(lackingOne)],
      ['... the one that it shows is named', share(shownOne)],
      ['... something else is named', share(other)],
    ],
  );
}

/** Takes directions out of an image query and looks where its best hit goes: down, if they are what it was found by. */
function deletion(
  labelled: LabelledPhotos,
  words: readonly string[],
  vectors: readonly Vector[],
  means: ModalityMeans,
): string {
  const random = seededRandom(3);
  const explainer = createExplainer(words, pack(vectors), means);
  const library: Matrix = pack(labelled.vectors.map((vector) => centre(vector, 'IMAGE', means)));
  const directionOf = new Map(words.map((word, i) => [word, centre(vectors[i] as Vector, 'TEXT', means)]));
  const ranks = {
    before: [] as number[],
    named: [] as number[],
    random: [] as number[],
    scoreNamed: [] as number[],
    scoreRandom: [] as number[],
  };
  for (const asking of random.shuffle(labelled.photos.map((_, i) => i)).slice(0, DELETION_QUERIES)) {
    const query = row(library, asking);
    const scores = scoresOf(library, query, asking);
    const hit = ranked(scores)[0] as number;
    const named = explainer.explain([labelled.vectors[hit] as Vector], query)[0]?.why.map(({ word }) => word) ?? [];
    const others = random.shuffle(words.filter((word) => !named.includes(word))).slice(0, named.length);
    const without = (list: readonly string[]): readonly [number, number] => {
      const changed = unit(
        withoutPositivePart(
          query,
          list.map((word) => directionOf.get(word) as Vector),
        ),
      );
      const after = scoresOf(library, changed, asking);
      return [after.filter((score) => score > (after[hit] as number)).length + 1, after[hit] as number];
    };
    const [namedRank, namedScore] = without(named);
    const [randomRank, randomScore] = without(others);
    ranks.before.push(1);
    ranks.named.push(namedRank);
    ranks.random.push(randomRank);
    ranks.scoreNamed.push((scores[hit] as number) - namedScore);
    ranks.scoreRandom.push((scores[hit] as number) - randomScore);
  }
  const inverse = (list: readonly number[]): string => meanWithInterval(list.map((rank) => 1 / rank));
  return markdownTable(
    ['taken out of the query', 'mean 1 / rank of its best hit (1 before)', 'mean fall of its score'],
    [
      ['the words of why', inverse(ranks.named), short(average(ranks.scoreNamed))],
      ['as many random words', inverse(ranks.random), short(average(ranks.scoreRandom))],
    ],
  );
}

function timing(
  labelled: LabelledPhotos,
  words: readonly string[],
  vectors: readonly Vector[],
  means: ModalityMeans,
): string {
  const explainer = createExplainer(words, pack(vectors), means);
  const page = labelled.vectors.slice(0, 20);
  const query = unit(addScaled(labelled.classVectors[0] as Vector, means.textMean, -1));
  const laps = Array.from({ length: 30 }, () => {
    const start = performance.now();
    explainer.explain(page, query);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return `why and missing for a page of ${page.length} hits, ${words.length} words: ${short(laps[15] as number, 1)} ms (median of 30).`;
}

function scoresOf(library: Matrix, query: Vector, without: number): number[] {
  return Array.from({ length: library.rows }, (_, i) => (i === without ? -2 : dot(query, row(library, i))));
}
