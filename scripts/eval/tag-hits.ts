// How often the class of a photo, or a synonym of it, is among its tags: for each source of tags alone, and for the merge.
import { addScaled, dot, type Matrix, mean, row, unit, type Vector } from '../../src/core/vector.ts';
import { average } from '../../src/query/measures.ts';
import { kindsAmong } from '../../src/services/tags/kinds.ts';
import { type Candidate, mergeTags, type Neighbor, withBackground } from '../../src/services/tags/tag-merge.ts';
import type { Vocabulary } from '../../src/services/words/vocabulary.ts';
import { foldTags } from '../../src/words/fold.ts';
import type { WordNet } from '../../src/words/wordnet.ts';
import { hitAt, reciprocalRank } from './measures.ts';
import type { EmbeddedPhoto, Row } from './retrieval.ts';

/** As the service does it. */
const DEPTH = 10;
const FOLDED_BESIDE = 10;
const NEIGHBORS = 20;
/** Every so many-th photo carries its class as a person's tag; the measures are over the others. */
const TAGGED_EVERY = 10;

export interface TagSources {
  readonly vocabulary: Vocabulary;
  /** By row of the vocabulary; undefined where word space has no place for the word. */
  readonly bridged: readonly (Vector | undefined)[];
  readonly background: Matrix | undefined;
  readonly wordnet: WordNet;
  readonly logitScale: number;
}

/** Only photos count whose class, or a synonym, is in the vocabulary at all; `over` says how many. */
export function tagRows(
  photos: readonly EmbeddedPhoto[],
  sources: TagSources,
  isSame: (label: string, tag: string) => boolean,
): Row[] {
  const { words, vectors } = sources.vocabulary;
  const labels = [...new Set(photos.flatMap(({ label }) => label ?? []))];
  const namable = new Set(labels.filter((label) => words.some((word) => isSame(label, word))));
  const judged = photos.filter(({ label }, i) => i % TAGGED_EVERY !== 0 && label !== undefined && namable.has(label));
  const tower = words.map((name, i): Candidate => ({ name, tower: row(vectors, i) }));
  const both = tower.map((candidate, i): Candidate => ({ ...candidate, bridged: sources.bridged[i] }));
  const bridge = both.flatMap(({ name, bridged }): Candidate[] => (bridged ? [{ name, tower: bridged }] : []));
  const alone = judged.map(({ vector }) => neighborsOf(vector, photos));
  const ways: readonly [string, readonly Candidate[], boolean][] = [
    ['tower alone', tower, false],
    ['bridge alone', bridge, false],
    [`neighbours alone, 1 of ${TAGGED_EVERY} tagged`, [], true],
    ['tower and bridge', both, false],
    ['tower, bridge and neighbours', both, true],
  ];
  const centre = mean(words.map((_, i) => row(vectors, i)));
  const centred = new Map(tower.map((one) => [one.name, unit(addScaled(one.tower, centre, -1))]));
  const over = `${judged.length} photos whose class is in the vocabulary`;
  return ways.flatMap(([name, candidates, useNeighbors]) => {
    const firstScores: number[] = [];
    const kinds = kindsAmong(
      candidates.map(({ name: word }) => word),
      sources.wordnet,
    );
    const rankings = judged.map(({ label = '', vector }, i) => {
      const neighbors = useNeighbors ? withBackground(vector, alone[i] ?? [], sources.background) : [];
      const merged = mergeTags(vector, candidates, kinds, neighbors, sources.logitScale).slice(
        0,
        DEPTH + FOLDED_BESIDE,
      );
      const ranked = merged.map((tag) => {
        const own = centred.get(tag.name);
        return own === undefined ? tag : { ...tag, vector: own };
      });
      const folded = foldTags(ranked, sources.wordnet).slice(0, DEPTH);
      firstScores.push(folded[0]?.score ?? 0);
      return folded.map((tag) => [tag.name, ...tag.also].some((word) => isSame(label, word)));
    });
    return [
      ...[1, 5, 10].map((k) => ({
        measure: `tags by ${name}: hit@${k}`,
        value: average(rankings.map((ranked) => hitAt(k, ranked))),
        over,
      })),
      { measure: `tags by ${name}: mean reciprocal rank`, value: average(rankings.map(reciprocalRank)), over },
      // A probability that means something is on the average as high as the first tag is right.
      { measure: `tags by ${name}: mean score of the first`, value: average(firstScores), over },
    ];
  });
}

function neighborsOf(picture: Vector, photos: readonly EmbeddedPhoto[]): Neighbor[] {
  return photos
    .map(({ vector, label }, i) => ({ vector, tags: i % TAGGED_EVERY === 0 && label !== undefined ? [label] : [] }))
    .filter(({ vector }) => vector !== picture)
    .map(({ vector, tags }) => ({ score: dot(picture, vector), tags }))
    .sort((a, b) => b.score - a.score)
    .slice(0, NEIGHBORS);
}
