// Queries of several weighted texts, pictures and regions, through GraphQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import {
  type AnsweredHit,
  type ColourLibrary,
  codeOf,
  names,
  SEARCH,
  startColourLibrary,
} from '../support/colour-library.ts';

let library: ColourLibrary;
let service: TestApp;
const idOf = (name: string) => library.idOf(name);

beforeAll(async () => {
  library = await startColourLibrary();
  service = library.service;
});
afterAll(() => service.stop());

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
