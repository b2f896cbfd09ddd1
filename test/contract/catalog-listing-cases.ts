// The catalog's contract: filters and orders, held against the same written in JavaScript over all records.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../src/core/views.ts';
import type { Catalog, ImageFilter, ImageOrder, ImageRecord, ListQuery } from '../../src/store/catalog.ts';
import type { WithCatalog } from './catalog-contract.ts';
import { MODEL, modelTag, newFile, newPicture, TAG_VERSION } from './catalog-pictures.ts';

interface Spec {
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly takenAt: Date | null;
  readonly addedAt: Date;
  readonly tags: readonly string[];
}
interface Listed extends Spec {
  readonly id: ImageId;
}

// Few values each, so that ties, misses and hits all happen.
const FOLDERS = ['/a', '/a/b', '/a/bc', '/a_', '/a%', '/ä'] as const;
const TAGS = ['cat', 'Sofa', 'ÄPFEL', 'dog'] as const;
const size = fc.integer({ min: 1, max: 5 });
const day = fc.integer({ min: -2, max: 4 }).map((days) => new Date(days * 86_400_000));
const spec: fc.Arbitrary<Spec> = fc.record({
  folder: fc.constantFrom(...FOLDERS),
  name: fc.constantFrom('a', 'A', 'b', 'Éa', 'éB', 'z', '日', '😀', '\uffee', 'img_1', ''),
  bytes: size,
  width: size,
  height: size,
  takenAt: fc.option(day),
  addedAt: day,
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }),
});
const specs = fc.array(spec, { maxLength: 14 });
const filter: fc.Arbitrary<ImageFilter> = fc.record(
  {
    folder: fc.constantFrom(...FOLDERS, '/', '/a/', '/none'),
    tags: fc.array(fc.constantFrom('CAT', ' sofa ', 'äpfel', 'Dog', 'none'), { maxLength: 2 }),
    ...{ minWidth: size, minHeight: size, maxWidth: size, maxHeight: size },
    ...{ takenFrom: day, takenTo: day, addedFrom: day, addedTo: day },
  },
  { requiredKeys: [] },
);
// Mostly one condition or none: with eight nearly nothing passes.
const anyFilter = fc.oneof(fc.constant({}), filter, filter.map(firstCondition));
const order = fc.constantFrom<ImageOrder>('ADDED', 'TAKEN', 'NAME', 'BYTES');
const page = fc.record({ order, descending: fc.boolean(), limit: fc.integer({ min: 1, max: 6 }) });

