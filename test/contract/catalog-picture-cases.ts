// The catalog's contract: records, artifacts and folders.
import { describe, expect, it } from 'vitest';
import { type ImageId, labelOf, type View, WHOLE } from '../../src/core/views.ts';
import type { WithCatalog } from './catalog-contract.ts';
import {
  DIMENSION,
  MODEL,
  modelTag,
  newFile,
  newPicture,
  OTHER_MODEL,
  TAG_VERSION,
  vectorOf,
} from './catalog-pictures.ts';

const GONE = 4711 as ImageId;

export function describePictures(withCatalog: WithCatalog): void {
  describe('pictures', () => {
    it('come back as they were added, in the order asked, undefined where the id is gone', () =>
      withCatalog(
        async (catalog) => {
          const dated = newPicture(1, { file: newFile('/a/ü 日本.png'), format: 'png', width: 3, height: 99_999 });
          const undated = newPicture(2, { takenAt: null });
          const [first, second] = (await catalog.addPictures(MODEL, TAG_VERSION, [dated, undated])) as [
            ImageId,
            ImageId,
          ];
          const { file, views: _views, tags: _tags, ...record } = dated;
          expect(await catalog.getImages([second, GONE, first, second])).toEqual([
            expect.objectContaining({ id: second, takenAt: null }),
            undefined,
            { ...record, id: first, name: 'ü 日本.png', bytes: file.bytes, addedAt: new Date(86_400_123) },
            expect.objectContaining({ id: second }),
          ]);
        },
        () => new Date(86_400_123),
      ));

    it('are found by content', () =>
      withCatalog(async (catalog) => {
        const [a, b] = [newPicture(1), newPicture(2)];
        const ids = await catalog.addPictures(MODEL, TAG_VERSION, [a, b]);
        const found = await catalog.findBySha256([b.sha256, newPicture(3).sha256, a.sha256]);
        expect(found).toEqual(
          new Map([
            [a.sha256, ids[0]],
            [b.sha256, ids[1]],
          ]),
        );
        expect(await catalog.findBySha256([])).toEqual(new Map());
      }));

    it('with known bytes keep their record and tags, and gain the file and the missing views', () =>
      withCatalog(async (catalog) => {
        const window = 3 as View;
        const first = newPicture(1);
        const again = newPicture(1, {
          file: newFile('/elsewhere/copy.jpg'),
          views: [
            { view: WHOLE, vector: vectorOf(50) },
            { view: window, vector: vectorOf(51) },
          ],
          tags: [modelTag('other', 1)],
          width: 1,
        });
        const [id, sameId, sameAgain] = (await catalog.addPictures(MODEL, TAG_VERSION, [
          first,
          again,
          again,
        ])) as ImageId[] as [ImageId, ImageId, ImageId];
        expect([sameId, sameAgain]).toEqual([id, id]);
        expect(await catalog.countImages({})).toBe(1);
        expect((await catalog.getImages([id]))[0]).toMatchObject({ name: '1.jpg', width: 640 });
        expect((await catalog.filesOf(id)).map(({ path }) => path)).toEqual(['/elsewhere/copy.jpg', '/pictures/1.jpg']);
        const labels = [labelOf(id, WHOLE), labelOf(id, window)];
        const vectors = await catalog.getVectors(MODEL, labels);
        expect([...vectors]).toEqual([
          [labels[0], vectorOf(1)],
          [labels[1], vectorOf(51)],
        ]);
        expect((await catalog.getTags([id])).get(id)).toEqual(first.tags);
        await catalog.addPictures(OTHER_MODEL, TAG_VERSION, [first]);
        expect(await catalog.labels(OTHER_MODEL)).toEqual([labelOf(id, WHOLE)]);
      }));

    it('are removed whole, and their ids and bytes are free of them', () =>
      withCatalog(async (catalog) => {
        const ids = (await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1), newPicture(2), newPicture(3)])) as [
          ImageId,
          ImageId,
          ImageId,
        ];
        await catalog.setUserTags(ids[2], ['mine']);
        expect(await catalog.removeImages([ids[0], GONE, ids[2], ids[2]])).toBe(2);
        expect(await catalog.idsMatching({})).toEqual([ids[1]]);
        expect(await catalog.labels(MODEL)).toEqual([labelOf(ids[1], WHOLE)]);
        expect([...(await catalog.filesUnder('/')).keys()]).toEqual(['/pictures/2.jpg']);
        expect(await catalog.tagCounts(10)).toEqual([{ name: 'tag 2', count: 1 }]);
        expect(await catalog.findBySha256([newPicture(3).sha256])).toEqual(new Map());
        const [again] = await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(3)]);
        expect(again).toBeGreaterThan(ids[2]);
      }));

    it('are removed by the thousand', () =>
      withCatalog(async (catalog) => {
        const pictures = Array.from({ length: 1001 }, (_, i) => newPicture(i));
        const ids = await catalog.addPictures(MODEL, TAG_VERSION, pictures);
        expect(await catalog.removeImages(ids.slice(1))).toBe(1000);
        expect(await catalog.labels(MODEL)).toEqual([labelOf(ids[0] as ImageId, WHOLE)]);
      }));

    it('of a batch that fails are none: nothing of the others stays', () =>
      withCatalog(async (catalog) => {
        const wrong = newPicture(2, { views: [{ view: WHOLE, vector: new Float32Array(DIMENSION + 1) }] });
        const adding = catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1), wrong]);
        await expect(adding).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
        expect(await catalog.countImages({})).toBe(0);
        expect(await catalog.filesUnder('/')).toEqual(new Map());
        expect(await catalog.models()).toEqual([]);
        expect(await catalog.tagCounts(10)).toEqual([]);
        expect(await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1)])).toHaveLength(1);
      }));
  });

  describe('small things', () => {
    it('artifacts come back byte for byte under their key, the last one put', () =>
      withCatalog(async (catalog) => {
        const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
        await catalog.putArtifact('bridge/1', Uint8Array.of(1));
        await catalog.putArtifact('bridge/1', bytes.subarray(3));
        await catalog.putArtifact('empty', new Uint8Array(0));
        expect(Buffer.compare((await catalog.getArtifact('bridge/1')) ?? Buffer.of(), bytes.subarray(3))).toBe(0);
        expect(await catalog.getArtifact('empty')).toEqual(new Uint8Array(0));
        expect(await catalog.getArtifact('bridge/2')).toBeUndefined();
      }));

    it('folders are remembered once each, in order', () =>
      withCatalog(async (catalog) => {
        for (const folder of ['/b', '/a', '/b']) await catalog.rememberFolder(folder);
        expect(await catalog.folders()).toEqual(['/b', '/a']);
      }));
  });
}
