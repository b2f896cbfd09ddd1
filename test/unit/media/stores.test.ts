import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentTypeOf, isShownByBrowsers } from '../../../src/media/formats.ts';
import { OriginalStore } from '../../../src/media/originals.ts';
import { reencodeOriginal } from '../../../src/media/reencode.ts';
import { Slots } from '../../../src/media/slots.ts';
import { ThumbnailStore } from '../../../src/media/thumbnails.ts';
import { distance, flat, quarters, RED, waves } from './fixtures.ts';

// A busy machine takes its time over large pictures.
vi.setConfig({ testTimeout: 20_000 });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-stores-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const KEY = hashOf('a picture');

describe('ThumbnailStore', () => {
  it('makes two sizes, upright, in sRGB and without metadata', async () => {
    const photo = await waves(2000, 1000)
      .jpeg()
      .withExif({ IFD0: { Make: 'Camera' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const store = new ThumbnailStore({ directory });
    const small = await sharp(await store.get(KEY, 'SMALL', async () => photo)).metadata();
    const large = await sharp(await store.get(KEY, 'LARGE', async () => photo)).metadata();
    expect([small.format, small.width, small.height]).toEqual(['webp', 160, 320]);
    expect([large.width, large.height]).toEqual([640, 1280]);
    for (const made of [small, large])
      expect([made.exif, made.orientation, made.icc, made.space]).toEqual([undefined, undefined, undefined, 'srgb']);
  });

  it('never enlarges, and keeps one pixel of a thin strip', async () => {
    const store = new ThumbnailStore({ directory });
    const tiny = await quarters(40, 30).png().toBuffer();
    expect(await sharp(await store.get(KEY, 'LARGE', async () => tiny)).metadata()).toMatchObject({
      width: 40,
      height: 30,
    });
    const strip = await flat(9000, 4, RED).png().toBuffer();
    const made = await store.get(hashOf('strip'), 'SMALL', async () => strip);
    expect(await sharp(made).metadata()).toMatchObject({ width: 320, height: 1 });
  });

  it('reads the original once for all who ask, and not again afterwards', async () => {
    const photo = await waves(300, 200).jpeg().toBuffer();
    let reads = 0;
    const read = async () => {
      reads++;
      return photo;
    };
    const store = new ThumbnailStore({ directory });
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.get(KEY, 'SMALL', read)));
    expect(new Set(answers.map((bytes) => hashOf(Buffer.from(bytes).toString('latin1')))).size).toBe(1);
    await store.get(KEY, 'SMALL', read);
    await new ThumbnailStore({ directory }).get(KEY, 'SMALL', read);
    expect(reads).toBe(1);
    expect(await readdir(join(directory, KEY.slice(0, 2)))).toEqual([`${KEY}-small.webp`]);
  });

  it('gives the error of the original to all who ask, and tries again later', async () => {
    const store = new ThumbnailStore({ directory });
    const broken = async () => new TextEncoder().encode('no picture');
    const both = await Promise.allSettled([store.get(KEY, 'SMALL', broken), store.get(KEY, 'SMALL', broken)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(store.get(KEY, 'SMALL', broken)).rejects.toMatchObject({ code: 'NOT_A_PICTURE' });
    const photo = await flat(20, 20, RED).png().toBuffer();
    expect(await store.get(KEY, 'SMALL', async () => photo)).not.toHaveLength(0);
  });

  it('shows the picture although the disk refuses to keep it, and says so in the log', async () => {
    const blocked = join(directory, 'a-file');
    await writeFile(blocked, '');
    const warnings: string[] = [];
    const log = () => {};
    const logger = { debug: log, info: log, error: log, warn: (_: object, message: string) => warnings.push(message) };
    const photo = await flat(20, 20, RED).png().toBuffer();
    const made = await new ThumbnailStore({ directory: blocked, logger }).get(KEY, 'SMALL', async () => photo);
    expect((await sharp(made).metadata()).width).toBe(20);
    expect(warnings).toHaveLength(1);
  });

  it('removes both sizes, also one that is being made', async () => {
    const photo = await waves(300, 200).jpeg().toBuffer();
    const store = new ThumbnailStore({ directory });
    await store.get(KEY, 'LARGE', async () => photo);
    const making = store.get(KEY, 'SMALL', async () => photo);
    await store.remove(KEY);
    await making;
    expect(await readdir(join(directory, KEY.slice(0, 2)))).toEqual([]);
    await store.remove(hashOf('never seen'));
  });

  it('refuses a key that could lead out of its folder', async () => {
    const read = async () => new Uint8Array();
    for (const key of ['../../etc/passwd', KEY.toUpperCase(), '', `${KEY}0`]) {
      await expect(new ThumbnailStore({ directory }).get(key, 'SMALL', read)).rejects.toMatchObject({
        code: 'INTERNAL',
      });
    }
  });
});

describe('Slots', () => {
  it('runs no more than its number at a time, all in the end, errors among them', async () => {
    const slots = new Slots(3);
    let running = 0;
    let most = 0;
    const work = (i: number) => async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (i % 5 === 0) throw new Error(`work ${i}`);
      return i;
    };
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => slots.run(work(i))));
    expect(most).toBe(3);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(8);
    expect(await slots.run(work(1))).toBe(1);
  });
});

