// Several spaces over one library: added, filled, asked and removed, through GraphQL.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelOf, WHOLE } from '../../src/core/views.ts';
import { parseImageId } from '../../src/services/checks.ts';
import { defineSpace } from '../../src/services/spaces/space-definition.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';
import { addSpace, idOf, SPACES } from '../support/spaces.ts';

const SIMILAR =
  'query($id: ID!, $space: String, $n: Int) { similarImages(imageId: $id, space: $space, first: $n) { hits { score confidence why { word } missing { word } cursor image { id name } } notices { code } } }';
const names = (result: { hits: { image: { name: string } }[] }) => result.hits.map(({ image }) => image.name);

describe('a library with several spaces', () => {
  let service: TestApp;

  beforeAll(async () => {
    service = await startTestApp();
    const folder = join(service.directory, 'pictures');
    await writeFiles(folder, {
      'red.png': await solid('red'),
      'green.png': await solid('green'),
      'black.png': await solid('black'),
      'half.png': await halves('red', 'blue'),
      'flipped.png': await halves('blue', 'red'),
      'nearly.png': await halves('red', 'blue', 120, 60),
    });
    await service.index(folder);
    await addSpace(service, 'small', 'pixels:4');
    await addSpace(service, 'far', 'pixels:4', { metric: 'euclidean' });
    await addSpace(service, 'raw', 'pixels:4', { metric: 'dot' });
  });
  afterAll(() => service.stop());

  it('says of each what it is and how it stands', async () => {
    const { data } = await service.query(SPACES);
    expect(data.library.spaces).toMatchObject([
      { name: 'main', encoder: 'fake', dimension: 32, metric: 'COSINE', hasText: true, pictures: 6 },
      { name: 'far', encoder: 'pixels:4', dimension: 48, metric: 'EUCLIDEAN', hasText: false, pictures: 6 },
      { name: 'raw', metric: 'DOT', readsPictures: true, reduction: null, pictures: 6 },
      { name: 'small', encoder: 'pixels:4', metric: 'COSINE', problem: null, index: { kind: 'exact', state: 'EXACT' } },
    ]);
  });

  it('answers by the vectors and the metric of the space that is asked', async () => {
    const id = await idOf(service, 'half.png');
    const small = await service.query(SIMILAR, { id, space: 'small', n: 10 });
    expect(names(small.data.similarImages)[0]).toBe('nearly.png');
    expect(small.data.similarImages.hits[0].score).toBeCloseTo(1, 2);
    const far = await service.query(SIMILAR, { id, space: 'far', n: 10 });
    expect(names(far.data.similarImages)[0]).toBe('nearly.png');
    expect(far.data.similarImages.hits.every(({ score }: { score: number }) => score <= 0)).toBe(true);
    expect(far.data.similarImages.hits[0]).toMatchObject({ confidence: null, why: [], missing: [] });
    // By dot product the brightest pictures win, however unlike they are.
    const raw = await service.query(SIMILAR, { id, space: 'raw', n: 10 });
    expect(raw.data.similarImages.hits[0].score).toBeGreaterThan(1);
  });

  it('scores exactly as the metric says, with vectors as they were given', async () => {
    const [a, b] = [await idOf(service, 'half.png'), await idOf(service, 'red.png')];
    const far = await service.app.spaces.get('far');
    const stored = await far.vectors.get([a, b].map((id) => labelOf(parseImageId(id), WHOLE)));
    const [x, y] = [a, b].map((id) => [...(stored.get(labelOf(parseImageId(id), WHOLE)) ?? [])]) as [
      number[],
      number[],
    ];
    const distance = Math.hypot(...x.map((value, i) => value - (y[i] as number)));
    const { data } = await service.query(SIMILAR, { id: a, space: 'far', n: 10 });
    const hit = data.similarImages.hits.find(({ image }: { image: { id: string } }) => image.id === b);
    expect(hit.score).toBeCloseTo(-distance, 5);
  });

  it('takes a picture of a single colour for what it is, even where its vector is zero', async () => {
    const id = await idOf(service, 'black.png');
    const { data, errors } = await service.query(SIMILAR, { id, space: 'small', n: 10 });
    expect(errors).toBeUndefined();
    expect(data.similarImages.hits.map(({ score }: { score: number }) => score)).toEqual([0, 0, 0, 0, 0]);
  });

  it('reads a picture that is sent, and a part of one', async () => {
    const send = (region: object | null) =>
      service.upload(
        'query($file: Upload!, $region: RegionInput) { similarImages(upload: $file, region: $region, space: "small", first: 1) { hits { image { name } } } }',
        [{ name: 'sent.png', bytes: new Uint8Array(sent) }],
        { region },
      );
    const sent = await halves('blue', 'red', 200, 100);
    expect(names((await send(null)).data.similarImages)).toEqual(['flipped.png']);
    expect(names((await send({ x: 0.6, y: 0, width: 0.4, height: 1 })).data.similarImages)).toEqual(['red.png']);
  });

  it('mixes, judges, excludes and spreads pictures in a cosine space', async () => {
    const [red, green, half] = [
      await idOf(service, 'red.png'),
      await idOf(service, 'green.png'),
      await idOf(service, 'half.png'),
    ];
    const { data, errors } = await service.query(
      'query($input: SearchInput!) { search(input: $input) { hits { image { name } } notices { code } } }',
      {
        input: {
          space: 'small',
          all: [{ imageId: red }, { imageId: half, weight: 0.5 }],
          not: [{ imageId: green }],
          moreLike: [half],
          diversity: 0.3,
        },
      },
    );
    expect(errors).toBeUndefined();
    expect(names(data.search)[0]).toBe('nearly.png');
    expect(data.search.notices).toEqual([]);
  });

  it.each(['far', 'raw'])(
    'refuses in %s what is algebra on directions, and says which space would do',
    async (space) => {
      const [red, green] = [await idOf(service, 'red.png'), await idOf(service, 'green.png')];
      const inputs = [
        { all: [{ imageId: red }, { imageId: green }] },
        { all: [{ imageId: red }], not: [{ imageId: green }] },
        { all: [{ imageId: red }], moreLike: [green] },
        { all: [{ imageId: red, focus: [{ text: 'red' }] }] },
        { all: [{ imageId: red }], diversity: 0.5 },
        { all: [{ imageId: red, weight: -1 }] },
      ];
      for (const input of inputs) {
        const { errors } = await service.query(
          'query($input: SearchInput!) { search(input: $input) { hits { score } } }',
          { input: { ...input, space } },
        );
        expect(errors?.[0]?.extensions.code).toBe('BAD_ARGUMENT');
        expect(errors?.[0]?.message).toContain('cosine space');
      }
    },
  );

  it.each([
    ['searchByText', '{ searchByText(query: "red", space: "small") { hits { score } } }'],
    ['not', '{ similarImages(imageId: "1", not: ["red"], space: "small") { hits { score } } }'],
    ['focus', '{ similarImages(imageId: "1", focus: [{ text: "red" }], space: "small") { hits { score } } }'],
    [
      'WEIGHTS without classes',
      '{ similarImages(imageId: "1", focus: [{ text: "red" }], focusMethod: WEIGHTS, space: "small") { hits { score } } }',
    ],
    ['tagsFor', '{ tagsFor(imageId: "1", space: "small") { name } }'],
    ['tagsFor with labels', '{ tagsFor(imageId: "1", vocabulary: ["red"], space: "small") { name } }'],
    ['a dot space', '{ searchByText(query: "red", space: "raw") { hits { score } } }'],
  ])(
    'answers %s in a space without texts with SPACE_HAS_NO_TEXT and the spaces that have them',
    async (_what, query) => {
      const { errors } = await service.query(query);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'SPACE_HAS_NO_TEXT', spaces: ['main'] });
    },
  );

  it('says which spaces there are where one is asked that is not there', async () => {
    const { errors } = await service.query('{ searchByText(query: "red", space: "smal") { hits { score } } }');
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'SPACE_NOT_FOUND',
      spaces: ['main', 'far', 'raw', 'small'],
    });
  });

  it('does not take a cursor of one space for one of another', async () => {
    const id = await idOf(service, 'half.png');
    const { data } = await service.query(SIMILAR, { id, space: 'small', n: 1 });
    const query =
      'query($id: ID!, $after: String!, $space: String) { similarImages(imageId: $id, space: $space, after: $after, first: 1) { hits { score } } }';
    const after = data.similarImages.hits[0].cursor;
    expect((await service.query(query, { id, after, space: 'small' })).errors).toBeUndefined();
    expect((await service.query(query, { id, after })).errors?.[0]?.extensions.code).toBe('BAD_CURSOR');
  });

  it('has the same name twice only for the same space', async () => {
    await expect(service.app.spaces.add(defineSpace({ name: 'Small', encoder: 'pixels:5' }))).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
    await expect(
      service.app.spaces.add(defineSpace({ name: 'other', encoder: 'no-such-encoder' })),
    ).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect((await service.query(SPACES)).data.library.spaces).toHaveLength(4);
  });
});
