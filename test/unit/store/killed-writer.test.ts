// The commit point, for real: a process that adds pictures is killed at any moment, and what it acknowledged is there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Vector } from '../../../src/core/vector.ts';
import { type ImageId, labelOf } from '../../../src/core/views.ts';
import { openSqliteCatalog } from '../../../src/store/sqlite-catalog.ts';
import { MODEL, TAG_VERSION } from '../../contract/catalog-pictures.ts';
import { BATCH, WRITTEN_VIEWS, writtenPicture } from './endless-writer.ts';

const WRITER = fileURLToPath(new URL('./endless-writer.ts', import.meta.url));
/** How long each writer goes on after its third acknowledged batch, so that the kill meets different moments. */
const KILLED_AFTER_MS = [0, 7, 30];

describe('a writer that is killed', () => {
  it('loses no picture that it acknowledged and leaves none half', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'semblance-killed-'));
    try {
      const path = join(folder, 'catalog.db');
      const acknowledged: number[] = [];
      for (const afterMs of KILLED_AFTER_MS) {
        // One batch may be committed and not acknowledged: the next writer begins behind it.
        const first = acknowledged.length === 0 ? 0 : Math.max(...acknowledged) + 1 + BATCH;
        acknowledged.push(...(await writeUntilKilled(path, first, afterMs)));
        await expectWhole(path, acknowledged);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** The numbers of the pictures that the writer acknowledged before it died. */
async function writeUntilKilled(path: string, first: number, afterMs: number): Promise<number[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(writer, 'exit');
  const numbers: number[] = [];
  let lines = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    numbers.push(...line.split(' ').map(Number));
    if (++lines === 3) setTimeout(() => writer.kill('SIGKILL'), afterMs);
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return numbers;
}

async function expectWhole(path: string, acknowledged: readonly number[]): Promise<void> {
  const catalog = openSqliteCatalog({ path });
  try {
    const byHash = await catalog.findBySha256(acknowledged.map((number) => writtenPicture(number).sha256));
    expect(byHash.size).toBe(acknowledged.length);
    const ids = await catalog.idsMatching({});
    const tags = await catalog.getTags(ids);
    for (const [i, image] of (await catalog.getImages(ids)).entries()) {
      const id = ids[i] as ImageId;
      // The file's name says which picture it was, acknowledged or not.
      const written = writtenPicture(Number.parseInt(image?.name ?? '', 10));
      const labels = WRITTEN_VIEWS.map((view) => labelOf(id, view));
      const vectors = await catalog.getVectors(MODEL, labels);
      expect(image?.sha256).toBe(written.sha256);
      // As text, for comparing thousands of typed arrays element by element takes seconds.
      expect(labels.map((label) => textOf(vectors.get(label)))).toEqual(
        written.views.map(({ vector }) => textOf(vector)),
      );
      expect(tags.get(id)).toEqual(written.tags);
      expect(await catalog.filesOf(id)).toEqual([written.file]);
    }
    expect(await catalog.labels(MODEL)).toHaveLength(ids.length * WRITTEN_VIEWS.length);
    expect(await catalog.imagesWithStaleTags(TAG_VERSION, 1)).toEqual([]);
  } finally {
    await catalog.close();
  }
}

function textOf(vector: Vector | undefined): string {
  return vector === undefined ? 'missing' : Buffer.from(vector.buffer).toString('base64');
}
