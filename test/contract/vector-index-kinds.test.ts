// What is asked of one kind of index or a few: the exact one against a plain sort, codes from their files, and what usearch and
// hnswlib refuse.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../scripts/bench/clustered-vectors.ts';
import { pack, row } from '../../src/core/vector.ts';
import { createIndex, loadIndex } from '../../src/vectors/make-index.ts';
import { recallAtK } from '../../src/vectors/recall.ts';
import { filled, isInstalled, labels, METRICS, range, scoreOf } from './vector-index-cases.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-index-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

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
