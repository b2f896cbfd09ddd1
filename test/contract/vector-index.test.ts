// One list of cases for every index adapter and metric. The exact index is held against a plain sort, the graphs
// against the exact index.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../scripts/bench/clustered-vectors.ts';
import { seededRandom } from '../../scripts/eval/random.ts';
import { isAppError } from '../../src/core/errors.ts';
import { type Matrix, pack, row, scale, type Vector } from '../../src/core/vector.ts';
import type { Label } from '../../src/core/views.ts';
import { assertAvailable, createIndex, loadIndex } from '../../src/vectors/make-index.ts';
import { recallAtK } from '../../src/vectors/recall.ts';
import type { IndexKind, Metric, VectorIndex } from '../../src/vectors/vector-index.ts';

const KINDS: readonly IndexKind[] = ['exact', 'usearch', 'hnswlib', 'lsh', 'int8', 'binary'];
const METRICS: readonly Metric[] = ['cosine', 'dot', 'euclidean'];
/** f16 keeps 11 bits: about three digits of a score near 1. Bytes keep two; bits are off by 1/sqrt(their number) and more. */
const TOLERANCE: Readonly<Record<IndexKind, number>> = {
  exact: 1e-6,
  usearch: 4e-3,
  hnswlib: 1e-5,
  lsh: 2e-2,
  int8: 2e-2,
  binary: 0.6,
};
const RECALL = 0.95;
/** Neighbors asked for where ten are wanted. One bit a number only chooses candidates, which the planner scores exactly. */
const FETCHED: Readonly<Record<IndexKind, number>> = {
  exact: 10,
  usearch: 10,
  hnswlib: 10,
  lsh: 10,
  int8: 10,
  binary: 100,
};
/** Graphs are built on a machine that may be busy. */
const SLOW_MS = 60_000;

