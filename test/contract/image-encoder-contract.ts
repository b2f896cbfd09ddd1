// What every ImageEncoder must do, whatever runs behind it. Each implementation's test calls this with a way to make one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vector } from '../../src/core/vector.ts';
import type { ImageEncoder } from '../../src/embedding/embedder.ts';
import { syntheticPixels } from '../support/synthetic-pixels.ts';

/** Batches add up in another order than single runs; of the largest number in the vector. */
const SAME_VECTOR_TOLERANCE = 1e-5;

export function describeImageEncoder(name: string, make: () => Promise<ImageEncoder>): void {
  describe(`${name} keeps the image encoder's contract`, () => {
    let encoder: ImageEncoder;
    beforeAll(async () => {
      encoder = await make();
    }, 30_000);
    afterAll(() => encoder.close());

    const pictures = (count: number) =>
      Array.from({ length: count }, (_, i) => {
        const { width, height } = encoder.model.pixels;
        return syntheticPixels(i, width, height);
      });

    it('says what it is', () => {
      const { id, revision, dtype, dimension, fingerprint } = encoder.model;
      for (const text of [id, revision, dtype, encoder.description]) expect(text).toMatch(/\S/);
      expect(dimension).toBeGreaterThan(0);
      expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
    });

    it('gives one finite vector of its dimension for each picture', async () => {
      const vectors = await encoder.embedPixels(pictures(3), 'ingest');
      expect(vectors).toHaveLength(3);
      for (const vector of vectors) {
        expect(vector).toHaveLength(encoder.model.dimension);
        expect(vector.every(Number.isFinite)).toBe(true);
      }
    });

    it('answers an empty batch with an empty list', async () => {
      expect(await encoder.embedPixels([], 'query')).toEqual([]);
    });

    it('gives a batch the vectors that its members get alone, in order', async () => {
      const some = pictures(19);
      const together = await encoder.embedPixels(some, 'ingest');
      expect(together).toHaveLength(19);
      for (const i of [0, 7, 8, 18]) {
        const [alone] = await encoder.embedPixels(some.slice(i, i + 1), 'query');
        expectSame(alone, together[i]);
      }
    });

    it('gives different pictures different vectors', async () => {
      const [a, b] = await encoder.embedPixels(pictures(2), 'query');
      expect(a).not.toEqual(b);
    });

    it('gives vectors that keep no memory of the others', async () => {
      const [first, second] = await encoder.embedPixels(pictures(2), 'query');
      const kept = Float32Array.from(second as Vector);
      first?.fill(0);
      expect(second).toEqual(kept);
      expect(first?.buffer.byteLength).toBe(encoder.model.dimension * 4);
    });

    it('leaves the pixels that it was given as they were', async () => {
      const [given] = pictures(1);
      const [kept] = pictures(1);
      await encoder.embedPixels(given === undefined ? [] : [given], 'query');
      expect(given).toEqual(kept);
    });

    it('brings a classifier of its own dimension, if any, with a name for each row', () => {
      const { classifier, model } = encoder;
      if (classifier === undefined) return;
      expect(classifier.weights.dimension).toBe(model.dimension);
      expect(classifier.weights.rows).toBe(classifier.classes.length);
      expect(classifier.weights.data).toHaveLength(classifier.classes.length * model.dimension);
    });

    it('refuses pixels of another size with INTERNAL', async () => {
      const { width, height } = encoder.model.pixels;
      await expect(encoder.embedPixels([syntheticPixels(0, width + 1, height)], 'query')).rejects.toMatchObject({
        code: 'INTERNAL',
      });
      const short = { width, height, data: new Uint8Array(5) };
      await expect(encoder.embedPixels([short], 'query')).rejects.toMatchObject({ code: 'INTERNAL' });
    });

    // Last, because it closes the encoder of the others.
    it('refuses work after close with SHUTTING_DOWN, and closes twice without harm', async () => {
      await Promise.all([encoder.close(), encoder.close()]);
      await expect(encoder.embedPixels(pictures(1), 'query')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    });
  });
}

function expectSame(a: Vector | undefined, b: Vector | undefined): void {
  expect(a).toHaveLength(b?.length ?? 0);
  const largest = Math.max(...(b ?? []).map(Math.abs));
  for (const [i, value] of a?.entries() ?? []) {
    expect(Math.abs(value - (b?.[i] as number))).toBeLessThanOrEqual(SAME_VECTOR_TOLERANCE * largest);
  }
}
