// What the service finds, measured on photos whose classes or captions are known.
import { dot, type Vector } from '../../src/core/vector.ts';
import { average, averagePrecision, precisionAt } from '../../src/query/measures.ts';
import { hitAt } from './measures.ts';

export interface EmbeddedPhoto {
  readonly label: string | undefined;
  readonly captions: readonly string[];
  readonly vector: Vector;
}

export interface Row {
  readonly measure: string;
  readonly value: number;
  /** What was counted. */
  readonly over: string;
}

/** Class names as queries over all photos (captioned ones are distractors). */
export function textToImage(photos: readonly EmbeddedPhoto[], classVectors: ReadonlyMap<string, Vector>): Row[] {
  const rankings = [...classVectors].map(([label, query]) => rank(photos, query).map((photo) => photo.label === label));
  const over = `${classVectors.size} class names, ${photos.length} photos`;
  return [
    { measure: 'text -> image, precision@10', value: average(rankings.map((ranked) => precisionAt(10, ranked))), over },
    { measure: 'text -> image, mAP', value: average(rankings.map((ranked) => averagePrecision(ranked))), over },
  ];
}

/** Each labelled photo as a query over the other labelled ones. */
export function imageToImage(photos: readonly EmbeddedPhoto[]): Row[] {
  const labelled = photos.filter(({ label }) => label !== undefined);
  const values = labelled.map((query) => {
    const ranked = rank(
      labelled.filter((photo) => photo !== query),
      query.vector,
    );
    return precisionAt(
      10,
      ranked.map(({ label }) => label === query.label),
    );
  });
  return [{ measure: 'image -> image, precision@10', value: average(values), over: `${labelled.length} photos` }];
}

/** The nearest class name of each photo. */
export function zeroShot(photos: readonly EmbeddedPhoto[], classVectors: ReadonlyMap<string, Vector>): Row[] {
  const labelled = photos.filter(({ label }) => label !== undefined);
  const rankings = labelled.map(({ label, vector }) =>
    [...classVectors]
      .map(([name, classVector]) => ({ name, score: dot(vector, classVector) }))
      .sort((a, b) => b.score - a.score)
      .map(({ name }) => name === label),
  );
  const over = `${labelled.length} photos, ${classVectors.size} names`;
  return [1, 5].map((k) => ({
    measure: `zero-shot top-${k}`,
    value: average(rankings.map((ranked) => hitAt(k, ranked))),
    over,
  }));
}

/** Right pairs of caption and photo among all of them, both ways. */
export function captionRecall(photos: readonly EmbeddedPhoto[], captionVectors: readonly (readonly Vector[])[]): Row[] {
  const texts = captionVectors.flatMap((vectors, owner) => vectors.map((vector) => ({ owner, vector })));
  const textRanks = texts.map(({ owner, vector }) => {
    const own = dot(vector, photos[owner]?.vector ?? vector);
    return photos.filter((photo) => dot(vector, photo.vector) > own).length;
  });
  const imageRanks = photos.map(({ vector }, owner) => {
    const best = Math.max(...(captionVectors[owner] ?? []).map((caption) => dot(vector, caption)));
    return texts.filter((text) => text.owner !== owner && dot(vector, text.vector) > best).length;
  });
  const over = `${texts.length} captions, ${photos.length} photos`;
  const rows = (way: string, ranks: readonly number[]) =>
    [1, 5, 10].map((k) => ({
      measure: `${way}, recall@${k}`,
      value: average(ranks.map((value) => (value < k ? 1 : 0))),
      over,
    }));
  return [...rows('caption -> image', textRanks), ...rows('image -> caption', imageRanks)];
}

function rank(photos: readonly EmbeddedPhoto[], query: Vector): EmbeddedPhoto[] {
  return photos
    .map((photo) => ({ photo, score: dot(photo.vector, query) }))
    .sort((a, b) => b.score - a.score)
    .map(({ photo }) => photo);
}