export function describeListing(withCatalog: WithCatalog, numRuns: number): void {
  /** The clock gives each picture the time that it asks for. */
  const withPictures = async (wanted: readonly Spec[], use: (catalog: Catalog, all: Listed[]) => Promise<void>) => {
    let now = new Date(0);
    await withCatalog(
      async (catalog) => {
        const all: Listed[] = [];
        for (const [i, each] of wanted.entries()) {
          now = each.addedAt;
          const file = newFile(`${each.folder}/${i}`, { name: each.name, bytes: each.bytes });
          const tags = each.tags.map((name) => modelTag(name, 0.5));
          const [id] = await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(i, { ...each, file, tags })]);
          all.push({ ...each, id: id as ImageId });
        }
        await use(catalog, all);
      },
      () => now,
    );
  };

  describe('filters and lists', () => {
    it('a filter passes what the same conditions pass in JavaScript', () =>
      fc.assert(
        fc.asyncProperty(
          specs,
          fc.array(anyFilter, { minLength: 1, maxLength: 12 }),
          fc.integer({ min: 0, max: 9 }),
          (wanted, filters, limit) =>
            withPictures(wanted, async (catalog, all) => {
              for (const each of filters) {
                const expected = all.filter((listed) => passes(listed, each)).map(({ id }) => id);
                expect(await catalog.idsMatching(each)).toEqual(expected);
                expect(await catalog.idsMatching(each, limit)).toEqual(expected.slice(0, limit));
                expect(await catalog.countImages(each)).toBe(expected.length);
              }
            }),
        ),
        { numRuns },
      ));

    it('pages put together are the whole sorted list, for every order', () =>
      fc.assert(
        fc.asyncProperty(
          specs,
          fc.array(fc.tuple(page, anyFilter), { minLength: 1, maxLength: 8 }),
          (wanted, queries) =>
            withPictures(wanted, async (catalog, all) => {
              for (const [query, condition] of queries) {
                const expected = all.filter((listed) => passes(listed, condition)).sort(comparing(query));
                const listed = await listAll(catalog, { ...query, filter: condition });
                expect(listed.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
              }
            }),
        ),
        { numRuns },
      ));

    it('a list goes on behind a picture that the filter does not pass, or no longer', () =>
      withCatalog(async (catalog) => {
        const pictures = [1, 2, 3, 4].map((i) => newPicture(i, { width: i }));
        const ids = await catalog.addPictures(MODEL, TAG_VERSION, pictures);
        const query = { order: 'TAKEN', descending: false, limit: 9, after: ids[1] as ImageId } as const;
        const { images } = await catalog.listImages({ ...query, filter: { minWidth: 3 } });
        expect(images.map(({ id }) => id)).toEqual([ids[2], ids[3]]);
      }));

    it('a page behind a picture that is gone is refused', () =>
      withCatalog(async (catalog) => {
        const [id] = (await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1), newPicture(2)])) as [ImageId];
        await catalog.removeImages([id]);
        const query: ListQuery = { filter: {}, order: 'ADDED', descending: false, limit: 1, after: id };
        await expect(catalog.listImages(query)).rejects.toMatchObject({ code: 'BAD_CURSOR' });
      }));

    it.each([0, 1001, 1.5, Number.NaN])('a page of %d pictures is refused', (limit) =>
      withCatalog(async (catalog) => {
        const listing = catalog.listImages({ filter: {}, order: 'ADDED', descending: false, limit });
        await expect(listing).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
      }),
    );
  });
}

function firstCondition(from: ImageFilter): ImageFilter {
  return Object.fromEntries(Object.entries(from).slice(0, 1));
}

async function listAll(catalog: Catalog, query: Omit<ListQuery, 'after'>): Promise<ImageRecord[]> {
  const all: ImageRecord[] = [];
  for (;;) {
    const last = all.at(-1);
    const { images, hasMore } = await catalog.listImages(last === undefined ? query : { ...query, after: last.id });
    all.push(...images);
    // A list that repeats itself would go on for ever.
    expect(all.length).toBe(new Set(all.map(({ id }) => id)).size);
    if (!hasMore) return all;
    expect(images).toHaveLength(query.limit);
  }
}

function passes(picture: Listed, wanted: ImageFilter): boolean {
  const carried = new Set(picture.tags.map((tag) => tag.toLowerCase()));
  const below = `${(wanted.folder ?? '/').replace(/\/$/, '')}/`;
  const within = (value: number | Date | null, from: number | Date | undefined, to: number | Date | undefined) =>
    (from === undefined || (value !== null && value >= from)) && (to === undefined || (value !== null && value <= to));
  return (
    `${picture.folder}/`.startsWith(below) &&
    (wanted.tags ?? []).every((tag) => carried.has(tag.trim().toLowerCase())) &&
    within(picture.width, wanted.minWidth, wanted.maxWidth) &&
    within(picture.height, wanted.minHeight, wanted.maxHeight) &&
    within(picture.takenAt, wanted.takenFrom, wanted.takenTo) &&
    within(picture.addedAt, wanted.addedFrom, wanted.addedTo)
  );
}

function comparing({
  order: by,
  descending,
}: {
  order: ImageOrder;
  descending: boolean;
}): (a: Listed, b: Listed) => number {
  const sign = descending ? -1 : 1;
  const key = ({ addedAt, takenAt, bytes }: Listed) =>
    ({ ADDED: addedAt.getTime(), TAKEN: takenAt?.getTime() ?? null, BYTES: bytes, NAME: 0 })[by];
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    if ((x === null) !== (y === null)) return x === null ? 1 : -1;
    const byKey = by === 'NAME' ? Buffer.compare(folded(a.name), folded(b.name)) : Number(x) - Number(y);
    return sign * (byKey || a.id - b.id);
  };
}

/** UTF-8 sorts by code point. */
function folded(name: string): Buffer {
  return Buffer.from(name.toLowerCase(), 'utf8');
}
