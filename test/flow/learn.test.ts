// Learning from a folder of class folders: an encoder that reads no words gets them, through GraphQL like any space.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LearnRequest, learn } from '../../src/services/learn/learn-service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createFakeEmbedder, FAKE_MODEL } from '../support/fake-embedder.ts';
import { type Colour, halves, solid, writeFiles } from '../support/pictures.ts';
import { addSpace } from '../support/spaces.ts';

const SLOW_MS = 120_000;
const TEXT =
  'query($text: String!, $space: String) { searchByText(query: $text, space: $space, first: 2) { hits { score image { name } } } }';
const CLASSES: Readonly<Record<string, Colour>> = { ocean: 'blue', lawn: 'green', golden_apple: 'yellow' };
const names = (result: { hits: { image: { name: string } }[] }) => result.hits.map(({ image }) => image.name);

/** Pictures of a colour, told apart by their sizes. */
async function colourFolders(folder: string, classes: Readonly<Record<string, Colour>>, count: number, from: number) {
  for (const [name, colour] of Object.entries(classes)) {
    const files = await Promise.all(
      Array.from(
        { length: count },
        async (_, i) => [`${name}-${from + i}.png`, await solid(colour, from + i)] as const,
      ),
    );
    await writeFiles(join(folder, name), Object.fromEntries(files));
  }
}

async function learnHere({ app }: TestApp, request: Partial<LearnRequest> & Pick<LearnRequest, 'folder'>) {
  const deps = { catalog: app.services.catalog, spaces: app.spaces, words: app.wordly.words };
  const outcome = await learn(deps, { head: 'hidden', testShare: 0.25, seed: 1, ...request });
  const job = app.upkeep.fill(outcome.name);
  await job.ended;
  expect(job.snapshot()).toMatchObject({ state: 'DONE', error: null });
  await app.indexesSettled();
  return outcome;
}

