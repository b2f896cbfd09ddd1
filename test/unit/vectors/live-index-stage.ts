// What the tests of the live index start from: clustered vectors, a file that was built of them once, and what is expected of
// a search.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { clusters } from '../../../scripts/bench/clustered-vectors.ts';
import { type Matrix, pack, row } from '../../../src/core/vector.ts';
import type { Label } from '../../../src/core/views.ts';
import { LiveIndex } from '../../../src/vectors/live-index.ts';
import type { LiveIndexOptions } from '../../../src/vectors/live-index-options.ts';
import { scanExact } from '../../../src/vectors/select.ts';
import { MemorySource } from './memory-source.ts';

export const DIMENSION = 16;
export const MATRIX = clusters({ dimension: DIMENSION, count: 12, spread: 0.6, seed: 31 }).draw(400);
export const OTHERS = clusters({ dimension: DIMENSION, count: 12, spread: 0.6, seed: 32 }).draw(100);
export const IDENTITY = { kind: 'usearch', fingerprint: 'model-a', dimension: DIMENSION, metric: 'cosine' } as const;
/** Threads are started and graphs built on a machine that may be busy. */
export const SLOW_MS = 60_000;

export interface LiveIndexStage {
  /** Of the test that runs: empty at its start. */
  directory(): string;
  /** What the test's indexes complained of. */
  warnings(): readonly string[];
  /** An index in that folder; closed when the test ends. */
  open(source: MemorySource, options?: Partial<LiveIndexOptions>): Promise<LiveIndex>;
  /** A source whose index file is written: a copy of one that was built once. */
  builtSource(): Promise<MemorySource>;
}

/** Called once at the head of a test file. */
export function stageLiveIndexes(): LiveIndexStage {
  let built = '';
  let directory = '';
  let opened: LiveIndex[] = [];
  let warnings: string[] = [];
  beforeAll(async () => {
    built = await mkdtemp(join(tmpdir(), 'semblance-live-index-built-'));
    const source = new MemorySource(MATRIX);
    const live = await LiveIndex.open({ directory: built, name: 'images', ...IDENTITY, source });
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
  return {
    directory: () => directory,
    warnings: () => warnings,
    async open(source, options = {}) {
      const onWarning = (message: string) => {
        warnings.push(message);
      };
      const live = await LiveIndex.open({ directory, name: 'images', ...IDENTITY, source, onWarning, ...options });
      opened.push(live);
      return live;
    },
    async builtSource() {
      await cp(built, directory, { recursive: true });
      return new MemorySource(MATRIX);
    },
  };
}

/** As services do: the source first, the index after. */
export function put(live: LiveIndex, source: MemorySource, labels: readonly Label[], matrix: Matrix): void {
  const rows = slice(matrix, labels.length);
  source.put(labels, rows);
  live.add(labels, rows);
}

export function drop(live: LiveIndex, source: MemorySource, labels: readonly Label[]): void {
  source.drop(labels);
  live.remove(labels);
}

export async function expectExact(live: LiveIndex, source: MemorySource): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const found = await live.search(row(OTHERS, i), 15);
    const exact = expected(source, i, 15);
    expect(found.map(({ label }) => label)).toEqual(exact.map(({ label }) => label));
  }
}

export async function expectAlmostExact(live: LiveIndex, source: MemorySource): Promise<void> {
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

export function range(from: number, to: number): Label[] {
  return Array.from({ length: to - from }, (_, i) => (from + i) as Label);
}

export function slice(matrix: Matrix, rows: number): Matrix {
  return { rows, dimension: matrix.dimension, data: matrix.data.slice(0, rows * matrix.dimension) };
}
