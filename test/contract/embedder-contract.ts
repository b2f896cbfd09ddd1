// What every Embedder must do, whatever runs behind it. Each implementation's test calls this with a way to make one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { norm, type Vector } from '../../src/core/vector.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { syntheticPixels } from '../support/synthetic-pixels.ts';

/** Batches add up in another order than single runs. */
const SAME_VECTOR_TOLERANCE = 1e-5;
const UNIT_TOLERANCE = 1e-5;

export function describeEmbedder(name: string, make: () => Promise<Embedder>): void {
  describe(`${name} keeps the embedder's contract`, () => {
    let embedder: Embedder;
    beforeAll(async () => {
      embedder = await make();
    }, 30_000);
    afterAll(() => embedder.close());

    const texts = ['a red car', 'dog', 'two people on a beach at sunset, seen from far away', ''];
    const pictures = (count: number) =>
      Array.from({ length: count }, (_, i) => {
        const { width, height } = embedder.model.pixels;
        return syntheticPixels(i, width, height);
      });

    it('gives one unit vector of the model dimension for each text', async () => {
      const vectors = await embedder.embedTexts(texts, 'query');
      expect(vectors).toHaveLength(texts.length);
      for (const vector of vectors) expectUnit(vector, embedder.model.dimension);
    });

    it('gives one unit vector of the model dimension for each picture', async () => {
      const vectors = await embedder.embedPixels(pictures(3), 'ingest');
      expect(vectors).toHaveLength(3);
      for (const vector of vectors) expectUnit(vector, embedder.model.dimension);
    });

    it('answers an empty batch with an empty list', async () => {
      expect(await embedder.embedTexts([], 'query')).toEqual([]);
      expect(await embedder.embedPixels([], 'query')).toEqual([]);
      expect(await embedder.countTokens([])).toEqual([]);
    });

    it('gives a batch the vectors that its members get alone, in order', async () => {
      const batch = await embedder.embedTexts(texts, 'ingest');
      for (const [i, text] of texts.entries()) expectSame(await embedder.embedTexts([text], 'query'), [batch[i]]);
      const some = pictures(19);
      const together = await embedder.embedPixels(some, 'ingest');
      for (const i of [0, 7, 8, 18])
        expectSame(await embedder.embedPixels(some.slice(i, i + 1), 'query'), [together[i]]);
    });

    it('gives different inputs different vectors', async () => {
      const [a, b] = await embedder.embedTexts(['red', 'green'], 'query');
      expect(a).not.toEqual(b);
      const [c, d] = await embedder.embedPixels(pictures(2), 'query');
      expect(c).not.toEqual(d);
    });

    it('leaves the pixels that it was given as they were', async () => {
      const [given] = pictures(1);
      const [kept] = pictures(1);
      await embedder.embedPixels(given === undefined ? [] : [given], 'query');
      expect(given).toEqual(kept);
    });

    it('embeds texts far beyond the context, alike from the cut on', async () => {
      const long = Array.from({ length: 300 }, () => 'dog').join(' ');
      const [a, b] = await embedder.embedTexts([long, `${long} and a cat`], 'query');
      expectUnit(a, embedder.model.dimension);
      expectSame([a], [b]);
    });

    it('counts more tokens for longer texts, and more than the context for too long ones', async () => {
      const [short, longer, tooLong] = await embedder.countTokens(['dog', 'a dog on a sofa', 'dog '.repeat(300)]);
      expect(short).toBeLessThan(longer ?? 0);
      expect(longer).toBeLessThanOrEqual(embedder.model.contextLength);
      expect(tooLong).toBeGreaterThan(embedder.model.contextLength);
    });

    it('refuses pixels of another size with INTERNAL', async () => {
      const { width, height } = embedder.model.pixels;
      await expect(embedder.embedPixels([syntheticPixels(0, width + 1, height)], 'query')).rejects.toMatchObject({
        code: 'INTERNAL',
      });
      const short = { width, height, data: new Uint8Array(5) };
      await expect(embedder.embedPixels([short], 'query')).rejects.toMatchObject({ code: 'INTERNAL' });
    });

    // Last, because it closes the embedder of the others: a real one takes seconds to start.
    it('refuses work after close with SHUTTING_DOWN, and closes twice without harm', async () => {
      await Promise.all([embedder.close(), embedder.close()]);
      const refused = { code: 'SHUTTING_DOWN' };
      await expect(embedder.embedTexts(['dog'], 'query')).rejects.toMatchObject(refused);
      await expect(embedder.embedPixels(pictures(1), 'ingest')).rejects.toMatchObject(refused);
      await expect(embedder.countTokens(['dog'])).rejects.toMatchObject(refused);
    });
  });
}

function expectUnit(vector: Vector | undefined, dimension: number): void {
  expect(vector).toHaveLength(dimension);
  expect(Math.abs(norm(vector as Vector) - 1)).toBeLessThan(UNIT_TOLERANCE);
}

function expectSame(a: readonly (Vector | undefined)[], b: readonly (Vector | undefined)[]): void {
  expect(a).toHaveLength(b.length);
  for (const [i, vector] of a.entries()) {
    const other = b[i] as Vector;
    expect(vector).toHaveLength(other.length);
    vector?.forEach((value, k) => {
      expect(Math.abs(value - (other[k] as number))).toBeLessThan(SAME_VECTOR_TOLERANCE);
    });
  }
}
