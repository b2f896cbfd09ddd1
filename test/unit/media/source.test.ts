import { chmod, mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../../src/media/limits.ts';
import { readFileLimited, type ScanOptions, scanFolder } from '../../../src/media/source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-source-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function put(path: string, content = 'x'): Promise<string> {
  const full = join(folder, path);
  await mkdir(join(full, '..'), { recursive: true });
  await writeFile(full, content);
  return full;
}

async function pathsOf(root: string, options: ScanOptions = {}): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of scanFolder(root, options)) paths.push(path.slice(folder.length + 1));
  return paths;
}

describe('scanFolder', () => {
  it('finds pictures of every extension in any case, by name, folder by folder', async () => {
    for (const name of [
      'b/2.PNG',
      'b/10.jpg',
      'a.jpeg',
      'c.JPE',
      'd/e/f.jfif',
      'g.webp',
      'h.avif',
      'i.gif',
      'j.tif',
      'k.tiff',
    ])
      await put(name);
    const expected = [
      'a.jpeg',
      'b/10.jpg',
      'b/2.PNG',
      'c.JPE',
      'd/e/f.jfif',
      'g.webp',
      'h.avif',
      'i.gif',
      'j.tif',
      'k.tiff',
    ];
    expect(await pathsOf(folder)).toEqual(expected);
    expect(await pathsOf(folder)).toEqual(expected);
  });

  it('tells name, size and time of change', async () => {
    const path = await put('x/photo.jpg', 'abcde');
    await utimes(path, 1_600_000_000, 1_600_000_000);
    const found = [];
    for await (const file of scanFolder(folder)) found.push(file);
    expect(found).toEqual([{ path, name: 'photo.jpg', bytes: 5, modifiedAtMs: 1_600_000_000_000 }]);
  });

  it('skips what is hidden and tells what else it passes over', async () => {
    for (const name of ['.hidden.jpg', '.cache/a.jpg', 'notes.txt', 'sub/film.mp4', 'jpg', 'a.jpg.part', 'ok.jpg'])
      await put(name);
    const passedOver: string[] = [];
    expect(await pathsOf(folder, { onPassedOver: (path) => passedOver.push(path.slice(folder.length + 1)) })).toEqual([
      'ok.jpg',
    ]);
    expect(passedOver).toEqual(['a.jpg.part', 'jpg', 'notes.txt', 'sub/film.mp4']);
  });

  it('follows links to files, not to folders, and ends in a circle of links', async () => {
    const target = await put('real/a.jpg');
    await symlink(target, join(folder, 'link.jpg'));
    await symlink(folder, join(folder, 'real', 'circle'));
    await symlink(join(folder, 'real'), join(folder, 'other.jpg'));
    const passedOver: string[] = [];
    expect(await pathsOf(folder, { onPassedOver: (path) => passedOver.push(path.slice(folder.length + 1)) })).toEqual([
      'link.jpg',
      'real/a.jpg',
    ]);
    expect(passedOver).toEqual(['other.jpg', 'real/circle']);
  });

  it('reports a link that leads nowhere and goes on', async () => {
    await symlink(join(folder, 'gone.jpg'), join(folder, 'a.jpg'));
    await put('b.jpg');
    const unreadable: [string, string][] = [];
    expect(await pathsOf(folder, { onUnreadable: (path, { code }) => unreadable.push([path, code]) })).toEqual([
      'b.jpg',
    ]);
    expect(unreadable).toEqual([[join(folder, 'a.jpg'), 'FILE_NOT_FOUND']]);
  });

  // The administrator may read everything, so there the folder is no obstacle.
  it.skipIf(process.getuid?.() === 0)('reports a folder that it may not read and goes on', async () => {
    await put('closed/a.jpg');
    await put('open/b.jpg');
    await chmod(join(folder, 'closed'), 0);
    const unreadable: string[] = [];
    expect(await pathsOf(folder, { onUnreadable: (path) => unreadable.push(path) })).toEqual(['open/b.jpg']);
    expect(unreadable).toEqual([join(folder, 'closed')]);
    await chmod(join(folder, 'closed'), 0o700);
  });

  it('takes a file as its own root, and a link to a folder', async () => {
    await put('deep/photo.jpg');
    await put('odd.name');
    await symlink(join(folder, 'deep'), join(folder, 'way'));
    expect(await pathsOf(join(folder, 'odd.name'))).toEqual(['odd.name']);
    expect(await pathsOf(join(folder, 'way'))).toEqual(['way/photo.jpg']);
  });

  it('refuses a root that is not there, and ends at the signal', async () => {
    await expect(pathsOf(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await put('a.jpg');
    await put('b.jpg');
    const control = new AbortController();
    const met: string[] = [];
    const scan = async () => {
      for await (const { name } of scanFolder(folder, { signal: control.signal })) {
        met.push(name);
        control.abort();
      }
    };
    await expect(scan()).rejects.toMatchObject({ name: 'AbortError' });
    expect(met).toEqual(['a.jpg']);
  });
});

describe('readFileLimited', () => {
  it('reads all bytes', async () => {
    expect(Buffer.from(await readFileLimited(await put('a.bin', 'hello'))).toString()).toBe('hello');
    expect(await readFileLimited(await put('empty.bin', ''))).toHaveLength(0);
  });

  it('refuses what is missing, a folder, and more than 64 MiB', async () => {
    await expect(readFileLimited(join(folder, 'none.jpg'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(readFileLimited(folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    // A sparse file: large by its length alone.
    const large = await put('large.jpg');
    await truncate(large, MAX_FILE_BYTES + 1);
    await expect(readFileLimited(large)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' });
  });
});
