// Asking for a part of what a picture shows, through GraphQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelOf } from '../../src/core/views.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type ColourLibrary, codeOf, names, RESULT, startColourLibrary } from '../support/colour-library.ts';
import { createFakeEmbedder, FAKE_MODEL } from '../support/fake-embedder.ts';
import { halves, solid } from '../support/pictures.ts';

const SIMILAR = `query($id: ID, $focus: [FocusInput!]! = [], $method: FocusMethod! = WINDOWS, $not: [String!]! = [], $n: Int! = 20, $after: String, $region: RegionInput) { similarImages(imageId: $id, focus: $focus, focusMethod: $method, not: $not, first: $n, after: $after, region: $region) { ${RESULT} } }`;
const SIMILAR_UPLOAD = `query($file: Upload, $focus: [FocusInput!]! = []) { similarImages(upload: $file, focus: $focus) { ${RESULT} } }`;

let library: ColourLibrary;
let service: TestApp;
const idOf = (name: string) => library.idOf(name);

beforeAll(async () => {
  library = await startColourLibrary();
  service = library.service;
});
afterAll(() => service.stop());

describe('focus', () => {
  it.each(['WINDOWS', 'SUBSPACE', 'WEIGHTS'])('finds the class asked for in a picture of two by %s', async (method) => {
    const ask = async (text: string) => {
      const focus = [{ text, strength: 0.9 }];
      const { data } = await service.query(SIMILAR, { id: idOf('red blue.png'), focus, method });
      return data.similarImages;
    };
    const red = await ask('red');
    const blue = await ask('blue');
    expect(names(red).slice(0, 2).sort()).toEqual(['red again.png', 'red.png']);
    expect(names(blue)[0]).toBe('blue.png');
    expect(names(red)).not.toContain('red blue.png');
    expect(red.expression.all).toMatchObject([{ imageId: idOf('red blue.png'), focus: [{ text: 'red' }] }]);
  });

  it('says where it looked: left for the colour on the left', async () => {
    const focus = [{ text: 'red' }];
    const { data } = await service.query(SIMILAR, { id: idOf('red blue.png'), focus });
    const map: { weight: number; region: { x: number; width: number } }[] = data.similarImages.focusMap;
    expect(map).toHaveLength(19);
    expect(map.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
    const weightAt = (x: number) =>
      map.filter(({ region }) => region.width === 0.4 && region.x === x).reduce((sum, { weight }) => sum + weight, 0);
    expect(weightAt(0)).toBeGreaterThan(2 * weightAt(0.6));
  });

  it('reads a sent picture as it reads one of the library', async () => {
    const focus = [{ text: 'green' }];
    const file = [{ name: 'mine.png', bytes: await halves('white', 'green', 100, 60) }];
    const { data } = await service.upload(SIMILAR_UPLOAD, file, { focus });
    expect(names(data.similarImages)[0]).toBe('green.png');
    expect(data.similarImages.expression.all).toMatchObject([{ text: null, imageId: null }]);
  });

  it('embeds the windows of a library picture once and keeps them', async () => {
    const id = idOf('red green.png');
    const before = library.embeddedPictures();
    await service.query(SIMILAR, { id, focus: [{ text: 'red' }] });
    expect(library.embeddedPictures() - before).toBe(18);
    await service.query(SIMILAR, { id, focus: [{ text: 'green' }] });
    expect(library.embeddedPictures() - before).toBe(18);
    const { catalog } = service.app.services;
    const labels = Array.from({ length: 19 }, (_, view) => labelOf(Number(id) as never, view as never));
    expect((await catalog.getVectors(FAKE_MODEL.fingerprint, labels)).size).toBe(19);
    expect((await service.query('{ library { index { size } } }')).data.library.index.size).toBe(7);
  });

  it('embeds a picture that is sent again only where it is read anew', async () => {
    const file = [{ name: 'mine.png', bytes: await halves('green', 'white', 110, 70) }];
    const before = library.embeddedPictures();
    const ask = async (focus: object[]) => (await service.upload(SIMILAR_UPLOAD, file, { focus })).data.similarImages;
    const plain = await ask([]);
    expect(library.embeddedPictures() - before).toBe(1);
    const focused = await ask([{ text: 'green', strength: 0.2 }]);
    expect(library.embeddedPictures() - before).toBe(19);
    const moved = await Promise.all([0.4, 0.9].map((strength) => ask([{ text: 'green', strength }])));
    expect(await ask([])).toEqual(plain);
    expect(moved.map((answer) => answer.focusMap.length)).toEqual([19, 19]);
    expect(names(focused)[0]).toBe('green.png');
    expect(library.embeddedPictures() - before).toBe(19);
  });

  it('embeds a sent picture once for queries that come at the same time', async () => {
    const file = [{ name: 'mine.png', bytes: await halves('blue', 'white', 130, 70) }];
    const before = library.embeddedPictures();
    await Promise.all([1, 2, 3].map(() => service.upload(SIMILAR_UPLOAD, file)));
    expect(library.embeddedPictures() - before).toBe(1);
  });

  it('refuses broken bytes each time they are sent', async () => {
    const file = [{ name: 'broken.png', bytes: (await solid('red')).subarray(0, 60) }];
    const codes = [await service.upload(SIMILAR_UPLOAD, file), await service.upload(SIMILAR_UPLOAD, file)].map(codeOf);
    expect(codes[0]).toMatch(/^(PICTURE_BROKEN|NOT_A_PICTURE)$/);
    expect(codes[1]).toBe(codes[0]);
  });

  it('looks inside the region only', async () => {
    const region = { x: 0.5, y: 0, width: 0.5, height: 1 };
    const { data } = await service.query(SIMILAR, { id: idOf('red blue.png'), focus: [{ text: 'red' }], region });
    const map: { region: { x: number; width: number } }[] = data.similarImages.focusMap;
    expect(Math.min(...map.map(({ region: { x } }) => x))).toBe(0.5);
    expect(Math.max(...map.map(({ region: { x, width } }) => x + width))).toBeLessThanOrEqual(1);
  });

  it('leaves out what is excluded at the same time', async () => {
    const focus = [{ text: 'red' }];
    const { data } = await service.query(SIMILAR, { id: idOf('red blue.png'), focus, not: ['green'] });
    const found = names(data.similarImages);
    expect(found.indexOf('red green.png')).toBeGreaterThan(found.indexOf('red.png'));
    expect(found.at(-1)).toBe('green.png');
  });

  it.each([
    [{ focus: [{ text: 'red', strength: 1.2 }] }, 'BAD_ARGUMENT'],
    [{ focus: [{ text: ' ' }] }, 'BAD_ARGUMENT'],
    [{ focus: Array(9).fill({ text: 'red' }) }, 'BAD_ARGUMENT'],
    [{ focus: [{ text: 'red' }], not: ['red'] }, 'QUERY_CANCELS_OUT'],
  ])('refuses %j with %s', async (variables, code) => {
    expect(codeOf(await service.query(SIMILAR, { id: idOf('red blue.png'), ...variables }))).toBe(code);
  });
});

describe('a library of windows', () => {
  it('embeds only those windows of a focused picture that are not indexed, and shows each picture once', async () => {
    const fake = createFakeEmbedder();
    const batches: number[] = [];
    const windows = await startTestApp({
      flags: { views: 'windows' },
      embedder: {
        ...fake,
        embedPixels: async (pictures, urgency) => {
          if (urgency === 'query') batches.push(pictures.length);
          return fake.embedPixels(pictures, urgency);
        },
      },
    });
    try {
      await windows.index(library.folder);
      const { data } = await windows.query('{ images(first: 50) { edges { node { id name } } } }');
      const { id } = data.images.edges.find(
        ({ node }: { node: { name: string } }) => node.name === 'red blue.png',
      ).node;
      const answer = (await windows.query(SIMILAR, { id, focus: [{ text: 'blue', strength: 1 }] })).data.similarImages;
      expect(batches).toEqual([13]);
      expect(names(answer)[0]).toBe('blue.png');
      expect(names(answer)).toHaveLength(6);
      expect(new Set(names(answer)).size).toBe(6);
    } finally {
      await windows.stop();
    }
  });
});