describe('originals', () => {
  it('are kept under their sha-256, once, and given back as they came', async () => {
    const store = new OriginalStore({ directory: join(directory, 'originals') });
    const bytes = new TextEncoder().encode('bytes of a jpeg');
    const path = await store.put(KEY, 'jpeg', bytes);
    expect(isAbsolute(path)).toBe(true);
    expect(path.endsWith(join(KEY.slice(0, 2), `${KEY}.jpg`))).toBe(true);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    expect(await store.put(KEY, 'jpeg', bytes)).toBe(path);
    expect(await readdir(join(path, '..'))).toHaveLength(1);
  });

  it('are deleted by path, and nothing outside the store ever is', async () => {
    const store = new OriginalStore({ directory: join(directory, 'originals') });
    const path = await store.put(KEY, 'png', new Uint8Array([1]));
    const own = join(directory, 'holiday.jpg');
    await writeFile(own, 'x');
    expect(await store.remove(own)).toBe(false);
    expect(await store.remove(join(directory, 'originals', '..', 'holiday.jpg'))).toBe(false);
    expect(await store.remove(join(directory, 'originals'))).toBe(false);
    await access(own);
    expect(await store.remove(path)).toBe(true);
    await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await store.remove(path)).toBe(true);
  });

  it('say clearly that the disk refused them', async () => {
    const blocked = join(directory, 'a-file');
    await writeFile(blocked, '');
    const put = new OriginalStore({ directory: blocked }).put(KEY, 'png', new Uint8Array([1]));
    await expect(put).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });

  it('are re-encoded as WebP without metadata, at most 4096 pixels a side', async () => {
    const tiff = await quarters(6000, 300)
      .tiff({ compression: 'lzw' })
      .withExif({ IFD0: { Make: 'Camera' } })
      .toBuffer();
    const made = await reencodeOriginal(tiff);
    expect(await sharp(made).metadata()).toMatchObject({ format: 'webp', width: 4096, height: 205 });
    expect((await sharp(made).metadata()).exif).toBeUndefined();
    const corner = await sharp(made).raw().toBuffer();
    expect(distance([...corner.subarray(0, 3)], RED)).toBeLessThan(12);
  });

  it('are served under the content type of their format', () => {
    expect(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff', 'svg'].map(contentTypeOf)).toEqual([
      'image/jpeg',
      'image/png',
      'image/webp',
      'image/avif',
      'image/gif',
      'image/tiff',
      'application/octet-stream',
    ]);
    expect(['jpeg', 'tiff', 'svg'].map(isShownByBrowsers)).toEqual([true, false, false]);
  });
});
