// Features in and out: an exported pair comes back as the same space, and maps of other programs find their pictures.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/core/npy-file.ts';
import { pack } from '../../src/core/vector.ts';
import { exportSpace } from '../../src/services/spaces/space-export.ts';
import { importSpace } from '../../src/services/spaces/space-import.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';
import { addSpace } from '../support/spaces.ts';

let service: TestApp;
let directory: string;
let folder: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-features-'));
  service = await startTestApp();
  folder = join(service.directory, 'pictures');
  await writeFiles(folder, {
    'a/red.png': await solid('red'),
    'b/half.png': await halves('red', 'blue'),
    'b/blue.png': await solid('blue'),
    'c/half.png': await halves('green', 'blue'),
  });
  await service.index(folder);
});
afterAll(async () => {
  await service.stop();
  await rm(directory, { recursive: true, force: true });
});

const SIMILAR =
  'query($id: ID!, $space: String!) { similarImages(imageId: $id, space: $space, first: 10) { hits { score image { id name } } notices { code } } }';
const deps = () => ({ catalog: service.app.services.catalog, spaces: service.app.spaces });

async function idOf(name: string): Promise<string> {
  const { data } = await service.query('{ images(first: 100) { edges { node { id name } } } }');
  return data.images.edges.find(({ node }: { node: { name: string } }) => node.name === name).node.id;
}

/** Rows and their map as files; returns their paths. */
async function files(name: string, rows: readonly number[][], map: unknown) {
  const features = join(directory, `${name}.npy`);
  const vectors = rows.map((values) => Float32Array.from(values));
  await writeNpy(features, vectors[0]?.length ?? 0, [pack(vectors)]);
  await writeFile(join(directory, `${name}.json`), JSON.stringify(map));
  return { features, map: join(directory, `${name}.json`) };
}

it('brings an exported space back with the same answers', async () => {
  await addSpace(service, 'small', 'pixels:4');
  const target = join(directory, 'small.npy');
  const exported = await exportSpace(service.app.services.catalog, await service.app.spaces.get('small'), target);
  expect(exported).toEqual({ rows: 4, dimension: 48, map: join(directory, 'small.json') });
  expect(await readNpy(target)).toMatchObject({ rows: 4, dimension: 48 });
  const list = JSON.parse(await readFile(exported.map, 'utf8'));
  expect(list.map(({ path }: { path: string }) => path)).toContain(join(folder, 'a/red.png'));

  const outcome = await importSpace(deps(), { name: 'again', features: target, map: exported.map, index: 'exact' });
  expect(outcome).toEqual({ rows: 4, dimension: 48, pictures: 4, unmatched: [] });
  const id = await idOf('red.png');
  const [one, other] = await Promise.all(['small', 'again'].map((space) => service.query(SIMILAR, { id, space })));
  expect(other?.data).toEqual(one?.data);
});

it.each([
  ['a row and its path', (root: string) => ({ 0: join(root, 'a/red.png'), 1: 'b/half.png', 2: 'gone.png' })],
  ['base names and the end of a path', () => ['red.png', './b/half.png', 'gone.png']],
  ['objects', (root: string) => [{ path: join(root, 'a/red.png') }, { name: 'b/half.png' }, { path: 'gone.png' }]],
])('finds pictures by a map of %s, and names the rows that fit none', async (what, mapOf) => {
  const name = what.replaceAll(' ', '-');
  const { features, map } = await files(
    name,
    [
      [3, 4],
      [4, 3],
      [1, 1],
    ],
    mapOf(folder),
  );
  const outcome = await importSpace(deps(), { name, features, map, index: 'exact', metric: 'dot' });
  expect(outcome).toMatchObject({
    rows: 3,
    dimension: 2,
    pictures: 2,
    unmatched: [expect.stringContaining('gone.png')],
  });
  const { data } = await service.query(SIMILAR, { id: await idOf('red.png'), space: name });
  expect(data.similarImages).toMatchObject({
    hits: [{ score: 24, image: { name: 'half.png' } }],
    notices: [{ code: 'LIBRARY_INCOMPLETE' }],
  });
});

it('takes a name that two pictures bear for neither', async () => {
  const { features, map } = await files(
    'two',
    [
      [1, 0],
      [0, 1],
    ],
    ['half.png', 'blue.png'],
  );
  const outcome = await importSpace(deps(), { name: 'two', features, map, index: 'exact' });
  expect(outcome).toMatchObject({ pictures: 1, unmatched: ['half.png'] });
});

it('answers with SPACE_HAS_NO_ENCODER where a picture would have to be read', async () => {
  const { features, map } = await files('fixed', [[1, 0]], ['red.png']);
  await importSpace(deps(), { name: 'fixed', features, map, index: 'exact' });
  const sent = { name: 'sent.png', bytes: new Uint8Array(await solid('green')) };
  const upload = 'query($file: Upload!) { similarImages(upload: $file, space: "fixed") { hits { score } } }';
  const region =
    '{ similarImages(imageId: "ID", region: { x: 0, y: 0, width: 1, height: 1 }, space: "fixed") { hits { score } } }';
  const unknown = '{ similarImages(imageId: "ID", space: "fixed") { hits { score } } }';
  const answers = [
    await service.upload(upload, [sent]),
    await service.query(region.replace('ID', await idOf('red.png'))),
    await service.query(unknown.replace('ID', await idOf('blue.png'))),
  ];
  for (const { errors } of answers) expect(errors?.[0]?.extensions.code).toBe('SPACE_HAS_NO_ENCODER');
});

it.each([
  ['a map that is no JSON', 'FILE', 'not json', 'BAD_ARGUMENT'],
  ['a row that is not there', 'MAP', { 7: 'red.png' }, 'BAD_ARGUMENT'],
  ['a map that is no object', 'FILE', 'null', 'BAD_ARGUMENT'],
  ['no row that fits', 'MAP', ['gone.png'], 'BAD_ARGUMENT'],
])('refuses %s, and adds nothing', async (_what, kind, content, code) => {
  const { features, map } = await files('bad', [[1, 2]], kind === 'MAP' ? content : {});
  if (kind === 'FILE') await writeFile(map, content as string);
  await expect(importSpace(deps(), { name: 'bad', features, map })).rejects.toMatchObject({ code });
  expect(await service.app.spaces.names()).not.toContain('bad');
});

it('refuses a number that is not finite before anything is stored', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => [i === 1400 ? Number.NaN : 1, 2]);
  const { features, map } = await files('holes', rows, { 0: 'red.png' });
  const before = await service.app.services.catalog.models();
  const request = { name: 'holes', features, map };
  await expect(importSpace(deps(), request)).rejects.toThrow('Row 1400');
  expect(await service.app.services.catalog.models()).toEqual(before);
});
