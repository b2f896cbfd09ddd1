// Opens image encoders for tests: the starter's image tower, raw pixels, and the tiny networks of test/fixtures/encoders with
// the features that PyTorch gives of the same pictures (scripts/encoders/fixtures.py).
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Vector } from '../../src/core/vector.ts';
import type { ImageEncoder } from '../../src/embedding/embedder.ts';
import { type OpenImageEncoderOptions, openImageEncoder } from '../../src/embedding/encoders/open-image-encoder.ts';
import { syntheticPixels } from './synthetic-pixels.ts';

export const FIXTURES = fileURLToPath(new URL('../fixtures/encoders', import.meta.url));
export const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

export function openEncoder(source: string, more: Partial<OpenImageEncoderOptions> = {}): Promise<ImageEncoder> {
  const cacheDirectory = join(tmpdir(), 'semblance-no-cache');
  return openImageEncoder({ source, modelsDirectory: MODELS, cacheDirectory, threads: 1, ...more });
}

/** One of the tiny networks by its folder's name. */
export function openFixture(name: string): Promise<ImageEncoder> {
  return openEncoder(join(FIXTURES, name));
}

/** Other kernels on other machines; features are of size 1. */
const GOLDEN_TOLERANCE = 1e-4;

interface Golden {
  readonly side: number;
  readonly seeds: readonly number[];
  readonly encoders: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
export const golden: Golden = JSON.parse(readFileSync(join(FIXTURES, 'golden.json'), 'utf8'));

/** Features of the golden pictures; closes the encoder. */
export async function featuresOf(encoder: ImageEncoder): Promise<Vector[]> {
  try {
    const pictures = golden.seeds.map((seed) => syntheticPixels(seed, golden.side, golden.side));
    return await encoder.embedPixels(pictures, 'query');
  } finally {
    await encoder.close();
  }
}

/** The features that PyTorch gives of the golden pictures. */
export function expectGolden(vectors: readonly Vector[], name: string, feature: string): void {
  const rows = golden.encoders[name]?.[feature] ?? [];
  expect(rows.length).toBe(golden.seeds.length);
  expect(vectors).toHaveLength(rows.length);
  for (const [i, base64] of rows.entries()) {
    const expected = new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
    expect(vectors[i]).toHaveLength(expected.length);
    for (const [k, value] of expected.entries()) {
      expect(Math.abs((vectors[i]?.[k] as number) - value)).toBeLessThan(GOLDEN_TOLERANCE);
    }
  }
}

export const unavailable = (message: RegExp) => ({
  code: 'MODEL_UNAVAILABLE',
  message: expect.stringMatching(message),
});