const isInstalled: Readonly<Record<IndexKind, boolean>> = {
  exact: true,
  usearch: await isThere('usearch'),
  hnswlib: await isThere('hnswlib'),
  lsh: true,
  int8: true,
  binary: true,
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-index-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(KINDS)('index %s', { timeout: SLOW_MS }, (kind) => {
  describe.skipIf(!isInstalled[kind]).each(METRICS)(`by %s (${kind} must be installed)`, (metric) => {
    it('finds nothing in an empty index', async () => {
      const index = await createIndex(kind, { dimension: 3, metric });
      expect(index.search(Float32Array.of(1, 2, 3), 5)).toEqual([]);
      expect([index.size, index.labels(), index.has(label(0)), index.remove([label(0)])]).toEqual([0, [], false, 0]);
    });

    it('scores as the metric says', async () => {
      const index = await createIndex(kind, { dimension: 2, metric });
      index.add(labels(7, 8), pack([Float32Array.of(3, 4), Float32Array.of(-3, 4)]));
      const expected = { cosine: [1, 0.28], dot: [5, 1.4], euclidean: [-4, -4.8166] }[metric];
      const found = index.search(Float32Array.of(0.6, 0.8), 2);
      expect(found.map((neighbor) => neighbor.label)).toEqual([7, 8]);
      expectNear(kind, found[0]?.score, expected[0] as number);
      expectNear(kind, found[1]?.score, expected[1] as number);
    });

    it('returns everything, best first, when k is larger than the index', async () => {
      const matrix = clusters({ dimension: 8, count: 5, spread: 1, seed: 3 }).draw(40);
      const index = await filled(kind, metric, matrix);
      const found = index.search(row(matrix, 0), 1000);
      expect(found.map((neighbor) => neighbor.label).sort((a, b) => a - b)).toEqual(index.labels());
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
    });

    it('never returns a removed label, nor loses another, however adds and removes are mixed', async () => {
      const stored = clusters({ dimension: 8, count: 4, spread: 1, seed: 5 }).draw(30);
      const steps = fc.array(fc.record({ isAdd: fc.boolean(), chosen: fc.array(fc.nat(29), { maxLength: 12 }) }), {
        maxLength: 8,
      });
      await fc.assert(
        fc.asyncProperty(steps, async (list) => {
          const index = await createIndex(kind, { dimension: 8, metric });
          const expected = new Set<number>();
          for (const { isAdd, chosen } of list) {
            const present = new Set(chosen.filter((n) => expected.has(n))).size;
            if (isAdd) index.add(labels(...chosen), pick(stored, chosen));
            else expect(index.remove(labels(...chosen))).toBe(present);
            for (const n of chosen) isAdd ? expected.add(n) : expected.delete(n);
          }
          const all = [...expected].sort((a, b) => a - b);
          expect(index.labels()).toEqual(all);
          expect(index.size).toBe(all.length);
          const found = index.search(row(stored, 0), 30, { ef: 100 });
          expect(found.map((neighbor) => neighbor.label).sort((a, b) => a - b)).toEqual(all);
          index.close();
        }),
        { seed: 11, numRuns: 40 },
      );
    });

    it('finds a replaced vector at its new place only', async () => {
      const source = clusters({ dimension: 16, count: 10, spread: 0.5, seed: 7 });
      const before = source.draw(200);
      const after = source.draw(50);
      const index = await filled(kind, metric, before);
      index.add(range(50), after);
      expect(index.size).toBe(200);
      for (let i = 0; i < 50; i++) {
        const [nearest] = index.search(row(after, i), 1, { ef: 100 });
        expectNear(kind, nearest?.score, scoreOf(metric, row(after, i), row(after, i)));
        const old = index.search(row(before, i), 200, { ef: 200 }).find((neighbor) => neighbor.label === i);
        expectNear(kind, old?.score, scoreOf(metric, row(before, i), row(after, i)));
      }
    });

    it('answers as before after it was saved and opened again', async () => {
      const matrix = clusters({ dimension: 16, count: 10, spread: 0.5, seed: 9 }).draw(300);
      const index = await filled(kind, metric, matrix);
      index.remove(labels(3, 5, 299));
      const path = join(folder, `${kind}-${metric}`);
      await index.save(path);
      const again = await loadIndex(kind, path, { dimension: 16, metric }, index.labels());
      expect([again.size, again.labels(), again.has(label(4)), again.has(label(5))]).toEqual([
        297,
        index.labels(),
        true,
        false,
      ]);
      for (let i = 0; i < 20; i++) {
        const query = row(matrix, i);
        expect(again.search(query, 10, { ef: 80 })).toEqual(index.search(query, 10, { ef: 80 }));
      }
    });

    it('refuses wrong dimensions, counts, labels, k and numbers that are not finite', async () => {
      const index = await createIndex(kind, { dimension: 3, metric });
      const wrong = [
        () => index.add(labels(1), pack([Float32Array.of(1, 2)])),
        () => index.add(labels(1, 2), pack([Float32Array.of(1, 2, 3)])),
        () => index.add(labels(-1), pack([Float32Array.of(1, 2, 3)])),
        () => index.add(labels(2 ** 32), pack([Float32Array.of(1, 2, 3)])),
        () => index.add(labels(1), pack([Float32Array.of(1, Number.NaN, 3)])),
        () => index.search(Float32Array.of(1, 2), 1),
        () => index.search(Float32Array.of(1, 2, 3), 0),
        () => index.search(Float32Array.of(1, Number.POSITIVE_INFINITY, 3), 1),
      ];
      for (const call of wrong) expect(call).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
      expect(index.size).toBe(0);
    });

    it('keeps the largest label that a picture can have', async () => {
      const index = await createIndex(kind, { dimension: 2, metric });
      index.add(labels(2 ** 32 - 1), pack([Float32Array.of(1, 0)]));
      expect(index.search(Float32Array.of(1, 0), 1)[0]?.label).toBe(2 ** 32 - 1);
    });

    it(`has recall@10 of at least ${RECALL} on clustered vectors, also after a tenth was replaced`, async () => {
      for (const { dimension, rows, count } of [
        { dimension: 64, rows: metric === 'cosine' ? 3000 : 1000, count: 100 },
        { dimension: 256, rows: 400, count: 20 },
      ]) {
        const source = clusters({ dimension, count, spread: 0.6, seed: 13 });
        const index = await filled(kind, metric, source.draw(rows));
        const oracle = await filled('exact', metric, clusters({ dimension, count, spread: 0.6, seed: 13 }).draw(rows));
        const churned = source.draw(rows / 10);
        for (const each of [index, oracle]) {
          each.remove(range(rows / 20));
          each.add(range(rows / 10), churned);
        }
        expect(recallAt10(index, oracle, source.draw(100))).toBeGreaterThanOrEqual(RECALL);
      }
    });

    it('orders vectors of any length as the metric is defined, saved and opened again', async () => {
      const source = clusters({ dimension: 64, count: 60, spread: 0.6, seed: 19 });
      const stored = ofManyLengths(source.draw(2500));
      const built = await filled(kind, metric, stored);
      const path = join(folder, `lengths-${kind}-${metric}`);
      await built.save(path);
      const index = await loadIndex(kind, path, { dimension: 64, metric }, built.labels());
      const queries = ofManyLengths(source.draw(60));
      let hits = 0;
      for (let i = 0; i < queries.rows; i++) {
        const scores = Array.from({ length: stored.rows }, (_, j) => scoreOf(metric, row(queries, i), row(stored, j)));
        const defined = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, 10);
        const found = index.search(row(queries, i), FETCHED[kind]).map((neighbor) => neighbor.label as number);
        if (kind === 'exact') expect(found).toEqual(defined);
        hits += defined.filter((each) => found.includes(each)).length;
      }
      expect(hits / (queries.rows * 10)).toBeGreaterThanOrEqual(RECALL);
    });
  });
});

