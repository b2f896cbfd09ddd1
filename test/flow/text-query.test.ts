// What a query by text takes beside its words, and what a model with statistics answers to it, through GraphQL: exclusions,
// judged pictures, diversity, confidences, explanations.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  type AnsweredHit,
  type ColourLibrary,
  codeOf,
  names,
  RESULT,
  SEARCH,
  startColourLibrary,
} from '../support/colour-library.ts';
import { writeFakeCalibration } from '../support/fake-calibration.ts';

const BY_TEXT = `query($q: String!, $not: [String!]! = [], $c: Confidence! = NONE, $d: Float! = 0, $n: Int! = 20, $after: String, $more: [ID!]! = [], $less: [ID!]! = []) { searchByText(query: $q, not: $not, confidence: $c, diversity: $d, first: $n, after: $after, moreLike: $more, lessLike: $less) { ${RESULT} } }`;

let library: ColourLibrary;
let service: TestApp;
const idOf = (name: string) => library.idOf(name);

beforeAll(async () => {
  library = await startColourLibrary();
  service = library.service;
});
afterAll(() => service.stop());

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
    await calibrated.index(library.folder);
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
