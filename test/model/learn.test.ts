// Learning one's own classes with real models on real photographs: what was not learned from is named and found better.
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageId } from '../../src/core/views.ts';
import { learn } from '../../src/services/learn/learn-service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { addSpace } from '../support/spaces.ts';

const PHOTOS = fileURLToPath(new URL('../../../shared/photos/labelled', import.meta.url));
/** Every one of them is a word of the model's own vocabulary too, so that it can name them by itself. */
const CLASSES = [
  'butterfly',
  'camera',
  'chair',
  'crab',
  'dolphin',
  'elephant',
  'helicopter',
  'pizza',
  'starfish',
  'umbrella',
];
const LEARNED_FROM = 5;
const SLOW_MS = 300_000;

describe.skipIf(!existsSync(PHOTOS))('learning on photographs (needs ../shared/photos)', () => {
  let directory: string;
  let service: TestApp;
  let held: { readonly id: ImageId; readonly label: string }[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'semblance-learn-'));
    for (const label of CLASSES) {
      const files = readdirSync(join(PHOTOS, label)).sort();
      for (const [i, file] of files.entries()) {
        const folder = join(directory, i < LEARNED_FROM ? 'learn' : 'library', label);
        await mkdir(folder, { recursive: true });
        await cp(join(PHOTOS, label, file), join(folder, file));
      }
    }
    service = await startTestApp({ directory, flags: { model: 'starter' } });
    const library = join(directory, 'library');
    await service.index(library);
    const files = await service.app.services.catalog.filesUnder(library);
    held = [...files].map(([path, { imageId }]) => ({ id: imageId, label: path.split('/').at(-2) ?? '' }));
    await addSpace(service, 'tower', 'starter:image');
    for (const base of ['main', 'tower']) await learnOn(base);
  }, SLOW_MS);
  afterAll(async () => {
    await service.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function learnOn(base: string): Promise<void> {
    const { app } = service;
    const request = { folder: join(directory, 'learn'), name: `on-${base}`, base, testShare: 0, seed: 1 } as const;
    await learn(
      { catalog: app.services.catalog, spaces: app.spaces, words: app.wordly.words },
      { ...request, head: 'hidden' },
    );
    await app.upkeep.fill(`on-${base}`).ended;
  }

  /** Share of the library's pictures whose first tag is their class. */
  async function namedFirst(space: string): Promise<number> {
    const { tags } = await service.app.spaces.get(space);
    const firsts = await Promise.all(held.map(async ({ id }) => (await tags.tagsFor({ imageId: id }, 1))[0]?.name));
    return held.filter(({ label }, i) => firsts[i] === label).length / held.length;
  }

  it('names more pictures by their class than the model does', async () => {
    const [plain, learned, tower] = [
      await namedFirst('main'),
      await namedFirst('on-main'),
      await namedFirst('on-tower'),
    ];
    expect(learned).toBeGreaterThan(plain);
    expect(tower).toBeGreaterThan(plain);
    expect(learned).toBeGreaterThan(0.5);
  });

  it('finds a class by its word in a space whose encoder reads no texts', async () => {
    const query = '{ tower: searchByText(query: "WORD", space: "on-tower", first: 3) { hits { image { id } } } }';
    const hits = await Promise.all(
      CLASSES.map(async (label) => {
        const { data } = await service.query(query.replace('WORD', label));
        const ids = data.tower.hits.map(({ image }: { image: { id: string } }) => image.id);
        return held.filter((one) => one.label === label && ids.includes(String(one.id))).length;
      }),
    );
    const found = hits.reduce((sum, count) => sum + count, 0);
    expect(found / held.length).toBeGreaterThan(0.5);
  });
});