describe.each(METRICS)('index exact by %s', (metric) => {
  it('equals a sort by score and label', async () => {
    // Few different values, so that equal scores are common.
    const value = fc.constantFrom(-1, 0, 0.5, 1, 2);
    const vector = fc.array(value, { minLength: 5, maxLength: 5 }).map((values) => Float32Array.from(values));
    await fc.assert(
      fc.asyncProperty(
        fc.array(vector, { maxLength: 40 }),
        vector,
        fc.integer({ min: 1, max: 50 }),
        async (rows, query, k) => {
          const index = await createIndex('exact', { dimension: 5, metric });
          index.add(range(rows.length), pack(rows, 5));
          const sorted = rows
            .map((each, i) => ({ label: i, score: scoreOf(metric, query, each) }))
            .sort((a, b) => (Math.abs(a.score - b.score) < 1e-6 ? 0 : b.score - a.score) || a.label - b.label)
            .slice(0, k);
          const found = index.search(query, k);
          expect(found.map(({ score }) => score.toFixed(5).replace('-0.00000', '0.00000'))).toEqual(
            sorted.map(({ score }) => score.toFixed(5).replace('-0.00000', '0.00000')),
          );
          if (metric !== 'cosine') expect(found.map((each) => each.label)).toEqual(sorted.map((each) => each.label));
        },
      ),
      { seed: 17, numRuns: 200 },
    );
  });
});

describe.each(['lsh', 'int8', 'binary'] as const)('index %s, opened from its file', (kind) => {
  describe.each(METRICS)('by %s', (metric) => {
    it('takes additions, replacements and removals like a new one', async () => {
      const source = clusters({ dimension: 32, count: 20, spread: 0.6, seed: 29 });
      const path = join(folder, `changed-${kind}-${metric}`);
      await (await filled(kind, metric, source.draw(1500))).save(path);
      const index = await loadIndex(kind, path, { dimension: 32, metric }, range(1500));
      const fresh = source.draw(200);
      // Enough is added that lsh takes its mean and keys anew.
      index.add(range(2000).slice(1400), source.draw(600));
      index.add(range(5200).slice(5000), fresh);
      expect(index.remove([...range(100), ...range(50)])).toBe(100);
      const all = range(2000).slice(100).concat(range(5200).slice(5000));
      expect(index.labels()).toEqual(all);
      const everything = index.search(row(fresh, 0), 5000).map((neighbor) => neighbor.label);
      expect(everything.sort((a, b) => a - b)).toEqual(all);
      const places = Array.from({ length: 50 }, (_, i) =>
        index.search(row(fresh, i), 2100).findIndex((neighbor) => neighbor.label === 5000 + i),
      );
      expect(Math.max(...places)).toBeLessThan(kind === 'binary' ? 20 : 2);
    });

    it('scores a zero vector and equal vectors without a number that is none', async () => {
      const path = join(folder, `zero-${kind}-${metric}`);
      const rows = [new Float32Array(8), ...Array.from({ length: 40 }, () => new Float32Array(8).fill(0.5))];
      await (await filled(kind, metric, pack(rows))).save(path);
      const index = await loadIndex(kind, path, { dimension: 8, metric }, range(41));
      for (const query of rows.slice(0, 2)) {
        const found = index.search(query, 41);
        expect(found).toHaveLength(41);
        expect(found.every(({ score }) => Number.isFinite(score))).toBe(true);
      }
    });
  });

  it('is refused when it is a file of something else', async () => {
    const path = join(folder, `other-${kind}`);
    await (await filled('exact', 'dot', pack([Float32Array.of(1, 2)]))).save(path);
    const opened = loadIndex(kind, path, { dimension: 2, metric: 'dot' }, labels(0));
    await expect(opened).rejects.toMatchObject({ code: 'INDEX_INVALID', details: { reason: 'torn' } });
  });
});

