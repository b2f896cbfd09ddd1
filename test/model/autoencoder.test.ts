// The autoencoder that ships, through the service's own door: that it is found by name, and gives the vectors that it gave.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dot, unit, type Vector } from '../../src/core/vector.ts';
import type { ImageEncoder } from '../../src/embedding/embedder.ts';
import { openEncoder } from '../support/encoders.ts';
import { plainPixels, syntheticPixels } from '../support/synthetic-pixels.ts';

/** Other kernels on other machines; a number of an embedding deviates by about 1. */
const GOLDEN_TOLERANCE = 1e-3;
const SEEDS = [1, 2];

const golden: readonly { readonly seed: number; readonly vector: string }[] = JSON.parse(
  readFileSync(new URL('../fixtures/golden-autoencoder.json', import.meta.url), 'utf8'),
);

let encoder: ImageEncoder;
beforeAll(async () => {
  encoder = await openEncoder('autoencoder');
}, 30_000);
afterAll(() => encoder.close());

describe('the autoencoder that ships', () => {
  it('opens by its name and says how it wants its pictures', () => {
    expect(encoder.model).toMatchObject({ id: 'autoencoder', dtype: 'fp32', dimension: 192 });
    expect(encoder.model.pixels).toMatchObject({ width: 32, height: 32, resize: { shortestEdge: 32 } });
  });

  it('gives two synthetic pictures the vectors that it gave when it was made', async () => {
    const pictures = SEEDS.map((seed) => syntheticPixels(seed, 32, 32));
    const vectors = await encoder.embedPixels(pictures, 'query');
    expect(golden.map(({ seed }) => seed)).toEqual(SEEDS);
    for (const [i, { vector }] of golden.entries()) expectClose(vectors[i], floats(vector));
  });

  it('puts a picture nearer to a lighter copy of it than to another', async () => {
    const picture = syntheticPixels(1, 32, 32);
    const lighter = { ...picture, data: picture.data.map((value) => Math.min(255, value + 20)) };
    const others = [syntheticPixels(2, 32, 32), plainPixels([200, 30, 30], 32, 32)];
    const [own, light, ...rest] = (await encoder.embedPixels([picture, lighter, ...others], 'query')).map(unit);
    const scores = rest.map((other) => dot(own as Vector, other));
    expect(scores).toHaveLength(others.length);
    expect(dot(own as Vector, light as Vector)).toBeGreaterThan(Math.max(...scores));
  });
});

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

function expectClose(vector: Vector | undefined, expected: Float32Array): void {
  expect(vector).toHaveLength(expected.length);
  for (const [k, value] of expected.entries()) {
    expect(Math.abs((vector?.[k] as number) - value)).toBeLessThan(GOLDEN_TOLERANCE);
  }
}
