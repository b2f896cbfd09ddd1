// The three queries of the card, over HTTP, with pagination, filters and refusals.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';

let service: TestApp;

beforeAll(async () => {
  service = await startTestApp();
  const folder = join(service.directory, 'pictures');
  await writeFiles(folder, {
    'red.png': await solid('red'),
    'green.png': await solid('green'),
    'blue.png': await solid('blue', 200, 100),
    'cars/red car.png': await solid('red', 60, 50),
    'cars/half.png': await halves('red', 'blue'),
  });
  await service.index(folder);
});
afterAll(() => service.stop());

const SEARCH =
  'query($q: String!, $n: Int, $after: String, $f: ImageFilter) { searchByText(query: $q, first: $n, after: $after, filter: $f) { hits { score confidence region { x y width height } why { word } missing { word } cursor image { id name width height url thumbnailUrl tags { name score source also } } } reason notices { code } focusMap { weight } pageInfo { hasNextPage endCursor } } }';
const names = (result: { hits: { image: { name: string } }[] }) => result.hits.map(({ image }) => image.name);

describe('searchByText', () => {
  it('puts the pictures that show the words first, and every picture once', async () => {
    const { data } = await service.query(SEARCH, { q: 'red', n: 10 });
    expect(names(data.searchByText).slice(0, 2).sort()).toEqual(['red car.png', 'red.png']);
    expect(names(data.searchByText)[2]).toBe('half.png');
    expect(new Set(names(data.searchByText)).size).toBe(5);
    expect(data.searchByText.reason).toBeNull();
  });

  it('answers in falling order of exact cosines', async () => {
    const { data } = await service.query(SEARCH, { q: 'blue', n: 10 });
    const scores = data.searchByText.hits.map(({ score }: { score: number }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(Math.max(...scores)).toBeLessThanOrEqual(1.000001);
  });

  it('goes on behind a cursor until all pictures came once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 5; page++) {
      const { data }: Awaited<ReturnType<TestApp['query']>> = await service.query(SEARCH, { q: 'green', n: 2, after });
      seen.push(...names(data.searchByText));
      after = data.searchByText.pageInfo.endCursor;
      if (!data.searchByText.pageInfo.hasNextPage) break;
    }
    const whole = await service.query(SEARCH, { q: 'green', n: 10 });
    expect(seen).toEqual(names(whole.data.searchByText));
  });

  it('refuses a cursor of another query', async () => {
    const { data } = await service.query(SEARCH, { q: 'green', n: 1 });
    const { errors } = await service.query(SEARCH, { q: 'red', n: 1, after: data.searchByText.pageInfo.endCursor });
    expect(errors?.[0]?.extensions.code).toBe('BAD_CURSOR');
  });

  it('filters by folder and by size without losing hits', async () => {
    const byFolder = await service.query(SEARCH, {
      q: 'blue',
      n: 10,
      f: { folder: join(service.directory, 'pictures/cars') },
    });
    expect(names(byFolder.data.searchByText).sort()).toEqual(['half.png', 'red car.png']);
    const bySize = await service.query(SEARCH, { q: 'red', n: 10, f: { minWidth: 60 } });
    expect(names(bySize.data.searchByText).sort()).toEqual(['blue.png', 'half.png', 'red car.png']);
  });

  it('says why nothing came', async () => {
    const { data } = await service.query(SEARCH, { q: 'red', n: 10, f: { minWidth: 5000 } });
    expect(data.searchByText).toMatchObject({ hits: [], reason: 'FILTER_EXCLUDES_ALL' });
  });

  it.each([
    [{ q: '', n: 5 }, 'BAD_ARGUMENT'],
    [{ q: '   ', n: 5 }, 'BAD_ARGUMENT'],
    [{ q: 'x'.repeat(1001), n: 5 }, 'BAD_ARGUMENT'],
    [{ q: 'red', n: 0 }, 'BAD_ARGUMENT'],
    [{ q: 'red', n: 101 }, 'BAD_ARGUMENT'],
    [{ q: 'red', n: 5, after: 'nonsense' }, 'BAD_CURSOR'],
    [{ q: 'red', n: 5, f: { takenFrom: 'yesterday' } }, 'BAD_USER_INPUT'],
  ])('refuses %j with %s', async (variables, code) => {
    const { errors } = await service.query(SEARCH, variables);
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(errors?.[0]?.extensions).not.toHaveProperty('stacktrace');
  });

  it('reads a text that is longer than the model reads clause by clause, to its end', async () => {
    const long = `${'a white thing of no importance, '.repeat(5)}and in front of it all stands a car, red, red, red`;
    const { data } = await service.query(SEARCH, { q: long, n: 3 });
    expect(data.searchByText.notices).toEqual([{ code: 'TEXT_SPLIT' }]);
    expect(names(data.searchByText)).toContain('red.png');
  });
});

