// Pictures come in, change, move and go; bad files are named and counted; nothing that was acknowledged is lost.
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { solid, writeFiles } from '../support/pictures.ts';

let service: TestApp;
let folder: string;

beforeEach(async () => {
  service = await startTestApp();
  folder = join(service.directory, 'pictures');
  await mkdir(folder);
});
afterEach(() => service.stop());

const listNames = async () => {
  const { data } = await service.query(
    '{ images(first: 100, orderBy: { field: NAME }) { totalCount edges { node { name } } } }',
  );
  return data.images.edges.map(({ node }: { node: { name: string } }) => node.name);
};
const find = async (query: string) => {
  const { data } = await service.query(
    'query($q: String!) { searchByText(query: $q, first: 100) { reason hits { image { id name } } } }',
    { q: query },
  );
  return data.searchByText.hits.map(({ image }: { image: { name: string } }) => image.name);
};

describe('indexing a folder', () => {
  it('takes in what are pictures, and names and counts what are not', async () => {
    await writeFiles(folder, {
      'red.png': await solid('red'),
      'deep/er/blue.PNG': await solid('blue'),
      'notes.txt': 'no picture by name',
      'fake.jpg': 'no picture inside',
      'cut.png': (await solid('green', 500, 500)).subarray(0, 300),
      'empty.gif': '',
      '.hidden.png': await solid('white'),
    });
    const job = await service.index(folder);
    expect(job).toMatchObject({ state: 'DONE', added: 2, known: 0, skippedCount: 3 });
    const reasons = Object.fromEntries(job.skipped.map(({ name, code }) => [name.split('/').at(-1), code]));
    expect(reasons).toEqual({ 'fake.jpg': 'NOT_A_PICTURE', 'cut.png': 'PICTURE_BROKEN', 'empty.gif': 'NOT_A_PICTURE' });
    expect(await listNames()).toEqual(['blue.PNG', 'red.png']);
  });

  it('passes over what it knows, and sees changed, moved and deleted files', async () => {
    await writeFiles(folder, {
      'a.png': await solid('red'),
      'b.png': await solid('blue'),
      'c.png': await solid('green'),
    });
    await service.index(folder);
    expect(await service.index(folder)).toMatchObject({ added: 0, known: 3, removed: 0 });

    await writeFile(join(folder, 'a.png'), await solid('yellow', 50, 50));
    await utimes(join(folder, 'a.png'), new Date(), new Date(Date.now() + 5000));
    await mkdir(join(folder, 'sub'));
    await rename(join(folder, 'b.png'), join(folder, 'sub/b2.png'));
    await rm(join(folder, 'c.png'));
    expect(await service.index(folder)).toMatchObject({ state: 'DONE', added: 1, removed: 2 });
    expect((await find('yellow'))[0]).toBe('a.png');
    expect(await find('green')).toHaveLength(2);
  });

  it('keeps one picture for the same bytes in two places, until both are gone', async () => {
    const red = await solid('red');
    await writeFiles(folder, { 'one.png': red, 'two.png': red });
    expect(await service.index(folder)).toMatchObject({ added: 1, known: 1 });
    await rm(join(folder, 'one.png'));
    expect(await service.index(folder)).toMatchObject({ removed: 0 });
    expect(await find('red')).toHaveLength(1);
    await rm(join(folder, 'two.png'));
    expect(await service.index(folder)).toMatchObject({ removed: 1 });
    expect(await find('red')).toHaveLength(0);
  });

  it('takes nothing out when the folder itself cannot be read', async () => {
    await writeFiles(folder, { 'red.png': await solid('red') });
    await service.index(folder);
    await rename(folder, `${folder}-away`);
    expect(await service.index(folder)).toMatchObject({
      state: 'FAILED',
      error: { code: 'FILE_NOT_FOUND' },
      removed: 0,
    });
    expect(await find('red')).toHaveLength(1);
  });

  it('goes on after a restart, with the same ids', async () => {
    await writeFiles(folder, { 'red.png': await solid('red') });
    await service.index(folder);
    const before = await service.query('{ images { edges { node { id } } } }');
    const second = await startTestApp({ directory: service.directory });
    try {
      await writeFiles(folder, { 'blue.png': await solid('blue') });
      expect(await second.index(folder)).toMatchObject({ added: 1, known: 1 });
      const after = await second.query('{ images(orderBy: { field: ADDED }) { edges { node { id } } } }');
      expect(after.data.images.edges[0]).toEqual(before.data.images.edges[0]);
      // The first service learns of it without a restart: both share one catalog.
      expect((await find('blue'))[0]).toBe('blue.png');
    } finally {
      await second.stop();
    }
  });
});

describe('adding and removing', () => {
  const ADD =
    'mutation($files: [Upload!]!) { addImages(uploads: $files) { outcomes { name alreadyKnown image { id name } error { code } } } }';

  it('adds uploads one by one: a broken one is an outcome of its own', async () => {
    const red = await solid('red');
    const { data } = await service.upload(ADD, [
      { name: 'red.png', bytes: red },
      { name: '../../evil.png', bytes: Buffer.from('nothing') },
      { name: 'again.png', bytes: red },
      { name: 'blue.png', bytes: await solid('blue') },
    ]);
    const outcomes = data.addImages.outcomes;
    expect(outcomes.map(({ name }: { name: string }) => name)).toEqual([
      'red.png',
      'evil.png',
      'again.png',
      'blue.png',
    ]);
    expect(outcomes[1]).toMatchObject({ image: null, error: { code: 'NOT_A_PICTURE' } });
    expect(outcomes[2].image.id).toBe(outcomes[0].image.id);
    expect(outcomes[2].alreadyKnown).toBe(true);
    expect((await find('blue'))[0]).toBe('blue.png');
  });

  it('serves what was uploaded, and forgets it when it is removed', async () => {
    const red = await solid('red');
    const added = await service.upload(ADD, [
      { name: 'red.png', bytes: red },
      { name: 'x.png', bytes: await solid('white') },
    ]);
    const { id } = added.data.addImages.outcomes[0].image;
    const original = await fetch(`${service.url}/images/${id}/original`);
    expect(Buffer.from(await original.arrayBuffer()).equals(red)).toBe(true);
    const removed = await service.query('mutation($ids: [ID!]!) { removeImages(ids: $ids) { removed } }', {
      ids: [id, '12345'],
    });
    expect(removed.data.removeImages.removed).toBe(1);
    expect((await fetch(`${service.url}/images/${id}/original`)).status).toBe(404);
    expect(await find('red')).toEqual(['x.png']);
  });

  it('does not bring a removed picture back at the next look at its folder, but by hand', async () => {
    const red = await solid('red');
    await writeFiles(folder, { 'red.png': red, 'blue.png': await solid('blue') });
    await service.index(folder);
    const { data } = await service.query('{ searchByText(query: "red", first: 1) { hits { image { id } } } }');
    await service.query('mutation($ids: [ID!]!) { removeImages(ids: $ids) { removed } }', {
      ids: [data.searchByText.hits[0].image.id],
    });
    expect(await service.index(folder)).toMatchObject({ added: 0 });
    expect(await listNames()).toEqual(['blue.png']);
    await service.upload(ADD, [
      { name: 'red.png', bytes: red },
      { name: 'y.png', bytes: await solid('yellow') },
    ]);
    expect(await listNames()).toContain('red.png');
  });
});
