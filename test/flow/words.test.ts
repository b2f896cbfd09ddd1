// Words, labels and people's tags over HTTP: a small vocabulary and a small GloVe file, made here.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createFakeEmbedder } from '../support/fake-embedder.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';

/** Two dimensions of royalty and sex, one of animals; the rest tells the made-up words apart. */
const GLOVE: Readonly<Record<string, readonly number[]>> = {
  king: [1, 1, 0],
  queen: [1, -1, 0],
  man: [0, 1, 0.1],
  woman: [0, -1, 0.1],
  prince: [0.9, 1, 0.2],
  cat: [0, 0, 1],
  pussycat: [0.05, 0, 1],
  kitten: [0, 0.1, 0.9],
};
const MADE_UP = Array.from(
  { length: 120 },
  (_, i) => `thing${'abcdefghijkl'[i % 12]}${'abcdefghij'[Math.floor(i / 12)]}`,
);
const VOCABULARY = ['red', 'green', 'blue', 'cat', 'car', 'cars', ...MADE_UP];
const TOLERANCE = 1e-5;

let directory: string;
let service: TestApp;
const ids: Record<string, string> = {};

/** Breaks the words that it never learned into pieces, as a tokenizer does. */
function embedderThatNeverReadOf(word: string): Embedder {
  const fake = createFakeEmbedder({ vocabularyFile: join(directory, 'vocabulary.txt') });
  const pieces = (text: string) => 2 * text.toLowerCase().split(word).length - 2;
  return {
    ...fake,
    countTokens: async (texts) => (await fake.countTokens(texts)).map((count, i) => count + pieces(texts[i] ?? '')),
  };
}

const start = () =>
  startTestApp({
    directory,
    embedder: embedderThatNeverReadOf('pussycat'),
    flags: { words: join(directory, 'glove.txt') },
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-words-'));
  await writeFile(join(directory, 'vocabulary.txt'), VOCABULARY.join('\n'));
  const known = Object.entries(GLOVE).map(([word, place]) => [word, ...place, 0, 0, 0].join(' '));
  const others = MADE_UP.map((word, i) =>
    [word, 0.01, 0.01, 0.01, Math.sin(i), Math.cos(i), Math.sin(3 * i)].join(' '),
  );
  await writeFile(join(directory, 'glove.txt'), `${[...known, ...others].join('\n')}\n`);
  service = await start();
  await writeFiles(join(directory, 'pictures'), {
    'red.png': await solid('red'),
    'red2.png': await solid('red', 60, 50),
    'green.png': await solid('green'),
    'blue.png': await solid('blue'),
    'half.png': await halves('red', 'blue'),
  });
  await service.index(join(directory, 'pictures'));
  const { data } = await service.query('{ images(first: 10) { edges { node { id name } } } }');
  for (const { node } of data.images.edges) ids[node.name] = node.id;
});
afterAll(async () => {
  await service.stop();
  await rm(directory, { recursive: true, force: true });
});

const code = (answer: { errors: readonly { extensions: Record<string, unknown> }[] | undefined }) =>
  answer.errors?.[0]?.extensions.code;

