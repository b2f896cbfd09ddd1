// Opens image encoders for tests: the starter's image tower, raw pixels, and the tiny networks of test/fixtures/encoders.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageEncoder } from '../../src/embedding/embedder.ts';
import { type OpenImageEncoderOptions, openImageEncoder } from '../../src/embedding/encoders/open-image-encoder.ts';

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
