// Whatever the filter lets through and however deep the page: the answer is that of a full scan, never shorter.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../scripts/eval/random.ts';
import type { Fingerprint } from '../../src/core/model-info.ts';
import { dot, unit, type Vector } from '../../src/core/vector.ts';
import { type ImageId, INDEXED_WINDOWS, labelOf, WHOLE } from '../../src/core/views.ts';
import { catalogSource, ImageVectors } from '../../src/services/image-vectors.ts';
import { SearchPlanner } from '../../src/services/search/search-planner.ts';
import type { Catalog, ImageFilter } from '../../src/store/catalog.ts';
import { openSqliteCatalog } from '../../src/store/sqlite-catalog.ts';
import { LiveIndex } from '../../src/vectors/live-index.ts';

const MODEL = 'planner' as Fingerprint;
const DIMENSION = 16;
const COUNT = 2500;
const VIEWS = [WHOLE, ...INDEXED_WINDOWS];

let directory: string;
let catalog: Catalog;
let index: LiveIndex;
let planner: SearchPlanner;

/** Picture i is i pixels wide, so that a filter by width passes any share of the library. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-planner-'));
  catalog = await openSqliteCatalog({ path: ':memory:' });
  const random = seededRandom(1);
  const vector = () => unit(Float32Array.from({ length: DIMENSION }, () => random.next() + random.next() - 1));
  await catalog.addPictures(
    MODEL,
    'none',
    Array.from({ length: COUNT }, (_, i) => ({
      sha256: i.toString(16).padStart(64, '0'),
      perceptualHash: '0'.repeat(16),
      placeholder: new Uint8Array(),
      format: 'png',
      width: i + 1,
      height: 10,
      takenAt: null,
      file: { path: `/p/${i}.png`, name: `${i}.png`, bytes: 1, modifiedAtMs: 0 },
      views: VIEWS.map((view) => ({ view, vector: vector() })),
      tags: [],
    })),
  );
  const source = catalogSource(catalog, MODEL, VIEWS);
  index = await LiveIndex.open({
    directory,
    name: 'images',
    kind: 'usearch',
    fingerprint: MODEL,
    dimension: DIMENSION,
    metric: 'cosine',
    source,
  });
  await index.settled();
  planner = new SearchPlanner({ catalog, vectors: new ImageVectors({ catalog, index, model: MODEL, views: VIEWS }) });
});
afterAll(async () => {
  await index.close();
  await catalog.close();
  await rm(directory, { recursive: true, force: true });
});

async function scan(query: Vector, filter: ImageFilter): Promise<{ imageId: ImageId; score: number }[]> {
  const passing = await catalog.idsMatching(filter);
  const vectors = await catalog.getVectors(
    MODEL,
    passing.flatMap((id) => VIEWS.map((view) => labelOf(id, view))),
  );
  return passing
    .map((imageId) => ({
      imageId,
      score: Math.max(...VIEWS.map((view) => dot(query, vectors.get(labelOf(imageId, view)) ?? query))),
    }))
    .sort((a, b) => b.score - a.score || a.imageId - b.imageId);
}

const direction = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: DIMENSION, maxLength: DIMENSION })
  .filter((values) => Math.hypot(...values) > 0.1)
  .map((values) => unit(Float32Array.from(values)));

describe('the planner', () => {
  it('answers every filter with as many pictures as exist, each once, at its exact best score', () =>
    fc.assert(
      fc.asyncProperty(
        direction,
        fc.integer({ min: 0, max: COUNT + 50 }),
        fc.integer({ min: 1, max: 100 }),
        async (query, minWidth, first) => {
          const filter = minWidth === 0 ? {} : { minWidth };
          const truth = await scan(query, filter);
          const { pictures, hasMore } = await planner.nearest({ query, first, filter });
          expect(pictures).toHaveLength(Math.min(first, truth.length));
          expect(new Set(pictures.map(({ imageId }) => imageId)).size).toBe(pictures.length);
          expect(hasMore).toBe(truth.length > first);
          const best = new Map(truth.map(({ imageId, score }) => [imageId, score]));
          for (const { imageId, score } of pictures) expect(score).toBe(best.get(imageId));
          // The graph is approximate, so a rare neighbor may be missed, but never the order of those found.
          const found = new Set(pictures.map(({ imageId }) => imageId));
          const missed = truth.slice(0, first).filter(({ imageId }) => !found.has(imageId)).length;
          expect(missed).toBeLessThanOrEqual(Math.ceil(first * 0.1));
        },
      ),
      { numRuns: 40 },
    ));

  it('pages through a filtered answer to its end without repeating or skipping', async () => {
    const query = unit(Float32Array.from({ length: DIMENSION }, (_, d) => Math.sin(d + 1)));
    const filter = { minWidth: COUNT - 400 };
    const seen: ImageId[] = [];
    let after: { score: number; imageId: ImageId } | undefined;
    for (;;) {
      const { pictures, hasMore } = await planner.nearest({ query, first: 37, filter, after });
      seen.push(...pictures.map(({ imageId }) => imageId));
      after = pictures.at(-1);
      if (!hasMore) break;
    }
    expect(seen).toEqual((await scan(query, filter)).map(({ imageId }) => imageId));
  });
});