describe('a space learned on an encoder without texts', () => {
  let service: TestApp;
  let classes: string;

  beforeAll(async () => {
    service = await startTestApp();
    classes = join(service.directory, 'classes');
    await colourFolders(classes, CLASSES, 8, 20);
    await colourFolders(classes, { qqxxzz: 'red' }, 2, 20);
    await writeFiles(classes, { 'beside.png': await solid('black') });
    await writeFiles(join(classes, 'empty-folder'), { 'notes.txt': 'no picture' });
    await writeFiles(join(classes, 'ocean'), { 'broken.png': 'no picture either' });
    // Other pictures than those that are learned from.
    const library = join(service.directory, 'library');
    await writeFiles(library, {
      'sea.png': await solid('blue', 70),
      'meadow.png': await solid('green', 71),
      'apple.png': await solid('yellow', 72),
      'mixed.png': await halves('blue', 'green'),
    });
    await service.index(library);
    await addSpace(service, 'small', 'pixels:4');
  }, SLOW_MS);
  afterAll(() => service.stop());

  it.each(['linear', 'hidden'] as const)('tells what a %s head learned and what it left out', async (head) => {
    const outcome = await learnHere(service, { folder: classes, base: 'small', head });
    expect(outcome).toMatchObject({
      name: 'classes',
      base: 'small',
      head,
      classes: 3,
      training: 18,
      test: 6,
      known: 0,
    });
    expect(outcome.report).toMatchObject({ pictures: 6, top1: 1, precisionAt10: 1 });
    expect(outcome.before).toBeNull();
    expect(outcome.refused.map(({ folder }) => folder)).toEqual(['empty-folder', 'qqxxzz']);
    expect(outcome.refused[1]?.reason).toContain('no word vector for "qqxxzz"');
    expect(outcome.skipped).toMatchObject([{ name: expect.stringContaining('broken.png') }]);
  });

  it('does not take what it learned from into the library', async () => {
    const { data } = await service.query('{ library { imageCount spaces { name pictures hasText } } }');
    expect(data.library.imageCount).toBe(4);
    expect(data.library.spaces).toContainEqual({ name: 'classes', pictures: 4, hasText: true });
    expect(data.library.spaces).toContainEqual({ name: 'small', pictures: 4, hasText: false });
  });

  it.each([
    ['ocean', 'sea.png'],
    ['golden apple', 'apple.png'],
    ['the lawn', 'meadow.png'],
    // Words that were never learned, by what they are near.
    ['sea', 'sea.png'],
    ['grass', 'meadow.png'],
  ])('finds by "%s"', async (text, name) => {
    const { data, errors } = await service.query(TEXT, { text, space: 'classes' });
    expect(errors).toBeUndefined();
    expect(names(data.searchByText)[0]).toBe(name);
  });

  it('finds like pictures, mixes words with them, and names them', async () => {
    const { data } = await service.query('{ images(first: 10) { edges { node { id name } } } }');
    const id = data.images.edges.find(({ node }: { node: { name: string } }) => node.name === 'sea.png').node.id;
    const answer = await service.query(
      'query($id: ID!) { similarImages(imageId: $id, space: "classes", first: 1) { hits { image { name } } } tagsFor(imageId: $id, space: "classes", first: 3) { name score } search(input: { all: [{ imageId: $id, weight: 0.2 }, { text: "lawn" }], space: "classes", first: 1 }) { hits { image { name } } } }',
      { id },
    );
    expect(answer.errors).toBeUndefined();
    expect(names(answer.data.similarImages)).toEqual(['mixed.png']);
    expect(names(answer.data.search)).toEqual(['meadow.png']);
    expect(answer.data.tagsFor[0].name).toBe('ocean');
    const labels = await service.query(
      'query($id: ID!) { tagsFor(imageId: $id, space: "classes", vocabulary: ["lawn", "ocean"], first: 2) { name score } }',
      { id },
    );
    expect(labels.data.tagsFor.map(({ name }: { name: string }) => name)).toEqual(['ocean', 'lawn']);
  });

  it('reads a picture that is sent', async () => {
    const { data } = await service.upload(
      'query($file: Upload!) { similarImages(upload: $file, space: "classes", first: 1) { hits { image { name } } } }',
      [{ name: 'sent.png', bytes: new Uint8Array(await solid('green', 90)) }],
    );
    expect(names(data.similarImages)).toEqual(['meadow.png']);
  });

  it('refuses words without vectors with the nearest spellings', async () => {
    const { errors } = await service.query(TEXT, { text: 'golden aple', space: 'classes' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNKNOWN_WORD' });
    expect(errors?.[0]?.extensions.suggestions).toContain('apple');
  });

  it('grows with the library', async () => {
    const more = join(service.directory, 'more');
    await writeFiles(more, { 'deep.png': await solid('blue', 33, 90) });
    await service.index(more);
    await (await service.app.upkeep.startIfNeeded())?.ended;
    const { data } = await service.query(TEXT, { text: 'ocean', space: 'classes' });
    expect(names(data.searchByText).sort()).toEqual(['deep.png', 'sea.png']);
  });

  it('keeps its base from being removed, and is replaced as a whole when it is learned again', async () => {
    await expect(service.app.spaces.remove('small')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    const before = await service.app.services.catalog.models();
    const outcome = await learnHere(service, { folder: classes, base: 'small', seed: 5, testShare: 0 });
    expect(outcome).toMatchObject({ report: null, test: 0, training: 24 });
    expect(await service.app.services.catalog.models()).toHaveLength(before.length);
    const { data } = await service.query(TEXT, { text: 'ocean', space: 'classes' });
    expect(names(data.searchByText).sort()).toEqual(['deep.png', 'sea.png']);
  });

  it('never learns the classes that are held out, and says where their words come', async () => {
    const outcome = await learnHere(service, {
      folder: classes,
      base: 'small',
      name: 'partly',
      holdOut: 'Golden-Apple',
    });
    expect(outcome).toMatchObject({ name: 'partly', classes: 2, training: 12, test: 4 });
    expect(outcome.unseen).toMatchObject([{ word: 'golden apple', pictures: 8 }]);
    expect(outcome.unseen[0]?.medianRank).toBeGreaterThanOrEqual(1);
  });

  it.each([
    ['no such folder', { folder: '/no/such/folder' }, 'FILE_NOT_FOUND'],
    ['a name that another space has', { name: 'small' }, 'BAD_ARGUMENT'],
    ['a base that is not there', { base: 'nothing' }, 'SPACE_NOT_FOUND'],
    ['a class that is not there', { holdOut: 'oceann' }, 'BAD_ARGUMENT'],
    ['too few classes left', { holdOut: 'ocean,lawn' }, 'BAD_ARGUMENT'],
    ['a share beyond 0.9', { testShare: 1 }, 'BAD_ARGUMENT'],
  ])('refuses %s', async (_what, request, code) => {
    await expect(learnHere(service, { folder: classes, base: 'small', ...request })).rejects.toMatchObject({ code });
  });

  it('refuses a folder with fewer than two classes, and says why', async () => {
    const folder = join(service.directory, 'one');
    await colourFolders(folder, { ocean: 'blue', zzyyxx: 'red' }, 2, 20);
    await expect(learnHere(service, { folder })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('zzyyxx'),
    });
  });

  it('learns on the main space, compares with what that says by itself, and uses vectors the library has', async () => {
    const library = join(service.directory, 'indexed');
    await colourFolders(library, { ocean: 'blue', lawn: 'green' }, 4, 40);
    await service.index(library);
    const outcome = await learnHere(service, { folder: library, name: 'on-main' });
    expect(outcome).toMatchObject({ base: 'main', known: 8, report: { top1: 1 }, before: { pictures: 2 } });
  });
});

describe('a learned space whose ground has moved', () => {
  it('says that the model of its base was changed, and leaves the others alone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'semblance-learn-'));
    const folder = join(directory, 'classes');
    try {
      await colourFolders(folder, { ocean: 'blue', lawn: 'green' }, 4, 20);
      const first = await startTestApp({ directory });
      await first.index(folder);
      await learnHere(first, { folder });
      await first.stop();
      const other = createFakeEmbedder();
      const model = { ...FAKE_MODEL, id: 'fake-2', fingerprint: 'other'.repeat(6) as typeof FAKE_MODEL.fingerprint };
      const second = await startTestApp({ directory, embedder: { ...other, model } });
      try {
        await (await second.app.reembed.startIfNeeded())?.ended;
        const { errors } = await second.query(TEXT, { text: 'ocean', space: 'classes' });
        expect(errors?.[0]?.extensions.code).toBe('MODEL_MISMATCH');
        expect(errors?.[0]?.message).toContain('semblance learn');
        const { data } = await second.query('{ library { spaces { name problem } } }');
        expect(data.library.spaces).toEqual([
          { name: 'main', problem: null },
          { name: 'classes', problem: expect.stringContaining('learned on other vectors') },
        ]);
        await learnHere(second, { folder });
        const again = await second.query(TEXT, { text: 'ocean', space: 'classes' });
        expect(names(again.data.searchByText)[0]).toContain('ocean');
      } finally {
        await second.stop();
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }, 120_000);
});
