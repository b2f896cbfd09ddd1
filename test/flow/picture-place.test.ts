// Where a picture lies among those of its folder, over GraphQL.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';

const png = (red: number) =>
  sharp({ create: { width: 24, height: 24, channels: 3, background: { r: red, g: 90, b: 10 } } })
    .png()
    .toBuffer();

describe('the place of a picture', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    const folder = join(app.directory, 'pictures');
    await mkdir(join(folder, 'below'), { recursive: true });
    const names = ['day 10.png', 'day 2.png', 'Day 1.png', 'below/day 3.png'];
    for (const [i, name] of names.entries()) await writeFile(join(folder, name), await png(20 + 60 * i));
    await app.index(folder);
    await app.upload('mutation ($files: [Upload!]!) { addImages(uploads: $files) { outcomes { name } } }', [
      { name: 'sent.png', bytes: await png(255) },
    ]);
  });
  afterAll(() => app?.stop());

  it('counts the folder itself, in the order of its names, and nothing below it', async () => {
    const { data } = await app.query(
      '{ images(first: 50) { edges { node { name exif { camera } place { name position count previous { name } next { name } } } } } }',
    );
    const nodes: { node: { name: string; exif: unknown; place: unknown } }[] = data.images.edges;
    const places = Object.fromEntries(nodes.map(({ node }) => [node.name, node.place]));
    const here = { name: 'pictures', count: 3 };
    expect(places).toEqual({
      'Day 1.png': { ...here, position: 1, previous: null, next: { name: 'day 2.png' } },
      'day 2.png': { ...here, position: 2, previous: { name: 'Day 1.png' }, next: { name: 'day 10.png' } },
      'day 10.png': { ...here, position: 3, previous: { name: 'day 2.png' }, next: null },
      'day 3.png': { name: 'below', count: 1, position: 1, previous: null, next: null },
      'sent.png': null,
    });
    expect(nodes.map(({ node }) => node.exif)).toEqual(nodes.map(() => null));
  });
});
