// What npm run eval prints of a library whose pictures lie exactly where their class names lie.
import { describe, expect, it } from 'vitest';
import { textToImage } from '../../../scripts/eval/retrieval.ts';
import type { Vector } from '../../../src/core/vector.ts';

const AXES: Vector[] = [0, 1, 2, 3].map((axis) => Float32Array.from({ length: 4 }, (_, i) => (i === axis ? 1 : 0)));
const classes = new Map(AXES.map((vector, i) => [`class ${i}`, vector]));
const photos = [...classes].flatMap(([label, vector]) => [1, 2, 3].map(() => ({ label, captions: [], vector })));

describe('textToImage', () => {
  it('gives every class its due, the first as the last', () => {
    expect(textToImage(photos, classes).map(({ value }) => value)).toEqual([1, 1]);
  });
});
