import { describe, expect, it } from 'vitest';
import { dot, type Vector } from '../../src/core/vector.ts';
import { createFakeEmbedder } from '../support/fake-embedder.ts';
import { plainPixels } from '../support/synthetic-pixels.ts';
import { describeEmbedder } from './embedder-contract.ts';

describeEmbedder('the fake embedder', async () => createFakeEmbedder());

describe('the fake embedder', () => {
  it('finds the picture of a named colour first', async () => {
    const embedder = createFakeEmbedder();
    const colours = {
      red: [220, 20, 20],
      green: [20, 150, 20],
      blue: [10, 10, 230],
      white: [250, 250, 250],
      black: [5, 5, 5],
      yellow: [250, 225, 10],
    } as const;
    const names = Object.keys(colours);
    const pictures = await embedder.embedPixels(
      Object.values(colours).map((colour) => plainPixels(colour, 16, 16)),
      'ingest',
    );
    const texts = await embedder.embedTexts(
      names.map((name) => `a photo of a ${name} car`),
      'query',
    );
    for (const [i, text] of texts.entries()) {
      const scores = pictures.map((picture) => dot(picture as Vector, text));
      expect(names[scores.indexOf(Math.max(...scores))]).toBe(names[i]);
    }
  });
});
