// Re-weighting by a classifier's column, as in the original recipe: held against its definition, where every vector is
// multiplied, a new index is made and cosines are compared.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dot, row, unit, type Vector } from '../../src/core/vector.ts';
import { imageIdOf } from '../../src/core/views.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';
import { addSpace, MADE_CLASSIFIER, madeEncoder } from '../support/spaces.ts';

let service: TestApp;

const FOCUSED =
  'query($id: ID!, $class: String!, $method: FocusMethod! = WEIGHTS, $strength: Float! = 1) { similarImages(imageId: $id, space: "made", first: 50, focus: [{ text: $class, strength: $strength }], focusMethod: $method) { hits { score image { id } } } }';

beforeAll(async () => {
  service = await startTestApp({
    sources: { made: async () => ({ from: 'PICTURES', encoder: madeEncoder() }) },
  });
  const folder = join(service.directory, 'pictures');
  const colours = ['red', 'green', 'blue', 'white', 'yellow', 'black'] as const;
  const files = await Promise.all(
    colours.flatMap((left) =>
      colours.map(async (right) => [`${left} ${right}.png`, await halves(left, right)] as const),
    ),
  );
  await writeFiles(folder, { ...Object.fromEntries(files), 'large.png': await solid('red', 300, 200) });
  await service.index(folder);
  await addSpace(service, 'made', 'made:up');
});
afterAll(() => service.stop());

/** Raw features of every picture, from the stored unit vectors: the definition's cosines do not know their length. */
async function features(): Promise<Map<string, Vector>> {
  const { vectors } = await service.app.spaces.get('made');
  const found = new Map<string, Vector>();
  for await (const batch of service.app.services.catalog.scanVectors(vectors.model, 100))
    batch.labels.forEach((label, i) => {
      found.set(String(imageIdOf(label)), row(batch.vectors, i).slice());
    });
  return found;
}

it.each([
  ['cat', 1],
  ['CAT', 1],
  ['tabby', 0],
  ['Tabby  cat', 0],
  ['sport car', 2],
  ['banana', 3],
])('by the class %s it gives the scores of multiplying every vector', async (name, at) => {
  const weights = row(MADE_CLASSIFIER.weights, at);
  const weighted = (vector: Vector) => unit(vector.map((value, i) => value * (weights[i] as number)));
  const all = await features();
  for (const [id, vector] of [...all].slice(0, 6)) {
    const query = weighted(vector);
    const expected = new Map([...all].map(([other, x]) => [other, dot(query, weighted(x))]));
    const { data, errors } = await service.query(FOCUSED, { id, class: name });
    expect(errors).toBeUndefined();
    const hits = data.similarImages.hits as { score: number; image: { id: string } }[];
    expect(hits).toHaveLength(all.size - 1);
    for (const { score, image } of hits)
      expect(Math.abs(score - (expected.get(image.id) as number))).toBeLessThan(1e-5);
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
  }
});

it('names the nearest classes where none is called so', async () => {
  const { errors } = await service.query(FOCUSED, { id: '1', class: 'taby' });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_ARGUMENT' });
  expect(errors?.[0]?.extensions.suggestions).toMatchObject({ 0: 'tabby' });
});

it.each(['WINDOWS', 'SUBSPACE'])('says that a focus by %s needs a space with texts', async (method) => {
  const { errors } = await service.query(FOCUSED, { id: '1', class: 'cat', method });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'SPACE_HAS_NO_TEXT', spaces: ['main'] });
  expect(errors?.[0]?.message).toContain('WEIGHTS');
});

it('leaves the plain order as it is at strength 0', async () => {
  const { data } = await service.query(FOCUSED, { id: '3', class: 'cat', strength: 0 });
  const plain = await service.query(
    '{ similarImages(imageId: "3", space: "made", first: 50) { hits { image { id } } } }',
  );
  const ids = (result: { hits: { image: { id: string } }[] }) => result.hits.map(({ image }) => image.id);
  expect(ids(data.similarImages)).toEqual(ids(plain.data.similarImages));
});