describe('similarImages', () => {
  const BY_UPLOAD = 'query($file: Upload) { similarImages(upload: $file, first: 3) { hits { score image { name } } } }';

  it('finds the same picture first by upload', async () => {
    const { data } = await service.upload(BY_UPLOAD, [{ name: 'mine.png', bytes: await solid('blue', 200, 100) }]);
    expect(data.similarImages.hits[0]).toMatchObject({ image: { name: 'blue.png' } });
    expect(data.similarImages.hits[0].score).toBeCloseTo(1, 5);
  });

  it('leaves a picture of the library out of its own answer', async () => {
    const list = await service.query('{ images(first: 10, orderBy: { field: NAME }) { edges { node { id name } } } }');
    const red = list.data.images.edges.find(({ node }: { node: { name: string } }) => node.name === 'red.png').node;
    const { data } = await service.query('query($id: ID) { similarImages(imageId: $id) { hits { image { name } } } }', {
      id: red.id,
    });
    expect(names(data.similarImages)[0]).toBe('red car.png');
    expect(names(data.similarImages)).not.toContain('red.png');
    expect(data.similarImages.hits).toHaveLength(4);
  });

  it('searches by a part of the picture only', async () => {
    const query =
      'query($file: Upload, $r: RegionInput) { similarImages(upload: $file, region: $r, first: 1) { hits { image { name } } } }';
    const file = [{ name: 'half.png', bytes: await halves('green', 'blue', 100, 60) }];
    const left = await service.upload(query, file, { r: { x: 0, y: 0, width: 0.5, height: 1 } });
    const right = await service.upload(query, file, { r: { x: 0.5, y: 0, width: 0.5, height: 1 } });
    expect([...names(left.data.similarImages), ...names(right.data.similarImages)]).toEqual(['green.png', 'blue.png']);
  });

  it.each([
    ['neither source', '{ similarImages { hits { score } } }', 'BAD_ARGUMENT'],
    ['an id that is gone', '{ similarImages(imageId: "999999") { hits { score } } }', 'IMAGE_NOT_FOUND'],
    ['an id that is none', '{ similarImages(imageId: "../etc") { hits { score } } }', 'IMAGE_NOT_FOUND'],
    [
      'a box outside the picture',
      '{ similarImages(imageId: "1", region: { x: 0.5, y: 0, width: 0.6, height: 1 }) { hits { score } } }',
      'BAD_ARGUMENT',
    ],
  ])('refuses %s', async (_title, query, code) => {
    expect((await service.query(query)).errors?.[0]?.extensions.code).toBe(code);
  });

  it.each([
    ['text', Buffer.from('not a picture'), 'NOT_A_PICTURE'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'NOT_A_PICTURE'],
    ['nothing', Buffer.alloc(0), 'NOT_A_PICTURE'],
  ])('refuses an upload of %s', async (_title, bytes, code) => {
    const { errors } = await service.upload(BY_UPLOAD, [{ name: 'x.png', bytes }]);
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  it('refuses a truncated picture and goes on serving', async () => {
    const whole = await solid('blue', 300, 300);
    const { errors } = await service.upload(BY_UPLOAD, [{ name: 'x.png', bytes: whole.subarray(0, whole.length / 2) }]);
    expect(errors?.[0]?.extensions.code).toBe('PICTURE_BROKEN');
    expect((await service.query('{ library { imageCount } }')).data.library.imageCount).toBe(5);
  });
});

describe('tagsFor', () => {
  it('refuses two sources at once', async () => {
    const { errors } = await service.upload('query($file: Upload) { tagsFor(imageId: "1", upload: $file) { name } }', [
      { name: 'a.png', bytes: await solid('red') },
    ]);
    expect(errors?.[0]?.extensions.code).toBe('BAD_ARGUMENT');
  });
});
