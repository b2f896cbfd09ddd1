// Whatever kind of index a space has, over whole vectors or shorter ones, and by every metric: the answer through GraphQL is
// that of comparing with every picture.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../scripts/bench/clustered-vectors.ts';
import { seededRandom } from '../../scripts/eval/random.ts';
import type { Fingerprint } from '../../src/core/model-info.ts';
import { dot, pack, row, unit, type Vector } from '../../src/core/vector.ts';
import { imageIdOf, WHOLE } from '../../src/core/views.ts';
import { catalogSource, ImageVectors } from '../../src/services/image-vectors.ts';
import { SearchPlanner } from '../../src/services/search/search-planner.ts';
import { INDEX_KINDS, METRICS } from '../../src/services/spaces/space-definition.ts';
import { projectedSource } from '../../src/services/spaces/space-scores.ts';
import type { Catalog, NewPicture } from '../../src/store/catalog.ts';
import { openSqliteCatalog } from '../../src/store/sqlite-catalog.ts';
import { LiveIndex } from '../../src/vectors/live-index.ts';
import { assertAvailable } from '../../src/vectors/make-index.ts';
import { fitProjection, parseProjection } from '../../src/vectors/projections/make-projection.ts';
import type { Metric } from '../../src/vectors/vector-index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { noise, writeFiles } from '../support/pictures.ts';
import { addSpace } from '../support/spaces.ts';

const PICTURES = 60;
const SLOW_MS = 120_000;
const QUERY =
  'query($id: ID!, $space: String) { similarImages(imageId: $id, space: $space, first: 5) { hits { score image { id } } } }';

let service: TestApp;
let ids: readonly number[] = [];
const kinds = [];
for (const kind of INDEX_KINDS)
  if (
    await assertAvailable(kind).then(
      () => true,
      () => false,
    )
  )
    kinds.push(kind);

beforeAll(async () => {
  service = await startTestApp();
  const random = seededRandom(7);
  const folder = join(service.directory, 'pictures');
  const files = await Promise.all(
    Array.from({ length: PICTURES }, async (_, i) => [`${i}.png`, await noise(8, () => random.next())] as const),
  );
  await writeFiles(folder, Object.fromEntries(files));
  await service.index(folder);
  ids = await service.app.services.catalog.idsMatching({});
}, SLOW_MS);
afterAll(() => service.stop());

