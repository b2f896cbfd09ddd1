// Spaces over one library while it changes: filled, forgotten, remembered, cut short, broken.
import { mkdtemp, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';
import { addSpace, idOf, SPACES } from '../support/spaces.ts';

describe('spaces in time', () => {
  let directory: string;
  let folder: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'semblance-spaces-'));
    folder = join(directory, 'pictures');
    await writeFiles(folder, { 'red.png': await solid('red'), 'half.png': await halves('red', 'blue') });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const counts = async (service: TestApp) => {
    const { data } = await service.query(SPACES);
    return data.library.spaces.map(({ name, pictures }: { name: string; pictures: number }) => [name, pictures]);
  };

  it('are filled by every later ingest, and forget what is removed', async () => {
    const service = await startTestApp({ directory });
    try {
      await service.index(folder);
      await addSpace(service, 'small', 'pixels:4');
      await writeFiles(folder, { 'green.png': await solid('green') });
      await service.index(folder);
      await (await service.app.upkeep.startIfNeeded())?.ended;
      await service.upload('mutation($file: Upload!) { addImages(uploads: [$file]) { outcomes { error { code } } } }', [
        { name: 'sent.png', bytes: new Uint8Array(await solid('blue')) },
      ]);
      await (await service.app.upkeep.startIfNeeded())?.ended;
      expect(await counts(service)).toEqual([
        ['main', 4],
        ['small', 4],
      ]);
      const id = await idOf(service, 'red.png');
      await service.query('mutation($id: ID!) { removeImages(ids: [$id]) { removed } }', { id });
      await unlink(join(folder, 'half.png'));
      await service.index(folder);
      expect(await counts(service)).toEqual([
        ['main', 2],
        ['small', 2],
      ]);
    } finally {
      await service.stop();
    }
  });

  it('are remembered, and noticed by another service on the same data when they are added and removed', async () => {
    const one = await startTestApp({ directory });
    await one.index(folder);
    const other = await startTestApp({ directory });
    try {
      expect(await counts(other)).toEqual([['main', 2]]);
      await addSpace(one, 'small', 'pixels:4');
      expect(await counts(other)).toEqual([
        ['main', 2],
        ['small', 2],
      ]);
      await one.app.spaces.remove('small');
      expect(await counts(other)).toEqual([['main', 2]]);
      expect(await one.app.services.catalog.models()).toHaveLength(1);
    } finally {
      await other.stop();
      await one.stop();
    }
  });

  it('come from the setting too, and go on where a fill was cut short', async () => {
    const before = await startTestApp({ directory });
    await before.index(folder);
    await before.stop();
    const flags = { spaces: 'small=pixels:4?metric=euclidean&index=exact tiny=pixels:2' };
    const after = await startTestApp({ directory, flags });
    try {
      await (await after.app.reembed.startIfNeeded())?.ended;
      expect(await counts(after)).toEqual([
        ['main', 2],
        ['small', 2],
        ['tiny', 2],
      ]);
      expect(await after.app.reembed.startIfNeeded()).toBeUndefined();
      await expect(after.app.spaces.remove('tiny')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    } finally {
      await after.stop();
    }
  });

  it('that cannot be opened say why, and leave the others alone', async () => {
    const service = await startTestApp({ directory, flags: { spaces: 'lost=./no-such-folder small=pixels:4' } });
    try {
      await service.index(folder);
      await (await service.app.upkeep.startIfNeeded())?.ended;
      const { data } = await service.query(SPACES);
      expect(data.library.spaces).toMatchObject([
        { name: 'main', problem: null },
        { name: 'lost', dimension: 0, problem: expect.stringContaining('no-such-folder') },
        { name: 'small', pictures: 2, problem: null },
      ]);
    } finally {
      await service.stop();
    }
  });
});
