// Vectors made once and kept under .cache/ (never committed), so that an experiment costs seconds and not minutes.
// A cache entry is named by the model's weights and by everything that went into it; it is never patched.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack, rowsOf, type Vector } from '../../src/core/vector.ts';

export const CACHE_FOLDER = '.cache/eval';

/** The vectors of `recipe` (any JSON value that names all inputs), computed by `make` where they are not kept yet. */
export async function cachedVectors(
  modelKey: string,
  name: string,
  recipe: unknown,
  dimension: number,
  make: () => Promise<Vector[]>,
): Promise<Vector[]> {
  const hash = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
  const folder = join(CACHE_FOLDER, modelKey);
  const path = join(folder, `${name}-${hash}.f32`);
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const matrix = { rows: data.length / dimension, dimension, data };
    return rowsOf(matrix);
  }
  const vectors = await make();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, new Uint8Array(pack(vectors, dimension).data.buffer));
  return vectors;
}
