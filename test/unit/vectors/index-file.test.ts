import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clustered-vectors.ts';
import { row } from '../../../src/core/vector.ts';
import type { Label } from '../../../src/core/views.ts';
import { openIndexFile, saveIndexFile } from '../../../src/vectors/index-file.ts';
import type { IndexIdentity } from '../../../src/vectors/index-header.ts';
import { createIndex } from '../../../src/vectors/make-index.ts';
import type { VectorIndex } from '../../../src/vectors/vector-index.ts';

const MATRIX = clusters({ dimension: 8, count: 5, spread: 0.5, seed: 2 }).draw(60);
const IDENTITY: IndexIdentity = { kind: 'usearch', fingerprint: 'model-a', dimension: 8, metric: 'cosine' };

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-index-file-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('saveIndexFile and openIndexFile', () => {
  it('give back an index that answers as the saved one, in a folder that did not exist', async () => {
    const place = { directory: join(directory, 'new', 'deep'), name: 'images' };
    const index = await filled();
    const generation = await saveIndexFile(place, index, 'model-a');
    const opened = await openIndexFile(place, IDENTITY);
    expect(opened.generation).toBe(generation);
    expect(opened.index.labels()).toEqual(index.labels());
    expect(opened.index.search(row(MATRIX, 3), 5)).toEqual(index.search(row(MATRIX, 3), 5));
  });

  it('keep only the newest generation and the files of other names', async () => {
    await save('images');
    await save('images-2');
    await save('images');
    expect((await files()).map((file) => file.replace(/-[0-9a-z]{12,}\./, '-GENERATION.'))).toEqual([
      'images-2-GENERATION.bin',
      'images-2-GENERATION.labels',
      'images-2.json',
      'images-GENERATION.bin',
      'images-GENERATION.labels',
      'images.json',
    ]);
    await openIndexFile({ directory, name: 'images-2' }, IDENTITY);
  });

  it('remove what a killed build left an hour ago, and leave what another process may be writing', async () => {
    for (const file of ['images-old.bin.tmp', 'images-new.bin.tmp', 'images-old.labels']) {
      await writeFile(join(directory, file), 'x');
    }
    const longAgo = new Date(Date.now() - 7_200_000);
    for (const file of ['images-old.bin.tmp', 'images-old.labels'])
      await utimes(join(directory, file), longAgo, longAgo);
    await save('images');
    expect((await files()).filter((file) => /old|new/.test(file))).toEqual(['images-new.bin.tmp']);
  });

  it('leave the committed index as it was when a later save fails half-way', async () => {
    await save('images');
    const before = await files();
    const index = await filled();
    index.save = async (path) => {
      await writeFile(path, 'half of it');
      throw new Error('no space left on device');
    };
    const failed = saveIndexFile({ directory, name: 'images' }, index, 'model-a');
    await expect(failed).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      cause: { message: 'no space left on device' },
    });
    expect(await files()).toEqual(before);
    await openIndexFile({ directory, name: 'images' }, IDENTITY);
  });
});

describe('openIndexFile refuses', () => {
  it('an index that was never written', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'INDEX_INVALID', details: { reason: 'missing' } });
  });

  it.each([
    ['fingerprint', { fingerprint: 'model-b' }, 'expected fingerprint model-b, got model-a'],
    ['dimension', { dimension: 9 }, 'expected dimension 9, got 8'],
    ['metric', { metric: 'dot' }, 'expected metric dot, got cosine'],
    ['kind', { kind: 'exact' }, 'expected kind exact, got usearch'],
  ] as const)('another %s', async (_, other, message) => {
    await save('images');
    const opened = openIndexFile({ directory, name: 'images' }, { ...IDENTITY, ...other });
    await expect(opened).rejects.toMatchObject({
      code: 'INDEX_INVALID',
      message: expect.stringContaining(message),
      details: { reason: 'stale' },
    });
  });

  it.each(['.bin', '.labels', '.json'])('a %s file that is truncated anywhere', async (ending) => {
    await save('images');
    const path = await fileEnding(ending);
    const whole = await readFile(path);
    for (const length of [0, 1, Math.floor(whole.length / 2), whole.length - 2]) {
      await writeFile(path, whole);
      await truncate(path, length);
      await expect(open()).rejects.toMatchObject({ code: 'INDEX_INVALID', details: { reason: 'torn' } });
    }
    await writeFile(path, whole);
    await open();
  });

  it.each(['.bin', '.labels'])('a %s file with one flipped bit anywhere', async (ending) => {
    await save('images');
    const path = await fileEnding(ending);
    const whole = await readFile(path);
    for (const at of [0, 17, Math.floor(whole.length / 2), whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(at) ^ 4, at);
      await writeFile(path, changed);
      await expect(open()).rejects.toMatchObject({ code: 'INDEX_INVALID', details: { reason: 'torn' } });
    }
  });

  it.each(['.bin', '.labels'])('a %s file that is gone', async (ending) => {
    await save('images');
    await rm(await fileEnding(ending));
    await expect(open()).rejects.toMatchObject({ code: 'INDEX_INVALID', details: { reason: 'missing' } });
  });

  it.each([
    ['is of another format', { format: 2 }],
    ['names a file elsewhere', { payload: { file: '../images-1.bin', bytes: 1, crc32: 1 } }],
    ['counts other labels', { count: 59 }],
    ['has no count', { count: null }],
  ])('a header that %s', async (_, change) => {
    await save('images');
    const path = join(directory, 'images.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
    await expect(open()).rejects.toMatchObject({ code: 'INDEX_INVALID', details: { reason: 'torn' } });
  });

  it('a header that is a folder', async () => {
    await mkdir(join(directory, 'images.json'));
    await expect(open()).rejects.toMatchObject({ code: 'INDEX_INVALID', details: { reason: 'torn' } });
  });
});

async function filled(): Promise<VectorIndex> {
  const index = await createIndex(IDENTITY.kind, IDENTITY);
  index.add(
    Array.from({ length: MATRIX.rows }, (_, i) => (i * 7) as Label),
    MATRIX,
  );
  return index;
}

async function save(name: string): Promise<void> {
  await saveIndexFile({ directory, name }, await filled(), IDENTITY.fingerprint);
}

function open() {
  return openIndexFile({ directory, name: 'images' }, IDENTITY);
}

async function files(): Promise<string[]> {
  return (await readdir(directory)).sort();
}

async function fileEnding(ending: string): Promise<string> {
  const found = (await files()).find((file) => file.endsWith(ending));
  return join(directory, found ?? 'no such file');
}
