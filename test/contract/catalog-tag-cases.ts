// The catalog's contract: users' tags and computed ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../src/core/views.ts';
import type { StoredTag } from '../../src/store/catalog.ts';
import type { WithCatalog } from './catalog-contract.ts';
import { MODEL, modelTag, newPicture, TAG_VERSION } from './catalog-pictures.ts';

const word = fc.constantFrom(
  'Cat',
  'cat',
  'ÄPFEL',
  'äpfel',
  'dog',
  ' dog ',
  '',
  ' ',
  '日本',
  "o'clock",
  '100%',
  '_',
  '"x"',
);
const words = fc.array(word, { maxLength: 5 });
const scored = fc.array(
  fc.record({ name: word, score: fc.double({ min: -1, max: 1, noNaN: true }).map(withoutNegativeZero) }),
  {
    maxLength: 5,
  },
);

export function describeTags(withCatalog: WithCatalog, numRuns: number): void {
  describe('tags', () => {
    it('of users and models are kept apart: users first, each source best first, without doubles', () =>
      fc.assert(
        fc.asyncProperty(words, scored, scored, (own, before, computed) =>
          withCatalog(async (catalog) => {
            const tags = before.map(({ name, score }) => modelTag(name, score));
            const [id] = (await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1, { tags })])) as [ImageId];
            expect((await catalog.getTags([id])).get(id) ?? []).toEqual(cleaned(tags));
            await catalog.setUserTags(id, own);
            const replaced = computed.map(({ name, score }) => modelTag(name, score));
            await catalog.putModelTags('next', new Map([[id, replaced]]));
            const users = own.map((name): StoredTag => ({ name, score: 1, source: 'USER' }));
            expect((await catalog.getTags([id])).get(id) ?? []).toEqual([...cleaned(users), ...cleaned(replaced)]);
            const carried = new Set(
              [...own, ...computed.map(({ name }) => name)].map((name) => name.trim().toLowerCase()),
            );
            carried.delete('');
            const counts = await catalog.tagCounts(100);
            expect(new Set(counts.map(({ name }) => name.toLowerCase()))).toEqual(carried);
            expect(counts.every(({ count }) => count === 1)).toBe(true);
            for (const name of carried) expect(await catalog.idsMatching({ tags: [name.toUpperCase()] })).toEqual([id]);
          }),
        ),
        { numRuns },
      ));

    it('come with new pictures from either source', () =>
      withCatalog(async (catalog) => {
        const tags: StoredTag[] = [
          modelTag('low', 0.1),
          { name: 'Mine', score: 1, source: 'USER' },
          modelTag('high', 0.9),
        ];
        const [id] = (await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1, { tags })])) as [ImageId];
        expect(await catalog.getTags([id, 99 as ImageId])).toEqual(new Map([[id, [tags[1], tags[2], tags[0]]]]));
      }));

    it('are counted by picture, most common first, and no more than asked', () =>
      withCatalog(async (catalog) => {
        const pictures = [['cat', 'sofa'], ['CAT'], ['sofa', 'dog', 'Cat']].map((names, i) =>
          newPicture(i, { tags: names.map((name) => modelTag(name, 0.5)) }),
        );
        const [id] = (await catalog.addPictures(MODEL, TAG_VERSION, pictures)) as [ImageId];
        await catalog.setUserTags(id, ['Cat', 'zebra']);
        const counts = [
          { name: 'cat', count: 3 },
          { name: 'sofa', count: 2 },
          { name: 'dog', count: 1 },
          { name: 'zebra', count: 1 },
        ];
        expect(await catalog.tagCounts(10)).toEqual(counts);
        expect(await catalog.tagCounts(2)).toEqual(counts.slice(0, 2));
        await catalog.setUserTags(id, []);
        expect(await catalog.tagCounts(10)).toEqual(counts.slice(0, 3));
      }));

    it('of a picture that is gone are refused from a user and passed over from a model', () =>
      withCatalog(async (catalog) => {
        const gone = 7 as ImageId;
        await expect(catalog.setUserTags(gone, ['x'])).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
        await catalog.putModelTags(TAG_VERSION, new Map([[gone, [modelTag('x', 1)]]]));
        expect(await catalog.tagCounts(10)).toEqual([]);
      }));

    it('of an older version are stale until they are put anew', () =>
      withCatalog(async (catalog) => {
        const ids = [
          ...(await catalog.addPictures(MODEL, 'v2', [newPicture(1)])),
          ...(await catalog.addPictures(MODEL, 'v1', [newPicture(2), newPicture(3)])),
          ...(await catalog.addPictures(MODEL, 'v3', [newPicture(4)])),
        ] as [ImageId, ImageId, ImageId, ImageId];
        expect(await catalog.imagesWithStaleTags('v3', 10)).toEqual(ids.slice(0, 3));
        expect(await catalog.imagesWithStaleTags('v3', 2)).toEqual(ids.slice(0, 2));
        expect(await catalog.imagesWithStaleTags('v4', 10)).toEqual(ids);
        await catalog.putModelTags(
          'v3',
          new Map([
            [ids[0], [modelTag('new', 1)]],
            [ids[2], []],
          ]),
        );
        expect(await catalog.imagesWithStaleTags('v3', 10)).toEqual([ids[1]]);
        await catalog.setUserTags(ids[1], ['mine']);
        expect(await catalog.imagesWithStaleTags('v3', 10)).toEqual([ids[1]]);
      }));
  });
}

/** The same rule in other words: sort, trim, first of each word. */
function cleaned(tags: readonly StoredTag[]): StoredTag[] {
  const best = tags.toSorted((a, b) => b.score - a.score).map((tag) => ({ ...tag, name: tag.name.trim() }));
  const first = (tag: StoredTag) => best.find(({ name }) => name.toLowerCase() === tag.name.toLowerCase());
  return best.filter((tag) => tag.name !== '' && first(tag) === tag);
}

/** SQL knows no negative zero, and no score needs one. */
function withoutNegativeZero(value: number): number {
  return value + 0;
}
