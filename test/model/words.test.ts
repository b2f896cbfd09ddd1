// The real starter model and the vectors that ship: words that it never learned, tags, labels, word neighbours.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';

const PHOTOS = fileURLToPath(new URL('../../../shared/photos/labelled', import.meta.url));
const CLASSES = ['cat', 'airplanes', 'pizza', 'accordion', 'sunflower'];

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp({ flags: { model: 'starter' } });
});
afterAll(() => service.stop());

describe('similarWords on the vectors that ship', () => {
  const words = async (query: string) =>
    (await service.query(query)).data.similarWords.map(({ word }: { word: string }) => word);

  it.each([
    ['cat', ['dog', 'kitten', 'cats', 'tabby', 'feline']],
    ['boat', ['boats', 'ship', 'sail', 'sailing', 'rowing']],
  ])('puts something near beside "%s"', async (word, expected) => {
    const near = await words(`{ similarWords(words: ["${word}"], first: 10) { word } }`);
    expect(near).toHaveLength(10);
    expect(near.filter((other: string) => expected.includes(other))).not.toEqual([]);
  });

  it('names spellings near one that it lacks', async () => {
    const { errors } = await service.query('{ similarWords(words: ["kittne"]) { word } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNKNOWN_WORD' });
    expect(errors?.[0]?.extensions.suggestions).toContain('kitten');
  });
});

describe('text queries', () => {
  const SEARCH = 'query($q: String!) { searchByText(query: $q) { notices { code message } } }';
  const noticesOf = async (q: string) => (await service.query(SEARCH, { q })).data.searchByText.notices;

  it.each([
    ['pussycat', 'cat'],
    ['doggy', 'dog'],
    ['a pussycat on a chair', 'cat'],
  ])('read "%s" with "%s" in it, and say so', async (query, standIn) => {
    const notices = await noticesOf(query);
    expect(notices).toMatchObject([{ code: 'WORD_STOOD_IN' }]);
    expect(notices[0].message).toContain(`"${standIn}"`);
  });

  it.each(['cat', 'dogs', 'a red car', 'two people sitting on a bench at night', 'running', 'white'])(
    'read "%s" as it is',
    async (query) => {
      expect(await noticesOf(query)).toEqual([]);
    },
  );

  it('read a long description to its end', async () => {
    const long = `${'A quiet street in an old town on a sunny morning, with people at the tables. '.repeat(4)}In front sits a cat.`;
    expect((await noticesOf(long))[0]).toMatchObject({ code: 'TEXT_SPLIT' });
  });
});

describe.skipIf(!existsSync(PHOTOS))('on photographs of ../shared/photos', () => {
  beforeAll(async () => {
    for (const name of CLASSES) if (existsSync(join(PHOTOS, name))) await service.index(join(PHOTOS, name));
  });
  const SEARCH = 'query($q: String!) { searchByText(query: $q, first: 5) { hits { image { id } } } }';
  const idsFor = async (q: string): Promise<string[]> =>
    (await service.query(SEARCH, { q })).data.searchByText.hits.map(({ image }: { image: { id: string } }) => image.id);

  it('finds by "pussycat" what "cat" finds', async () => {
    const common = await idsFor('cat');
    const shared = (await idsFor('pussycat')).filter((id) => common.includes(id));
    expect(shared.length).toBeGreaterThanOrEqual(4);
  });

  it('counts facets that share the pictures out, and tells labels apart by probability', async () => {
    const { data } = await service.query(
      '{ facets(labels: ["an airplane", "a pizza", "an accordion"]) { count } library { imageCount } }',
    );
    expect(data.facets.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(
      data.library.imageCount,
    );
    const [id] = await idsFor('airplane');
    const labels = await service.query(
      'query($id: ID!) { tagsFor(imageId: $id, vocabulary: ["airplane", "pizza"]) { name score } }',
      { id },
    );
    expect(labels.data.tagsFor[0].name).toBe('airplane');
    expect(labels.data.tagsFor[0].score).toBeGreaterThan(0.5);
  });
});
