// Focus, composed queries, confidences, explanations and diversity, through GraphQL.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelOf } from '../../src/core/views.ts';
import { type GraphqlAnswer, startTestApp, type TestApp } from '../support/app.ts';
import { writeFakeCalibration } from '../support/fake-calibration.ts';
import { createFakeEmbedder, FAKE_MODEL } from '../support/fake-embedder.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';

interface AnsweredHit {
  readonly score: number;
  readonly confidence: number | null;
  readonly cursor: string;
  readonly why: readonly { word: string; weight: number }[];
  readonly missing: readonly { word: string }[];
  readonly image: { readonly id: string; readonly name: string };
}

const names = (result: { hits: readonly AnsweredHit[] }) => result.hits.map(({ image }) => image.name);
const codeOf = ({ errors }: GraphqlAnswer) => errors?.[0]?.extensions.code;

const RESULT =
  'hits { score confidence cursor image { id name } } reason notices { code } focusMap { weight region { x width } } expression { all { text imageId weight region { x } focus { text strength } } not { text } } pageInfo { hasNextPage endCursor }';
const SEARCH = `query($input: SearchInput!) { search(input: $input) { ${RESULT} } }`;
const BY_TEXT = `query($q: String!, $not: [String!]! = [], $c: Confidence! = NONE, $d: Float! = 0, $n: Int! = 20, $after: String, $more: [ID!]! = [], $less: [ID!]! = []) { searchByText(query: $q, not: $not, confidence: $c, diversity: $d, first: $n, after: $after, moreLike: $more, lessLike: $less) { ${RESULT} } }`;
const SIMILAR = `query($id: ID, $focus: [FocusInput!]! = [], $method: FocusMethod! = WINDOWS, $not: [String!]! = [], $n: Int! = 20, $after: String, $region: RegionInput) { similarImages(imageId: $id, focus: $focus, focusMethod: $method, not: $not, first: $n, after: $after, region: $region) { ${RESULT} } }`;
const SIMILAR_UPLOAD = `query($file: Upload, $focus: [FocusInput!]! = []) { similarImages(upload: $file, focus: $focus) { ${RESULT} } }`;

let service: TestApp;
let embeddedPictures = 0;
const ids = new Map<string, string>();
const idOf = (name: string) => ids.get(name) ?? 'unknown';