describe('similarWords', () => {
  const SIMILAR =
    'query($w: [String!]!, $m: [String!]!, $n: Int!) { similarWords(words: $w, minus: $m, first: $n) { word score } }';

  it('answers a sum and a difference of words with the nearest others, best first', async () => {
    const { data } = await service.query(SIMILAR, { w: ['king', 'woman'], m: ['man'], n: 5 });
    const words = data.similarWords.map(({ word }: { word: string }) => word);
    expect(words[0]).toBe('queen');
    expect(words).toHaveLength(5);
    for (const asked of ['king', 'man', 'woman']) expect(words).not.toContain(asked);
    const scores = data.similarWords.map(({ score }: { score: number }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('names the nearest spellings of a word that has no vector', async () => {
    const answer = await service.query(SIMILAR, { w: ['kitten', 'qeen'], m: [], n: 5 });
    expect(code(answer)).toBe('UNKNOWN_WORD');
    expect(answer.errors?.[0]?.extensions.suggestions).toEqual(['queen']);
  });

  it.each([
    [{ w: [], m: [], n: 5 }, 'BAD_ARGUMENT'],
    [{ w: ['king'], m: [], n: 0 }, 'BAD_ARGUMENT'],
    [{ w: ['king'], m: ['king'], n: 5 }, 'QUERY_CANCELS_OUT'],
  ])('refuses %j with %s', async (variables, expected) => {
    expect(code(await service.query(SIMILAR, variables))).toBe(expected);
  });
});

describe('facets', () => {
  const FACETS = 'query($l: [String!]!, $f: ImageFilter) { facets(labels: $l, filter: $f) { label count } }';

  it('counts every picture once, for the label that fits it best', async () => {
    const { data } = await service.query(FACETS, { l: ['green', 'red', 'blue'] });
    const counts = Object.fromEntries(data.facets.map(({ label, count }: never) => [label, count]));
    expect(counts.green).toBe(1);
    expect(counts.red + counts.blue).toBe(4);
    expect(counts.red).toBeGreaterThanOrEqual(2);
  });

  it('counts a single label where it stands out, and only pictures that pass', async () => {
    expect((await service.query(FACETS, { l: ['green'] })).data.facets).toEqual([{ label: 'green', count: 1 }]);
    expect((await service.query(FACETS, { l: ['yellow'] })).data.facets).toEqual([{ label: 'yellow', count: 0 }]);
    const filtered = await service.query(FACETS, { l: ['red', 'green'], f: { minWidth: 60 } });
    expect(filtered.data.facets.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(2);
  });

  it.each([[[]], [Array.from({ length: 51 }, (_, i) => `label ${i}`)], [['']]])('refuses %j', async (labels) => {
    expect(code(await service.query(FACETS, { l: labels }))).toBe('BAD_ARGUMENT');
  });
});

describe('a word that the model never learned', () => {
  const SEARCH =
    'query($q: String!) { searchByText(query: $q) { hits { score image { id } } notices { code message } } }';

  it('is stood in for by one that it knows, and the notice names it', async () => {
    const [unlearned, learned] = await Promise.all(
      ['pussycat', 'cat'].map(async (q) => (await service.query(SEARCH, { q })).data.searchByText),
    );
    expect(unlearned.notices).toEqual([{ code: 'WORD_STOOD_IN', message: expect.stringMatching(/"pussycat".*"cat"/) }]);
    expect(learned.notices).toEqual([]);
    expect(unlearned.hits.map(({ image }: never) => image)).toEqual(learned.hits.map(({ image }: never) => image));
  });

  it('is stood in for inside a phrase too', async () => {
    const { data } = await service.query(SEARCH, { q: 'a red pussycat in a car' });
    expect(data.searchByText.notices).toMatchObject([{ code: 'WORD_STOOD_IN' }]);
    expect(data.searchByText.hits[0].image.id).toBe(ids['red.png']);
  });
});

describe('tagsFor', () => {
  it('gives the labels of a caller probabilities that add up to 1', async () => {
    const { data } = await service.query(
      'query($id: ID!, $v: [String!]) { tagsFor(imageId: $id, vocabulary: $v) { name score source via } }',
      { id: ids['green.png'], v: ['red', 'green', 'something blue'] },
    );
    expect(data.tagsFor[0]).toMatchObject({ name: 'green', source: 'MODEL', via: ['TOWER'] });
    const sum = data.tagsFor.reduce((total: number, { score }: { score: number }) => total + score, 0);
    expect(Math.abs(sum - 1)).toBeLessThan(TOLERANCE);
  });

  it('refuses an empty list of labels', async () => {
    const answer = await service.query('query($id: ID!) { tagsFor(imageId: $id, vocabulary: []) { name } }', {
      id: ids['green.png'],
    });
    expect(code(answer)).toBe('BAD_ARGUMENT');
  });

  it('names the word of the vocabulary first, with a probability', async () => {
    const { data } = await service.query('query($id: ID!) { tagsFor(imageId: $id) { name score via } }', {
      id: ids['green.png'],
    });
    expect(data.tagsFor[0].name).toBe('green');
    expect(data.tagsFor[0].score).toBeGreaterThan(0.5);
    expect(data.tagsFor[0].score).toBeLessThanOrEqual(1);
  });
});

describe('setTags', () => {
  const SET =
    'mutation($id: ID!, $t: [String!]!) { setTags(imageId: $id, tags: $t) { id tags { name score source via } } }';

  it("keeps a person's tags before the computed ones, finds by them, and tells pictures that look alike", async () => {
    const set = await service.query(SET, { id: ids['red.png'], t: [' My  Garden ', 'roses', 'ROSES'] });
    expect(set.data.setTags.tags.slice(0, 2)).toEqual([
      { name: 'My Garden', score: 1, source: 'USER', via: ['USER'] },
      { name: 'roses', score: 1, source: 'USER', via: ['USER'] },
    ]);
    const found = await service.query(
      '{ searchByText(query: "red", filter: { tags: ["my garden", "Roses"] }) { hits { image { name } } } }',
    );
    expect(found.data.searchByText.hits.map(({ image }: { image: { name: string } }) => image.name)).toContain(
      'red.png',
    );

    const { data } = await service.query(
      'query($a: ID!, $b: ID!) { alike: tagsFor(imageId: $a) { name via source } other: tagsFor(imageId: $b) { name } stored: image(id: $a) { tags { name } } }',
      {
        a: ids['red2.png'],
        b: ids['green.png'],
      },
    );
    const heard = data.alike.find(({ name }: { name: string }) => name === 'My Garden');
    expect(heard).toEqual({ name: 'My Garden', via: ['NEIGHBORS'], source: 'MODEL' });
    expect(data.stored.tags.map(({ name }: { name: string }) => name)).toContain('My Garden');
    expect(data.other.slice(0, 1)).toEqual([{ name: 'green' }]);
  });

  it('takes them away with an empty list', async () => {
    await service.query(SET, { id: ids['blue.png'], t: ['mistake'] });
    const { data } = await service.query(SET, { id: ids['blue.png'], t: [] });
    expect(data.setTags.tags.filter(({ source }: { source: string }) => source === 'USER')).toEqual([]);
  });

  it.each([
    ['999999', ['x'], 'IMAGE_NOT_FOUND'],
    [undefined, ['  '], 'BAD_ARGUMENT'],
    [undefined, ['x'.repeat(101)], 'BAD_ARGUMENT'],
    [undefined, Array.from({ length: 101 }, (_, i) => `t${i}`), 'BAD_ARGUMENT'],
  ])('refuses picture %s with tags %j: %s', async (id, tags, expected) => {
    expect(code(await service.query(SET, { id: id ?? ids['red.png'], t: tags }))).toBe(expected);
  });
});

// Last, because computed tags change with it.
describe('the bridge to word space', () => {
  it('is fitted once, is kept, and makes stored tags be computed anew', async () => {
    const { bridge } = service.app.wordly;
    expect(await service.app.reembed.startIfNeeded()).toBeUndefined();
    const before = service.app.services.tags.version;
    expect((await bridge.make())?.report.words).toBeGreaterThanOrEqual(120);
    expect(service.app.services.tags.version).not.toBe(before);
    const job = await service.app.reembed.startIfNeeded();
    await job?.ended;
    const count = await service.app.services.catalog.countImages({});
    expect(job?.snapshot()).toMatchObject({ state: 'DONE', found: count, known: count, done: count, added: 0 });
    expect(await service.app.reembed.startIfNeeded()).toBeUndefined();

    const second = await start();
    try {
      await second.app.wordly.bridge.opened();
      expect(second.app.wordly.bridge.current?.report).toEqual(bridge.current?.report);
      expect(await second.app.reembed.startIfNeeded()).toBeUndefined();
    } finally {
      await second.stop();
    }
  });
});
