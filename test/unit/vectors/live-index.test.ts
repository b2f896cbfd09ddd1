// The index that services use, with real graphs, files and threads.
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clustered-vectors.ts';
import { type Matrix, pack, row } from '../../../src/core/vector.ts';
import type { Label } from '../../../src/core/views.ts';
import { openIndexFile } from '../../../src/vectors/index-file.ts';
import { LiveIndex } from '../../../src/vectors/live-index.ts';
import type { LiveIndexOptions } from '../../../src/vectors/live-index-options.ts';
import { createIndex } from '../../../src/vectors/make-index.ts';
import { scanExact } from '../../../src/vectors/select.ts';
import { MemorySource } from './memory-source.ts';

const DIMENSION = 16;
const STREAM = () => clusters({ dimension: DIMENSION, count: 12, spread: 0.6, seed: 31 });
const MATRIX = STREAM().draw(400);
const OTHERS = clusters({ dimension: DIMENSION, count: 12, spread: 0.6, seed: 32 }).draw(100);
const IDENTITY = { kind: 'usearch', fingerprint: 'model-a', dimension: DIMENSION, metric: 'cosine' } as const;
/** Threads are started and graphs built on a machine that may be busy. */
const SLOW_MS = 60_000;

let built = '';
let directory = '';
let opened: LiveIndex[] = [];
let warnings: string[] = [];
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'semblance-live-index-built-'));
  const live = await LiveIndex.open({
    directory: built,
    name: 'images',
    ...IDENTITY,
    source: new MemorySource(MATRIX),
  });
  await live.settled();
  await live.close();
}, SLOW_MS);
afterAll(() => rm(built, { recursive: true, force: true }));
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-live-index-'));
  opened = [];
  warnings = [];
});
afterEach(async () => {
  for (const live of opened) await live.close();
  await rm(directory, { recursive: true, force: true });
});

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
    expect(warnings).toEqual([]);
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
    expect(warnings).toEqual([]);
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
    ['missing', async () => rm(join(directory, 'images.json'))],
    ['torn', async () => truncate(await payload(), 1000)],
    ['empty', async () => writeFile(join(directory, 'images.json'), '')],
  ])('survives a %s file: exact at once, rebuilt behind', async (name, damage) => {
    const source = await builtSource();
    await damage();
    const live = await open(source);
    expect(live.status()).toMatchObject({ state: 'BUILDING', size: 400 });
    await expectExact(live, source);
    await live.settled();
    expect(live.status()).toMatchObject({ state: 'READY', pending: 0 });
    expect(warnings.length).toBe(name === 'missing' ? 0 : 1);
    await openIndexFile({ directory, name: 'images' }, IDENTITY);
  });

  it('replaces the file of another model', async () => {
    const source = await builtSource();
    const live = await open(source, { fingerprint: 'model-b' });
    expect(warnings).toEqual([expect.stringContaining('expected fingerprint model-b, got model-a')]);
    await live.settled();
    await openIndexFile({ directory, name: 'images' }, { ...IDENTITY, fingerprint: 'model-b' });
  });

  it('loses no addition, replacement or removal made while it builds', async () => {
    const source = new MemorySource(MATRIX);
    const gate = gated(source);
    const live = await open(source);
    gate.close();
    await gate.reached();
    // Half of the rows are in the builder's hands by now, half are not.
    const touched = [...range(0, 10), ...range(380, 390)];
    const fresh = [...range(2000, 2010), ...range(100, 105), ...range(395, 400)];
    put(live, source, fresh, OTHERS);
    drop(live, source, touched);
    put(live, source, range(0, 3), OTHERS);
    await expectExact(live, source);
    gate.open();
    await live.settled();
    expect(live.status()).toMatchObject({ state: 'READY', size: source.vectors.size });
    await expectAlmostExact(live, source);
    for (const label of [...range(3, 10), ...range(380, 390)]) expect(live.has(label)).toBe(false);
    await live.close();

    const again = await open(source);
    expect([again.size, again.has(2005 as Label), again.has(5 as Label)]).toEqual([source.vectors.size, true, false]);
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

  it('builds a new graph by itself when enough has changed', async () => {
    const source = await builtSource();
    const live = await open(source, { rebuildAt: { fraction: 0.1, minimum: 30 } });
    put(live, source, range(3000, 3040), OTHERS);
    expect(live.status()).toMatchObject({ state: 'READY', pending: 40 });
    drop(live, source, range(3000, 3002));
    put(live, source, range(3040, 3045), OTHERS);
    expect(live.status().state).toBe('BUILDING');
    await live.settled();
    expect(live.status()).toEqual({ kind: 'usearch', state: 'READY', size: 443, pending: 0 });
  });

  it('does not build over and over for what the source does not hold', async () => {
    const source = await builtSource();
    const live = await open(source, { rebuildAt: { fraction: 0, minimum: 10 } });
    live.add(range(3000, 3040), slice(OTHERS, 40));
    await live.settled();
    expect(live.status()).toEqual({ kind: 'usearch', state: 'READY', size: 440, pending: 40 });
  });

  it('takes over what another process changed, but for what changed here meanwhile', async () => {
    const source = await builtSource();
    const live = await open(source);
    source.drop(range(0, 5));
    source.put(range(1000, 1005), OTHERS);
    const { labels } = source;
    let done: Promise<void> | undefined;
    const answer = await new Promise<() => void>((asked) => {
      source.labels = async () => {
        const old = await labels.call(source);
        await new Promise<void>((resolve) => asked(resolve));
        return old;
      };
      done = live.reconcile();
    });
    // Committed after the source was asked: in its answer one is missing and one is still there.
    put(live, source, range(2000, 2001), OTHERS);
    drop(live, source, range(50, 51));
    answer();
    await done;
    expect(live.size).toBe(source.vectors.size);
    expect([live.has(2000 as Label), live.has(50 as Label), live.has(1004 as Label), live.has(4 as Label)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('goes on serving when a build fails, and says so', async () => {
    await writeFile(join(directory, 'file'), '');
    const source = new MemorySource(MATRIX);
    const live = await open(source, { directory: join(directory, 'file', 'images') });
    await live.settled();
    expect(live.status()).toMatchObject({ state: 'EXACT', size: 400 });
    expect(warnings.length).toBeGreaterThan(0);
    await expectExact(live, source);
    await expect(live.rebuild()).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });

  it('can be closed during a build: the old file stays valid and nothing half remains', async () => {
    const source = await builtSource();
    const before = await readFile(join(directory, 'images.json'), 'utf8');
    const live = await open(source);
    const gate = gated(source);
    gate.close();
    const build = live.rebuild();
    await gate.reached();
    const closed = live.close();
    gate.open();
    await expect(build).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await closed;
    expect(await readFile(join(directory, 'images.json'), 'utf8')).toBe(before);
    expect((await readdir(directory)).length).toBe(3);
    await openIndexFile({ directory, name: 'images' }, IDENTITY);
    await expect(live.search(row(MATRIX, 0), 1)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(warnings).toEqual([]);
  });

  it('is exact for the kind exact and writes no file', async () => {
    const source = new MemorySource(MATRIX);
    const live = await open(source, { kind: 'exact' });
    put(live, source, range(390, 420), OTHERS);
    drop(live, source, range(5, 9));
    await live.rebuild();
    expect(live.status()).toEqual({ kind: 'exact', state: 'EXACT', size: 416, pending: 0 });
    await expectExact(live, source);
    expect(await readdir(directory)).toEqual([]);
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

async function open(source: MemorySource, options: Partial<LiveIndexOptions> = {}): Promise<LiveIndex> {
  const onWarning = (message: string) => {
    warnings.push(message);
  };
  const live = await LiveIndex.open({ directory, name: 'images', ...IDENTITY, source, onWarning, ...options });
  opened.push(live);
  return live;
}

/** A source whose index file is written: a copy of one that was built once. */
async function builtSource(): Promise<MemorySource> {
  await cp(built, directory, { recursive: true });
  return new MemorySource(MATRIX);
}

/** As services do: the source first, the index after. */
function put(live: LiveIndex, source: MemorySource, labels: readonly Label[], matrix: Matrix): void {
  const rows = slice(matrix, labels.length);
  source.put(labels, rows);
  live.add(labels, rows);
}

function drop(live: LiveIndex, source: MemorySource, labels: readonly Label[]): void {
  source.drop(labels);
  live.remove(labels);
}

/** Holds a scan after its first batch until it is let go. */
function gated(source: MemorySource) {
  let isClosed = false;
  let batches = 0;
  let announce = () => {};
  let release = () => {};
  const reached = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  source.beforeBatch = async () => {
    if (!isClosed || ++batches < 2) return;
    announce();
    await released;
  };
  return {
    close: () => {
      isClosed = true;
    },
    reached: () => reached,
    open: () => {
      isClosed = false;
      release();
    },
  };
}

async function expectExact(live: LiveIndex, source: MemorySource): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const found = await live.search(row(OTHERS, i), 15);
    const exact = expected(source, i, 15);
    expect(found.map(({ label }) => label)).toEqual(exact.map(({ label }) => label));
  }
}

async function expectAlmostExact(live: LiveIndex, source: MemorySource): Promise<void> {
  let hits = 0;
  for (let i = 0; i < 40; i++) {
    const found = await live.search(row(OTHERS, i), 10);
    const exact = new Set(expected(source, i, 10).map(({ label }) => label));
    hits += found.filter(({ label }) => exact.has(label)).length;
    expect(found.every(({ label }) => source.vectors.has(label))).toBe(true);
  }
  expect(hits / 400).toBeGreaterThanOrEqual(0.95);
}

function expected(source: MemorySource, query: number, k: number) {
  const entries = [...source.vectors];
  const batch = { labels: entries.map(([label]) => label), vectors: pack(entries.map(([, vector]) => vector)) };
  return scanExact(row(OTHERS, query), batch, k, 'cosine');
}

async function payload(): Promise<string> {
  const found = (await readdir(directory)).find((file) => file.endsWith('.bin'));
  return join(directory, found ?? 'no such file');
}

function range(from: number, to: number): Label[] {
  return Array.from({ length: to - from }, (_, i) => (from + i) as Label);
}

function slice(matrix: Matrix, rows: number): Matrix {
  return { rows, dimension: matrix.dimension, data: matrix.data.slice(0, rows * matrix.dimension) };
}
