// The catalog's contract, where a place can be opened twice: what stays after a close, and what others notice.
import { describe, expect, it } from 'vitest';
import { type ImageId, labelOf, WHOLE } from '../../src/core/views.ts';
import type { Catalog } from '../../src/store/catalog.ts';
import type { CatalogPlace } from './catalog-contract.ts';
import { MODEL, newFile, newPicture, TAG_VERSION, vectorOf } from './catalog-pictures.ts';

export function describeSharing(newPlace: () => Promise<CatalogPlace>): void {
  const withPlace = async (use: (place: CatalogPlace) => Promise<void>) => {
    const place = await newPlace();
    try {
      await use(place);
    } finally {
      await place.clear();
    }
  };

  describe('opened again', () => {
    it('everything is still there', () =>
      withPlace(async (place) => {
        const first = await place.open();
        const ids = (await first.addPictures(MODEL, TAG_VERSION, [newPicture(1), newPicture(2)])) as [ImageId, ImageId];
        await first.setUserTags(ids[0], ['Mine']);
        await first.linkFiles([{ file: newFile('/copy'), imageId: ids[1] }]);
        await first.rememberFolder('/pictures');
        await first.putArtifact('key', Uint8Array.of(1, 2));
        const before = await everything(first, ids);
        await first.close();
        const second = await place.open();
        expect(await everything(second, ids)).toEqual(before);
        expect(before.tags.get(ids[0])).toHaveLength(2);
        await second.close();
      }));

    it('ids of removed pictures are not given out again', () =>
      withPlace(async (place) => {
        const first = await place.open();
        const ids = await first.addPictures(MODEL, TAG_VERSION, [newPicture(1), newPicture(2)]);
        await first.removeImages(ids);
        await first.close();
        const second = await place.open();
        const [id] = await second.addPictures(MODEL, TAG_VERSION, [newPicture(3)]);
        expect(id).toBeGreaterThan(Math.max(...ids));
        await second.close();
      }));

    it('closed for good: a second close is harmless, other calls are refused', () =>
      withPlace(async (place) => {
        const catalog = await place.open();
        await catalog.countImages({});
        await catalog.close();
        await catalog.close();
        await expect(catalog.countImages({})).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
      }));
  });

  describe('opened by two at once', () => {
    it('each sees what the other committed, and is told once that something changed', () =>
      withPlace(async (place) => {
        const [mine, other] = [await place.open(), await place.open()];
        await mine.addPictures(MODEL, TAG_VERSION, [newPicture(1)]);
        expect(await mine.changedElsewhere()).toBe(false);
        expect(await other.changedElsewhere()).toBe(true);
        expect(await other.changedElsewhere()).toBe(false);
        const [id] = (await other.addPictures(MODEL, TAG_VERSION, [newPicture(2)])) as [ImageId];
        expect(await mine.changedElsewhere()).toBe(true);
        expect((await mine.getVectors(MODEL, [labelOf(id, WHOLE)])).get(labelOf(id, WHOLE))).toEqual(vectorOf(2));
        await mine.countImages({});
        expect(await other.changedElsewhere()).toBe(false);
        await mine.close();
        await other.close();
      }));

    it('the same new picture from both is one picture', () =>
      withPlace(async (place) => {
        const [mine, other] = [await place.open(), await place.open()];
        const [[a], [b]] = (await Promise.all(
          [mine, other].map((catalog) => catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1)])),
        )) as [ImageId[], ImageId[]];
        expect(a).toBe(b);
        expect(await mine.countImages({})).toBe(1);
        await mine.close();
        await other.close();
      }));
  });
}

async function everything(catalog: Catalog, ids: readonly ImageId[]) {
  const labels = await catalog.labels(MODEL);
  return {
    images: await catalog.getImages(ids),
    files: await catalog.filesUnder('/'),
    labels,
    vectors: await catalog.getVectors(MODEL, labels),
    models: await catalog.models(),
    tags: await catalog.getTags(ids),
    stale: await catalog.imagesWithStaleTags(TAG_VERSION, 10),
    folders: await catalog.folders(),
    artifact: await catalog.getArtifact('key'),
  };
}
