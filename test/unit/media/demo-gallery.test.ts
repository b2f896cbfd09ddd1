import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDemoGallery } from '../../../src/media/demo-gallery.ts';
import { listDrawings } from '../../../src/media/drawings.ts';
import { scanFolder } from '../../../src/media/source.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-gallery-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('the list of drawings', () => {
  it('names one drawing of each thing, by group, in names that every file system takes', async () => {
    const drawings = await listDrawings();
    const paths = drawings.map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(1300);
    expect(paths.length).toBeLessThan(1600);
    expect(paths).toContain('animals & nature/cat face.png');
    expect(paths).toContain('food & drink/pizza.png');
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^[a-z &]+\/[^<>:"/\\|?*.][^<>:"/\\|?*]*\.png$/);
    expect(paths.filter((path) => /skin tone|regional indicator|flag: /.test(path))).toEqual([]);
  });
});

describe('makeDemoGallery', () => {
  it('makes what is missing, answers at once when finished, and makes up for what was cut short', async () => {
    // As if a first run had been stopped: its finished files stay as they are.
    const drawings = await listDrawings();
    const sample = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    for (const { path } of drawings.slice(0, -40)) {
      await mkdir(join(directory, path, '..'), { recursive: true });
      await writeFile(join(directory, path), sample);
    }
    const progress: number[] = [];
    const { count, credits } = await makeDemoGallery(directory, {
      onProgress: (done, total) => progress.push(done / total),
    });
    expect(count).toBe(drawings.length + 5);
    expect(progress).toHaveLength(count);
    expect(progress.at(-1)).toBe(1);
    expect(credits.join('\n')).toMatch(/Twemoji.*CC BY 4\.0[\s\S]*Getty.*CC0/);

    const files = [];
    for await (const file of scanFolder(directory)) files.push(file);
    expect(files).toHaveLength(count);
    const kept = await stat(join(directory, drawings[0]?.path ?? ''));
    expect(kept.size).toBe(sample.byteLength);
    const made = sharp(join(directory, drawings.at(-1)?.path ?? ''));
    expect(await made.metadata()).toMatchObject({ format: 'png', width: 256, height: 256, hasAlpha: false });
    expect([...(await made.raw().toBuffer()).subarray(0, 3)]).toEqual([255, 255, 255]);
    expect(await readdir(join(directory, 'photographs'))).toHaveLength(5);

    const again: number[] = [];
    expect(await makeDemoGallery(directory, { onProgress: (done) => again.push(done) })).toEqual({ count, credits });
    expect(again).toEqual([]);
  }, 30_000);

  it('says that the folder cannot be written', async () => {
    const blocked = join(directory, 'photographs', 'a-file');
    await writeFile(blocked, '');
    await expect(makeDemoGallery(blocked)).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });
});
