// The index that services use, with real graphs, files and threads: what it opens, and what a search finds.
import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, row } from '../../../src/core/vector.ts';
import type { Label } from '../../../src/core/views.ts';
import { openIndexFile } from '../../../src/vectors/index-file.ts';
import { createIndex } from '../../../src/vectors/make-index.ts';
import {
  DIMENSION,
  drop,
  expectAlmostExact,
  expectExact,
  IDENTITY,
  MATRIX,
  OTHERS,
  put,
  range,
  SLOW_MS,
  stageLiveIndexes,
} from './live-index-stage.ts';
import { MemorySource } from './memory-source.ts';

const { directory, warnings, open, builtSource } = stageLiveIndexes();

describe('a live index', { timeout: SLOW_MS }, () => {
  it('serves exactly at once, builds its file, and opens that file the next time', async () => {
    const source = new MemorySource(MATRIX);
    const first = await open(source);
    expect(first.status()).toEqual({ kind: 'usearch', state: 'BUILDING', size: 400, pending: 400 });
    await expectExact(first, source);
    await first.settled();
    expect(first.status()).toEqual({ kind: 'usearch', state: 'READY', size: 400, pending: 0 });
    await expectAlmostExact(first, source);
    await first.close();

    const second = await open(source);
    expect(second.status()).toEqual({ kind: 'usearch', state: 'READY', size: 400, pending: 0 });
    await expectAlmostExact(second, source);
    expect(warnings()).toEqual([]);
  });

  it.each(['lsh', 'int8', 'binary'] as const)('builds, opens and changes an index of the kind %s', async (kind) => {
    const source = new MemorySource(MATRIX);
    const first = await open(source, { kind });
    await expectExact(first, source);
    await first.settled();
    expect(first.status()).toEqual({ kind, state: 'READY', size: 400, pending: 0 });
    await first.close();

    const second = await open(source, { kind });
    expect(second.status()).toEqual({ kind, state: 'READY', size: 400, pending: 0 });
    put(second, source, range(1000, 1030), OTHERS);
    drop(second, source, range(0, 20));
    const found = await second.search(row(OTHERS, 0), 410);
    expect(found.map(({ label }) => label).sort((a, b) => a - b)).toEqual(await source.labels());
    // Sixteen bits order 400 vectors roughly at best; the other kinds almost exactly.
    if (kind !== 'binary') await expectAlmostExact(second, source);
    await second.rebuild();
    expect(second.status()).toEqual({ kind, state: 'READY', size: 410, pending: 0 });
    expect(warnings()).toEqual([]);
  });

  it('takes over on opening what the source gained and lost since the file was written', async () => {
    const source = await builtSource();
    source.drop(range(0, 20));
    source.put(range(1000, 1030), OTHERS);
    const live = await open(source);
    expect(live.status()).toEqual({ kind: 'usearch', state: 'READY', size: 410, pending: 50 });
    await expectAlmostExact(live, source);
  });

  it.each([
    ['missing', async () => rm(join(directory(), 'images.json'))],
    ['torn', async () => truncate(await payload(), 1000)],
    ['empty', async () => writeFile(join(directory(), 'images.json'), '')],
  ])('survives a %s file: exact at once, rebuilt behind', async (name, damage) => {
    const source = await builtSource();
    await damage();
    const live = await open(source);
    expect(live.status()).toMatchObject({ state: 'BUILDING', size: 400 });
    await expectExact(live, source);
    await live.settled();
    expect(live.status()).toMatchObject({ state: 'READY', pending: 0 });
    expect(warnings().length).toBe(name === 'missing' ? 0 : 1);
    await openIndexFile({ directory: directory(), name: 'images' }, IDENTITY);
  });

  it('replaces the file of another model', async () => {
    const source = await builtSource();
    const live = await open(source, { fingerprint: 'model-b' });
    expect(warnings()).toEqual([expect.stringContaining('expected fingerprint model-b, got model-a')]);
    await live.settled();
    await openIndexFile({ directory: directory(), name: 'images' }, { ...IDENTITY, fingerprint: 'model-b' });
  });

  it('returns no label twice and never fewer than exist, whatever is added and removed', async () => {
    const source = await builtSource();
    const live = await open(source);
    const chosen = fc.array(fc.integer({ min: 0, max: 430 }), { maxLength: 90 });
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        chosen,
        fc.integer({ min: 1, max: 500 }),
        fc.nat(99),
        async (isAdd, list, k, q) => {
          const labels = [...new Set(list)] as Label[];
          if (isAdd) put(live, source, labels, OTHERS);
          else drop(live, source, labels);
          expect(live.size).toBe(source.vectors.size);
          const found = await live.search(row(OTHERS, q), k);
          expect(found.length).toBe(Math.min(k, live.size));
          expect(new Set(found.map(({ label }) => label)).size).toBe(found.length);
          expect(found.every(({ label }) => source.vectors.has(label))).toBe(true);
        },
      ),
      { seed: 41, numRuns: 60 },
    );
    await live.settled();
    expect(live.size).toBe(source.vectors.size);
    await expectAlmostExact(live, source);
  });

  it('finds all of many equal vectors, which a graph alone does not reach', async () => {
    const same = pack(Array.from({ length: 300 }, () => row(MATRIX, 0)));
    const source = new MemorySource(same);
    const live = await open(source);
    await live.settled();
    for (const k of [1, 10, 299, 300, 1000]) {
      const found = await live.search(row(MATRIX, 0), k);
      expect(new Set(found.map(({ label }) => label)).size).toBe(Math.min(k, 300));
    }
  });

  it('is exact for the kind exact and writes no file', async () => {
    const source = new MemorySource(MATRIX);
    const live = await open(source, { kind: 'exact' });
    put(live, source, range(390, 420), OTHERS);
    drop(live, source, range(5, 9));
    await live.rebuild();
    expect(live.status()).toEqual({ kind: 'exact', state: 'EXACT', size: 416, pending: 0 });
    await expectExact(live, source);
    expect(await readdir(directory())).toEqual([]);
  });

  it('is empty for an empty source, and fills', async () => {
    const source = new MemorySource({ rows: 0, dimension: DIMENSION, data: new Float32Array(0) });
    const live = await open(source);
    expect(live.status()).toEqual({ kind: 'usearch', state: 'EXACT', size: 0, pending: 0 });
    expect(await live.search(row(MATRIX, 0), 5)).toEqual([]);
    await live.rebuild();
    put(live, source, range(0, 3), MATRIX);
    expect(await live.search(row(MATRIX, 0), 5)).toHaveLength(3);
  });

  it('refuses queries and rows of another dimension', async () => {
    const live = await open(new MemorySource(MATRIX), { kind: 'exact' });
    await expect(live.search(Float32Array.of(1), 5)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(() => live.add(range(0, 1), pack([Float32Array.of(1)]))).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });
});

describe('a live index of hnswlib', { timeout: SLOW_MS }, () => {
  const isBuilt = createIndex('hnswlib', IDENTITY).then(
    () => true,
    () => false,
  );

  it('builds, saves and opens as the others do, where the package is installed', async (context) => {
    if (!(await isBuilt)) context.skip('hnswlib-node is not installed');
    const source = new MemorySource(MATRIX);
    const first = await open(source, { kind: 'hnswlib' });
    await first.settled();
    await first.close();
    source.drop(range(0, 20));
    const live = await open(source, { kind: 'hnswlib' });
    expect(live.status()).toEqual({ kind: 'hnswlib', state: 'READY', size: 380, pending: 20 });
    await expectAlmostExact(live, source);
  });
});

async function payload(): Promise<string> {
  const found = (await readdir(directory())).find((file) => file.endsWith('.bin'));
  return join(directory(), found ?? 'no such file');
}
