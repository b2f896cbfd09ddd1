import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOfWeights } from '../../../src/embedding/weights-hash.ts';

const LARGE = 100 * 2 ** 20;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-hash-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A sparse file: large, but nearly nothing on disk. */
async function writeSparse(size: number, edits: Record<number, string> = {}): Promise<string> {
  const file = await open(join(folder, 'w'), 'w');
  await file.truncate(size);
  for (const [position, text] of Object.entries(edits)) await file.write(text, Number(position));
  await file.close();
  return hashOfWeights(folder, ['w']);
}

describe('the hash of large weights', () => {
  it('follows the size, the beginning, the end and wide changes between', async () => {
    const hashes = [
      await writeSparse(LARGE),
      await writeSparse(LARGE + 1),
      await writeSparse(LARGE, { 0: 'x' }),
      await writeSparse(LARGE, { [LARGE - 1]: 'x' }),
      await writeSparse(LARGE, { [LARGE / 2]: 'x'.repeat(2 ** 20) }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await writeSparse(LARGE)).toBe(hashes[0]);
  });
});
