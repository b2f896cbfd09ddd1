// One list of cases for every index adapter and metric. The graphs and codes are held against the exact index.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../scripts/bench/clustered-vectors.ts';
import { pack, pickRows, row } from '../../src/core/vector.ts';
import { createIndex, loadIndex } from '../../src/vectors/make-index.ts';
import {
  expectNear,
  FETCHED,
  filled,
  isInstalled,
  KINDS,
  label,
  labels,
  METRICS,
  ofManyLengths,
  RECALL,
  range,
  recallAt10,
  SLOW_MS,
  scoreOf,
} from './vector-index-cases.ts';

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
            if (isAdd) index.add(labels(...chosen), pickRows(stored, chosen));
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