/** The definition of each metric, on plain numbers. */
const SCORES: Readonly<Record<Metric, (a: Vector, b: Vector) => number>> = {
  cosine: (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  dot,
  euclidean: (a, b) => -Math.hypot(...a.map((value, i) => value - (b[i] as number))),
};

async function expected(space: string, metric: Metric, id: number): Promise<{ id: string; score: number }[]> {
  const { vectors } = await service.app.spaces.get(space);
  const stored = new Map<number, Vector>();
  for await (const batch of service.app.services.catalog.scanVectors(vectors.model, 1000))
    batch.labels.forEach((label, i) => {
      const at = i * batch.vectors.dimension;
      stored.set(imageIdOf(label), batch.vectors.data.slice(at, at + batch.vectors.dimension));
    });
  const query = stored.get(id) as Vector;
  return [...stored]
    .filter(([other]) => other !== id)
    .map(([other, vector]) => ({ id: String(other), score: SCORES[metric](query, vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 5);
}

const CASES = [
  ...kinds.flatMap((kind) => METRICS.map((metric) => ({ kind, metric, reduce: 'none' }))),
  { kind: 'exact', metric: 'cosine', reduce: 'pca:12' },
  { kind: 'lsh', metric: 'dot', reduce: 'gaussian:24' },
  { kind: 'binary', metric: 'euclidean', reduce: 'sparse:24' },
] as const;

it.each(CASES)(
  'a space of kind $kind, by $metric, reduction $reduce, answers as its definition says',
  {
    timeout: SLOW_MS,
  },
  async ({ kind, metric, reduce }) => {
    const space = `${kind}-${metric}-${reduce.replace(':', '')}`;
    await addSpace(service, space, 'pixels:4', { metric, index: kind, reduce });
    const { vectors } = await service.app.spaces.get(space);
    expect(vectors.index.status().kind).toBe(kind);
    expect(vectors.projection?.to).toBe(reduce === 'none' ? undefined : Number(reduce.split(':')[1]));
    for (const id of ids.slice(0, 3)) {
      const { data, errors } = await service.query(QUERY, { id: String(id), space });
      expect(errors).toBeUndefined();
      const hits = data.similarImages.hits as { score: number; image: { id: string } }[];
      const wanted = await expected(space, metric, id);
      expect(hits.map(({ image }) => image.id)).toEqual(wanted.map((hit) => hit.id));
      hits.forEach(({ score }, i) => {
        expect(score).toBeCloseTo(wanted[i]?.score as number, 4);
      });
    }
  },
);

const COUNT = 3000;
const QUERIES = 20;
const RECALL = 0.9;

describe('over 3,000 vectors in groups', { timeout: SLOW_MS }, () => {
  const fingerprint = 'space' as Fingerprint;
  const matrix = clusters({ dimension: 64, count: 60, spread: 0.4, seed: 5 }).draw(COUNT);
  const rows = Array.from({ length: COUNT }, (_, i) => unit(row(matrix, i)));
  let catalog: Catalog;
  let added: readonly number[];
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'semblance-kinds-'));
    catalog = await openSqliteCatalog({ path: ':memory:' });
    added = await catalog.addPictures(fingerprint, 'none', rows.map(pictureOf));
  });
  afterAll(async () => {
    await catalog.close();
    await rm(directory, { recursive: true, force: true });
  });

  it.each([
    { kind: 'exact', reduce: 'none', least: 1 },
    { kind: 'exact', reduce: 'pca:24', least: RECALL },
    { kind: 'lsh', reduce: 'none', least: RECALL },
    { kind: 'int8', reduce: 'none', least: RECALL },
    { kind: 'binary', reduce: 'none', least: RECALL },
  ] as const)(
    'kind $kind, reduction $reduce: the planner finds the nearest ten, $least of them',
    async ({ kind, reduce, least }) => {
      const source = catalogSource(catalog, fingerprint, [WHOLE]);
      const choice = parseProjection(reduce);
      const projection = choice === undefined ? undefined : fitProjection(choice.kind, choice.to, pack(rows), 1);
      const index = await LiveIndex.open({
        ...{ directory, name: `${kind}-${choice?.to ?? 0}`, kind, fingerprint, metric: 'cosine' as const },
        dimension: projection?.to ?? 64,
        source: projection === undefined ? source : projectedSource(source, projection),
      });
      await index.settled();
      const vectors = new ImageVectors({ catalog, index, model: fingerprint, views: [WHOLE], projection });
      const planner = new SearchPlanner({ catalog, vectors });
      let found = 0;
      for (let q = 0; q < QUERIES; q++) {
        const query = rows[q * 31] as Vector;
        const { pictures } = await planner.nearest({ query, first: 10, filter: {} });
        const ranked = rows.map((vector, i) => ({ id: added[i], score: dot(query, vector) }));
        ranked.sort((x, y) => y.score - x.score);
        const best = new Set(ranked.slice(0, 10).map(({ id }) => id));
        expect(pictures[0]?.imageId).toBe(ranked[0]?.id);
        found += pictures.filter(({ imageId }) => best.has(imageId)).length;
      }
      await index.close();
      expect(found / (10 * QUERIES)).toBeGreaterThanOrEqual(least);
    },
  );
});

function pictureOf(vector: Vector, i: number): NewPicture {
  return {
    sha256: i.toString(16).padStart(64, '0'),
    perceptualHash: '0'.repeat(16),
    placeholder: new Uint8Array(),
    format: 'png',
    width: 10,
    height: 10,
    takenAt: null,
    file: { path: `/p/${i}.png`, name: `${i}.png`, bytes: 1, modifiedAtMs: 0 },
    views: [{ view: WHOLE, vector }],
    tags: [],
  };
}
