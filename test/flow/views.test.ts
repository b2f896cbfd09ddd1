// SEMBLANCE_VIEWS=windows: small things in big pictures are found, and the answer says where.
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { solid, writeFiles } from '../support/pictures.ts';

let service: TestApp;

beforeAll(async () => {
  service = await startTestApp({ flags: { views: 'windows' } });
  const folder = join(service.directory, 'pictures');
  const corner = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#ffffff' } })
    .composite([{ input: await solid('blue', 60, 60), left: 40, top: 40 }])
    .png()
    .toBuffer();
  await writeFiles(folder, {
    'corner.png': corner,
    'white.png': await solid('white', 90, 90),
    'red.png': await solid('red', 90, 90),
  });
  await service.index(folder);
});
afterAll(() => service.stop());

const QUERY =
  '{ searchByText(query: "blue", first: 10) { hits { score region { x y width height } image { name } } } library { imageCount index { size } } }';

it('finds the corner, says where it is, and counts each picture once', async () => {
  const { data } = await service.query(QUERY);
  const { hits } = data.searchByText;
  expect(hits).toHaveLength(3);
  expect(hits[0].image.name).toBe('corner.png');
  expect(hits[0].region.x).toBeCloseTo(0.4);
  expect(hits[0].region.y).toBeCloseTo(0.4);
  expect(hits[0].region.width).toBeCloseTo(0.6);
  expect(data.library).toEqual({ imageCount: 3, index: { size: 18 } });
});

it('takes all views of a removed picture out', async () => {
  const { data } = await service.query('{ searchByText(query: "blue", first: 1) { hits { image { id } } } }');
  await service.query('mutation($ids: [ID!]!) { removeImages(ids: $ids) { removed } }', {
    ids: [data.searchByText.hits[0].image.id],
  });
  const after = await service.query(QUERY);
  expect(after.data.searchByText.hits).toHaveLength(2);
  expect(after.data.library.index.size).toBe(12);
});