beforeAll(async () => {
  const fake = createFakeEmbedder();
  service = await startTestApp({
    embedder: {
      ...fake,
      embedPixels: async (pictures, urgency) => {
        embeddedPictures += pictures.length;
        return fake.embedPixels(pictures, urgency);
      },
    },
  });
  const folder = join(service.directory, 'pictures');
  await writeFiles(folder, {
    'red.png': await solid('red'),
    'red again.png': await solid('red', 60, 50),
    'blue.png': await solid('blue'),
    'green.png': await solid('green'),
    'white.png': await solid('white'),
    'red blue.png': await halves('red', 'blue'),
    'red green.png': await halves('red', 'green', 120, 60),
  });
  await service.index(folder);
  const { data } = await service.query('{ images(first: 50) { edges { node { id name } } } }');
  for (const { node } of data.images.edges) ids.set(node.name, node.id);
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
    const before = embeddedPictures;
    await service.query(SIMILAR, { id, focus: [{ text: 'red' }] });
    expect(embeddedPictures - before).toBe(18);
    await service.query(SIMILAR, { id, focus: [{ text: 'green' }] });
    expect(embeddedPictures - before).toBe(18);
    const { catalog } = service.app.services;
    const labels = Array.from({ length: 19 }, (_, view) => labelOf(Number(id) as never, view as never));
    expect((await catalog.getVectors(FAKE_MODEL.fingerprint, labels)).size).toBe(19);
    expect((await service.query('{ library { index { size } } }')).data.library.index.size).toBe(7);
  });

  it('embeds a picture that is sent again only where it is read anew', async () => {
    const file = [{ name: 'mine.png', bytes: await halves('green', 'white', 110, 70) }];
    const before = embeddedPictures;
    const ask = async (focus: object[]) => (await service.upload(SIMILAR_UPLOAD, file, { focus })).data.similarImages;
    const plain = await ask([]);
    expect(embeddedPictures - before).toBe(1);
    const focused = await ask([{ text: 'green', strength: 0.2 }]);
    expect(embeddedPictures - before).toBe(19);
    const moved = await Promise.all([0.4, 0.9].map((strength) => ask([{ text: 'green', strength }])));
    expect(await ask([])).toEqual(plain);
    expect(moved.map((answer) => answer.focusMap.length)).toEqual([19, 19]);
    expect(names(focused)[0]).toBe('green.png');
    expect(embeddedPictures - before).toBe(19);
  });

  it('embeds a sent picture once for queries that come at the same time', async () => {
    const file = [{ name: 'mine.png', bytes: await halves('blue', 'white', 130, 70) }];
    const before = embeddedPictures;
    await Promise.all([1, 2, 3].map(() => service.upload(SIMILAR_UPLOAD, file)));
    expect(embeddedPictures - before).toBe(1);
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
      await windows.index(join(service.directory, 'pictures'));
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

describe('search', () => {
  const search = async (input: object) => (await service.query(SEARCH, { input })).data.search;

  it('mixes texts and pictures by their weights', async () => {
    const green = { imageId: idOf('green.png') };
    const mostlyRed = await search({
      all: [
        { ...green, weight: 0.2 },
        { text: 'red', weight: 1 },
      ],
    });
    const both = await search({
      all: [
        { ...green, weight: 1 },
        { text: 'red', weight: 1 },
      ],
    });
    expect(names(mostlyRed)[0]).toMatch(/^red( again)?\.png$/);
    expect(names(both)[0]).toBe('red green.png');
    expect(names(both)).not.toContain('green.png');
  });

  it('answers with the normalised expression', async () => {
    const { expression } = await search({
      all: [
        { text: '  a   red car ', weight: 3 },
        { text: 'blue', weight: -1 },
      ],
      not: [{ text: 'green' }, { text: 'green' }],
    });
    expect(expression).toEqual({
      all: [
        { text: 'a red car', imageId: null, weight: 0.75, region: null, focus: [] },
        { text: 'blue', imageId: null, weight: -0.25, region: null, focus: [] },
      ],
      not: [{ text: 'green' }],
    });
  });

  it('does not depend on the order or the scale of its terms, and takes the cursor of either', async () => {
    const terms = [
      { text: 'red', weight: 1 },
      { imageId: idOf('blue.png'), weight: 0.5 },
      { text: 'white', weight: 0.25 },
    ];
    const one = await search({ all: terms, first: 3 });
    const other = await search({ all: terms.toReversed().map((t) => ({ ...t, weight: 8 * t.weight })), first: 3 });
    expect(names(other)).toEqual(names(one));
    const rest = await search({ all: terms.toReversed(), first: 10, after: one.pageInfo.endCursor });
    const whole = await search({ all: terms, first: 10 });
    expect([...names(one), ...names(rest)]).toEqual(names(whole));
  });

  it('searches by a part of a picture as one term of several', async () => {
    const right = { imageId: idOf('red blue.png'), region: { x: 0.5, y: 0, width: 0.5, height: 1 } };
    expect(names(await search({ all: [right, { text: 'blue', weight: 0.5 }] }))[0]).toBe('blue.png');
  });

  it('reads a focused picture as one term of several', async () => {
    const { hits, focusMap } = await search({
      all: [
        { imageId: idOf('red blue.png'), focus: [{ text: 'blue', strength: 1 }] },
        { text: 'blue', weight: 0.1 },
      ],
    });
    expect(hits[0].image.name).toBe('blue.png');
    expect(focusMap).toHaveLength(19);
  });

  it('leaves out what a picture shows', async () => {
    const { hits } = await search({ all: [{ imageId: idOf('red blue.png') }], not: [{ imageId: idOf('blue.png') }] });
    expect(hits[0].image.name).toMatch(/^red( again)?\.png$/);
    expect(hits.find(({ image }: AnsweredHit) => image.name === 'blue.png').score).toBeLessThan(0.01);
  });

  it('says that texts and pictures were mixed as they are where the model has no statistics', async () => {
    const mixed = await search({ all: [{ text: 'red' }, { imageId: idOf('blue.png') }] });
    expect(mixed.notices).toEqual([{ code: 'NOT_CENTRED' }]);
    expect((await search({ all: [{ text: 'red' }, { text: 'blue' }] })).notices).toEqual([]);
  });

  it.each([
    [
      'weights that cancel',
      {
        all: [
          { text: 'red', weight: 1 },
          { text: 'red', weight: -1 },
        ],
      },
      'QUERY_CANCELS_OUT',
    ],
    ['a query for what it excludes', { all: [{ text: 'red' }], not: [{ text: 'red' }] }, 'QUERY_CANCELS_OUT'],
    ['no terms', { all: [] }, 'BAD_ARGUMENT'],
    ['a weight of 0', { all: [{ text: 'red', weight: 0 }] }, 'BAD_ARGUMENT'],
    ['an empty term', { all: [{ weight: 1 }] }, 'BAD_ARGUMENT'],
    ['a term of two kinds', { all: [{ text: 'red', imageId: '1' }] }, 'BAD_ARGUMENT'],
    ['a region of a text', { all: [{ text: 'red', region: { x: 0, y: 0, width: 1, height: 1 } }] }, 'BAD_ARGUMENT'],
    ['a picture that is gone', { all: [{ imageId: '999999' }] }, 'IMAGE_NOT_FOUND'],
    ['a judged picture that is gone', { all: [{ text: 'red' }], moreLike: ['999999'] }, 'IMAGE_NOT_FOUND'],
    ['too many terms', { all: Array(17).fill({ text: 'red' }) }, 'BAD_ARGUMENT'],
    ['a diversity above 1', { all: [{ text: 'red' }], diversity: 1.5 }, 'BAD_ARGUMENT'],
    [
      'more embeddings than a request may cost',
      { all: Array(5).fill({ imageId: '1', focus: [{ text: 'a' }] }) },
      'QUERY_TOO_COSTLY',
    ],
  ])('refuses %s', async (_title, input, code) => {
    expect(codeOf(await service.query(SEARCH, { input }))).toBe(code);
  });
});

describe('searchByText', () => {
  const search = async (variables: object) => (await service.query(BY_TEXT, { ...variables })).data.searchByText;

  it('leaves out what is excluded, and nothing else', async () => {
    const plain = names(await search({ q: 'red blue' }));
    const without = names(await search({ q: 'red blue', not: ['blue'] }));
    expect(plain[0]).toBe('red blue.png');
    expect(without.slice(0, 2).sort()).toEqual(['red again.png', 'red.png']);
    expect(without.indexOf('blue.png')).toBeGreaterThan(without.indexOf('red green.png'));
  });

  it('moves towards pictures that were judged right, and away from wrong ones', async () => {
    const judged = await search({ q: 'red', more: [idOf('blue.png')], less: [idOf('red.png')] });
    expect(names(judged)[0]).toBe('red blue.png');
  });

  it('shows pictures that differ first where diversity is asked for, and every picture once over all pages', async () => {
    expect(names(await search({ q: 'red', n: 2 })).sort()).toEqual(['red again.png', 'red.png']);
    const diverse = await search({ q: 'red', n: 2, d: 0.7 });
    expect(names(diverse)).not.toEqual(expect.arrayContaining(['red again.png', 'red.png']));
    const seen: string[] = [];
    for (let after: string | null = null, page = 0; page < 6; page++) {
      const answer = await search({ q: 'red', n: 2, d: 0.7, after });
      seen.push(...names(answer));
      after = answer.pageInfo.endCursor;
      if (!answer.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(names(await search({ q: 'red', d: 0.7 })));
    expect(new Set(seen).size).toBe(7);
  });

  it('refuses a cursor of the same words with another diversity', async () => {
    const { pageInfo } = await search({ q: 'red', n: 2, d: 0.7 });
    const answer = await service.query(BY_TEXT, { q: 'red', n: 2, d: 0.2, after: pageInfo.endCursor });
    expect(codeOf(answer)).toBe('BAD_CURSOR');
  });

  it('says that nothing can be cut where the model brings no calibration', async () => {
    const { hits, notices } = await search({ q: 'red', c: 'STRICT' });
    expect(hits).toHaveLength(7);
    expect(hits[0].confidence).toBeNull();
    expect(notices).toEqual([{ code: 'CONFIDENCE_UNAVAILABLE' }]);
  });
});

describe('a model with statistics, a calibration and a vocabulary', () => {
  let calibrated: TestApp;
  const search = async (variables: object) => (await calibrated.query(BY_TEXT, { ...variables })).data.searchByText;

  beforeAll(async () => {
    const modelFolder = await writeFakeCalibration(join(service.directory, 'model'));
    const vocabulary = join(service.directory, 'vocabulary.txt');
    await writeFile(vocabulary, 'red\ngreen\nblue\nwhite\nblack\nyellow\n');
    calibrated = await startTestApp({ modelFolder, flags: { vocabulary } });
    await calibrated.index(join(service.directory, 'pictures'));
  });
  afterAll(() => calibrated.stop());

  it('gives every hit a confidence that falls with its score', async () => {
    const { hits } = await search({ q: 'red' });
    const confidences: number[] = hits.map((hit: AnsweredHit) => hit.confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    expect(confidences[0]).toBeGreaterThan(0.9);
    expect(confidences.at(-1)).toBeLessThan(0.1);
  });

  it('cuts at the level that is asked for', async () => {
    expect((await search({ q: 'red', c: 'LOOSE' })).hits).toHaveLength(4);
    const strict = await search({ q: 'red', c: 'STRICT' });
    expect(names(strict).sort()).toEqual(['red again.png', 'red.png']);
    expect(strict.pageInfo.hasNextPage).toBe(false);
  });

  it('answers with nothing, and says so, where nothing matches', async () => {
    expect(await search({ q: 'yellow', c: 'NORMAL' })).toMatchObject({ hits: [], reason: 'NOTHING_MATCHES' });
    expect(await search({ q: 'yellow', c: 'NORMAL', d: 0.5 })).toMatchObject({ hits: [], reason: 'NOTHING_MATCHES' });
    expect((await search({ q: 'yellow' })).reason).toBeNull();
  });

  it('pages through a cut answer without losing or repeating a hit', async () => {
    const first = await search({ q: 'red', c: 'LOOSE', n: 3 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await search({ q: 'red', c: 'LOOSE', n: 3, after: first.pageInfo.endCursor });
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect([...names(first), ...names(rest)]).toEqual(names(await search({ q: 'red', c: 'LOOSE' })));
  });

  it('explains hits in words of the vocabulary, and names what they lack', async () => {
    const { data } = await calibrated.query(
      '{ searchByText(query: "red blue") { hits { image { name } why { word weight } missing { word } } } }',
    );
    const hits: AnsweredHit[] = data.searchByText.hits;
    const hit = (name: string) => hits.find(({ image }) => image.name === name);
    expect(hit('green.png')?.why[0]).toMatchObject({ word: 'green' });
    expect(
      hit('red blue.png')
        ?.why.map(({ word }) => word)
        .slice(0, 2)
        .sort(),
    ).toEqual(['blue', 'red']);
    for (const { why } of hits) {
      expect(why.length).toBeLessThanOrEqual(6);
      expect(why.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
  });

  it('mixes texts and pictures centred, without a remark', async () => {
    const input = { all: [{ text: 'red' }, { text: 'green', weight: 0.5 }], not: [{ text: 'blue' }] };
    expect((await calibrated.query(SEARCH, { input })).data.search.notices).toEqual([]);
  });
});
