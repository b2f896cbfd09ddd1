// How often the class of a photo, or a synonym of it, is among its tags.
import type { TagService } from '../../src/services/tag-service.ts';
import { average, hitAt, reciprocalRank } from './measures.ts';
import type { EmbeddedPhoto, Row } from './retrieval.ts';

const DEPTH = 10;

/** Only photos count whose class, or a synonym, is in the vocabulary at all; `over` says how many. */
export async function tagRows(
  photos: readonly EmbeddedPhoto[],
  tags: TagService,
  isSame: (label: string, tag: string) => boolean,
): Promise<Row[]> {
  const namable = new Map<string, boolean>();
  const rankings: boolean[][] = [];
  for (const { label, vector } of photos) {
    if (label === undefined) continue;
    if (!namable.has(label))
      namable.set(
        label,
        tags.vocabulary.words.some((word) => isSame(label, word)),
      );
    if (!namable.get(label)) continue;
    rankings.push(
      (await tags.tagsForVector(vector, DEPTH)).map(({ name, also }) =>
        [name, ...also].some((word) => isSame(label, word)),
      ),
    );
  }
  const over = `${rankings.length} photos whose class is in the vocabulary`;
  return [
    ...[1, 5, 10].map((k) => ({
      measure: `tag hit@${k}`,
      value: average(rankings.map((ranked) => hitAt(k, ranked))),
      over,
    })),
    { measure: 'tag mean reciprocal rank', value: average(rankings.map(reciprocalRank)), over },
  ];
}
