// The catalog's contract: the places where pictures lie.
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../src/core/views.ts';
import type { Catalog } from '../../src/store/catalog.ts';
import type { WithCatalog } from './catalog-contract.ts';
import { MODEL, newFile, newPicture, TAG_VERSION } from './catalog-pictures.ts';

export function describeFiles(withCatalog: WithCatalog): void {
  describe('files', () => {
    it('of a folder are those in it and below, and no neighbor that begins alike', () =>
      withCatalog(async (catalog) => {
        const paths = [
          '/a/b/1',
          '/a/b/c/d/2',
          '/a/bc/3',
          '/a/b c/4',
          '/a/b-/5',
          '/a/B/6',
          '/a/b0/7',
          '/a/_/8',
          '/a/x/9',
          '/a/%/10',
        ];
        await addAt(catalog, paths);
        const under = async (folder: string) => [...(await catalog.filesUnder(folder)).keys()];
        expect(await under('/a/b')).toEqual(['/a/b/1', '/a/b/c/d/2']);
        expect(await under('/a/b/')).toEqual(['/a/b/1', '/a/b/c/d/2']);
        expect(await under('/a/_')).toEqual(['/a/_/8']);
        expect(await under('/a/%')).toEqual(['/a/%/10']);
        expect(await under('/a/bc/3')).toEqual(['/a/bc/3']);
        expect(await under('/nowhere')).toEqual([]);
        expect(await under('/')).toEqual(paths.toSorted());
        for (const folder of ['/a/b', '/a/b/', '/a/_', '/a/%', '/a/bc/3', '/nowhere', '/']) {
          expect(await catalog.countImages({ folder })).toBe((await under(folder)).length);
        }
      }));

    it('of a large folder are all there, with every fact', () =>
      withCatalog(async (catalog) => {
        const [id] = (await addAt(catalog, ['/big/0'])) as [ImageId];
        const files = Array.from({ length: 12_000 }, (_, i) =>
          newFile(`/big/${i}`, { modifiedAtMs: i + 0.1234, bytes: i }),
        );
        await catalog.linkFiles(files.map((file) => ({ file, imageId: id })));
        const found = await catalog.filesUnder('/big');
        expect(found.size).toBe(files.length);
        expect(
          files.every(({ path, bytes, modifiedAtMs }) => {
            const file = found.get(path);
            return file?.imageId === id && file.bytes === bytes && file.modifiedAtMs === modifiedAtMs;
          }),
        ).toBe(true);
      }));

    it('in a folder are those in this very folder and none below or beside it, also where they are many', () =>
      withCatalog(async (catalog) => {
        const [id] = (await addAt(catalog, [
          '/a/b/1',
          '/a/b/c/d/2',
          '/a/bc/3',
          '/a/b c/4',
          '/a/b-/5',
          '/a/b0/7',
          '/top',
        ])) as [ImageId];
        const inside = async (folder: string) => (await catalog.filesIn(folder)).map(({ name }) => name).toSorted();
        expect(await inside('/a/b')).toEqual(['1']);
        expect(await inside('/a/b/')).toEqual(['1']);
        expect(await inside('/a/b/c/d')).toEqual(['2']);
        expect(await inside('/a')).toEqual([]);
        expect(await inside('/')).toEqual(['top']);
        expect(await inside('/nowhere')).toEqual([]);
        const many = Array.from({ length: 21_000 }, (_, i) => newFile(`/é 𝄞_%/${i}`));
        await catalog.linkFiles([...many, newFile('/é 𝄞_%/below/x')].map((file) => ({ file, imageId: id })));
        expect(await inside('/é 𝄞_%')).toEqual(many.map((_, i) => String(i)).toSorted());
        expect((await catalog.filesIn('/é 𝄞_%'))[0]?.imageId).toBe(id);
      }));

    it('linked again move to the other picture, with their new facts; a picture that is gone takes none', () =>
      withCatalog(async (catalog) => {
        const [a, b] = (await addAt(catalog, ['/a', '/b'])) as [ImageId, ImageId];
        const moved = newFile('/a', { name: 'new name', bytes: 9, modifiedAtMs: 5.5 });
        await catalog.linkFiles([
          { file: moved, imageId: b },
          { file: newFile('/c'), imageId: 999 as ImageId },
        ]);
        expect(await catalog.filesOf(a)).toEqual([]);
        expect(await catalog.filesOf(b)).toEqual([moved, newFile('/b')]);
        expect(await catalog.filesUnder('/c')).toEqual(new Map());
      }));

    it('unlinked take pictures with them only where no other file is left', () =>
      withCatalog(async (catalog) => {
        const [a, b, c] = (await addAt(catalog, ['/a', '/b', '/c'])) as [ImageId, ImageId, ImageId];
        await catalog.linkFiles([{ file: newFile('/a2'), imageId: a }]);
        expect(await catalog.unlinkFiles(['/c', '/a', '/unknown', '/b'])).toEqual([b, c]);
        expect(await catalog.idsMatching({})).toEqual([a]);
        expect(await catalog.labels(MODEL)).toHaveLength(1);
        expect(await catalog.unlinkFiles(['/a2'])).toEqual([a]);
        expect(await catalog.unlinkFiles([])).toEqual([]);
        expect(await catalog.countImages({})).toBe(0);
      }));
  });
}

function addAt(catalog: Catalog, paths: readonly string[]): Promise<ImageId[]> {
  const pictures = paths.map((path, i) => newPicture(i, { file: newFile(path) }));
  return catalog.addPictures(MODEL, TAG_VERSION, pictures);
}