describe('index lsh', () => {
  it('finds more the more candidates it examines, and all of them in the end', async () => {
    const source = clusters({ dimension: 64, count: 2000, spread: 0.8, seed: 37 });
    const matrix = source.draw(8000);
    const [index, oracle] = [await filled('lsh', 'cosine', matrix), await filled('exact', 'cosine', matrix)];
    const queries = source.draw(60);
    const recallAt = (ef: number): number => recallAtK(10, index, oracle, queries, { ef });
    expect(recallAt(10)).toBeLessThan(recallAt(500));
    expect(recallAt(2000)).toBeGreaterThan(0.97);
  });
});

describe.skipIf(!isInstalled.usearch)('a usearch view (usearch must be installed)', () => {
  it('refuses changes instead of losing them', async () => {
    const matrix = clusters({ dimension: 4, count: 2, spread: 1, seed: 1 }).draw(10);
    const index = await filled('usearch', 'cosine', matrix);
    await index.save(join(folder, 'view'));
    const view = await loadIndex('usearch', join(folder, 'view'), { dimension: 4, metric: 'cosine' }, index.labels());
    expect(() => view.add(labels(1), pack([row(matrix, 1)]))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => view.remove(labels(1))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});

describe.skipIf(isInstalled.hnswlib)('hnswlib (where it is not installed)', () => {
  it('is refused by a message that names the remedy', async () => {
    const refused = createIndex('hnswlib', { dimension: 3, metric: 'cosine' });
    await expect(refused).rejects.toMatchObject({
      code: 'INDEX_UNAVAILABLE',
      message: expect.stringContaining('npm rebuild'),
    });
  });
});

async function isThere(kind: IndexKind): Promise<boolean> {
  try {
    await assertAvailable(kind);
    return true;
  } catch (error) {
    if (isAppError(error, 'INDEX_UNAVAILABLE')) return false;
    throw error;
  }
}

async function filled(kind: IndexKind, metric: Metric, matrix: Matrix): Promise<VectorIndex> {
  const index = await createIndex(kind, { dimension: matrix.dimension, metric });
  index.add(range(matrix.rows), matrix);
  return index;
}

function recallAt10(index: VectorIndex, oracle: VectorIndex, queries: Matrix): number {
  let hits = 0;
  for (let i = 0; i < queries.rows; i++) {
    const query = row(queries, i);
    const exact = oracle.search(query, 10);
    const found = new Map(index.search(query, FETCHED[index.kind]).map(({ label, score }) => [label, score]));
    for (const { label, score } of exact) {
      const got = found.get(label);
      if (got === undefined) continue;
      hits++;
      expect(Math.abs(got - score)).toBeLessThan(TOLERANCE[index.kind]);
    }
  }
  return hits / (queries.rows * 10);
}

/** The plain definition, in doubles. */
function scoreOf(metric: Metric, a: Vector, b: Vector): number {
  let product = 0;
  let distance = 0;
  let lengths = 0;
  for (let i = 0; i < a.length; i++) {
    product += (a[i] as number) * (b[i] as number);
    distance += ((a[i] as number) - (b[i] as number)) ** 2;
  }
  if (metric === 'dot') return product;
  if (metric === 'euclidean') return -Math.sqrt(distance);
  lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths === 0 ? 0 : product / lengths;
}

/** Within the index's precision. Few vectors are held whole by binary: their scores are exact. */
function expectNear(kind: IndexKind, score: number | undefined, expected: number): void {
  const tolerance = kind === 'binary' ? 5e-3 : Math.max(5e-3, TOLERANCE[kind]);
  expect(Math.abs((score ?? Number.NaN) - expected)).toBeLessThanOrEqual(tolerance);
}

/** Each row scaled by a factor between 1/3 and 3, so that the three metrics disagree. */
function ofManyLengths(matrix: Matrix): Matrix {
  const random = seededRandom(23);
  const rows = Array.from({ length: matrix.rows }, (_, i) => scale(row(matrix, i), 3 ** random.between(-1, 1)));
  return pack(rows);
}

function label(value: number): Label {
  return value as Label;
}

function labels(...values: number[]): Label[] {
  return values as Label[];
}

function range(count: number): Label[] {
  return labels(...Array(count).keys());
}

function pick(matrix: Matrix, rows: readonly number[]): Matrix {
  return pack(
    rows.map((i) => row(matrix, i)),
    matrix.dimension,
  );
}
