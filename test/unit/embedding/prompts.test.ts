import { describe, expect, it } from 'vitest';
import { mean, unit } from '../../../src/core/vector.ts';
import { embedWithPrompts, promptsFor } from '../../../src/embedding/prompts.ts';
import { createFakeEmbedder } from '../../support/fake-embedder.ts';

describe('prompts', () => {
  it('put the word into every sentence as it is, also where it looks like a pattern', () => {
    for (const word of ['red car', '$& {}']) {
      const prompts = promptsFor(word);
      expect(new Set(prompts).size).toBe(prompts.length);
      for (const prompt of prompts) expect(prompt).toContain(word);
    }
  });

  it('give each word the unit mean of the vectors of its own prompts', async () => {
    const embedder = createFakeEmbedder();
    const words = ['red', 'green dog', 'sea'];
    const vectors = await embedWithPrompts(embedder, words, 'query');
    expect(vectors).toHaveLength(words.length);
    for (const [i, word] of words.entries()) {
      expect(vectors[i]).toEqual(unit(mean(await embedder.embedTexts(promptsFor(word), 'query'))));
    }
  });

  it('of no word are no vectors', async () => {
    expect(await embedWithPrompts(createFakeEmbedder(), [], 'query')).toEqual([]);
  });
});
