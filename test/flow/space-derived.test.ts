// A space that is computed from another one's stored vectors: filled without a file, with texts of its own.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { pack, row, unit } from '../../src/core/vector.ts';
import type { DerivedVectors } from '../../src/services/spaces/space-encoder.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';
import { addSpace } from '../support/spaces.ts';

const COLOURS = ['red', 'green', 'blue', 'white', 'black', 'yellow'];
const axis = (at: number) => Float32Array.from(COLOURS, (_, i) => (i === at ? 1 : 0));

/** The colours of the fake model alone, named by word vectors: a head as `learn` makes one, without the learning. */
function colours(base: string): DerivedVectors {
  const vectorOf = (word: string) => (COLOURS.includes(word) ? axis(COLOURS.indexOf(word)) : undefined);
  return {
    from: 'SPACE',
    base,
    id: 'colours',
    revision: '1',
    dimension: COLOURS.length,
    derive: (vectors) =>
      pack(Array.from({ length: vectors.rows }, (_, i) => unit(row(vectors, i).slice(0, COLOURS.length)))),
    texts: {
      scale: 20,
      words: COLOURS,
      vectorsOf: async (labels) => labels.map(vectorOf),
      async vectorOf(text) {
        const vector = vectorOf(text);
        if (vector === undefined) throw new AppError('UNKNOWN_WORD', `No vector for "${text}".`);
        return { vector, notices: [] };
      },
    },
  };
}

let service: TestApp;
let folder: string;

beforeAll(async () => {
  service = await startTestApp({ sources: { colours: async (base) => colours(base) } });
  folder = join(service.directory, 'pictures');
  await writeFiles(folder, {
    'red.png': await solid('red'),
    'half.png': await halves('red', 'blue'),
    'green.png': await solid('green'),
  });
  await service.index(folder);
  await rm(folder, { recursive: true });
  await addSpace(service, 'learned', 'colours:main');
});
afterAll(() => service.stop());

it('is filled though no file is left, and finds by its own words', async () => {
  const { data } = await service.query(
    '{ searchByText(query: "blue", space: "learned", first: 3) { hits { score image { name } } notices { code } } library { spaces { name hasText readsPictures pictures } } }',
  );
  expect(data.searchByText.hits[0]).toMatchObject({ image: { name: 'half.png' } });
  expect(data.searchByText.hits[0].score).toBeCloseTo(Math.SQRT1_2, 2);
  expect(data.searchByText.notices).toEqual([]);
  expect(data.library.spaces[1]).toEqual({ name: 'learned', hasText: true, readsPictures: true, pictures: 3 });
});

it('tags by its own words, reads pictures that are sent through the space below it, and mixes texts with them', async () => {
  const tagged = await service.query('{ tagsFor(imageId: "1", space: "learned", first: 2) { name score via } }');
  expect(tagged.errors).toBeUndefined();
  expect(tagged.data.tagsFor.map(({ score }: { score: number }) => score)[0]).toBeGreaterThan(0.9);
  const labelled = await service.query(
    '{ tagsFor(imageId: "1", space: "learned", vocabulary: ["red", "sofa", "green"]) { name } }',
  );
  expect(labelled.data.tagsFor).toHaveLength(2);
  const sent = await service.upload(
    'query($file: Upload!) { search(input: { space: "learned", all: [{ upload: $file }, { text: "red", weight: 0.2 }], first: 1 }) { hits { image { name } } } }',
    [{ name: 'sent.png', bytes: new Uint8Array(await solid('green', 50, 50)) }],
  );
  expect(sent.data.search.hits).toEqual([{ image: { name: 'green.png' } }]);
});

it('is named where a space without texts is asked for one, and keeps the space below it from being removed', async () => {
  await addSpace(service, 'top', 'colours:learned');
  const { errors } = await service.query('{ searchByText(query: "sofa", space: "learned") { hits { score } } }');
  expect(errors?.[0]?.extensions.code).toBe('UNKNOWN_WORD');
  expect(await service.app.spaces.textual()).toEqual(['main', 'learned', 'top']);
  await expect(service.app.spaces.remove('learned')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
});
