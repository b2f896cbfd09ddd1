// The map of all pictures, through GraphQL: drawn by a job, kept, grown without moving, told when it is out of date.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { COLOURS, type Colour, halves, solid, writeFiles } from '../support/pictures.ts';

const COLOUR_NAMES = Object.keys(COLOURS) as Colour[];
const MAP =
  '{ map { state jobId drawnAt points { count added ids places } regions { level label x y count imageId } } library { imageCount } }';
const COMPUTE = 'mutation { computeMap { id kind state } }';

interface ReadMap {
  readonly state: string;
  readonly drawnAt: string | null;
  readonly count: number;
  readonly added: number;
  readonly places: Map<string, { readonly x: number; readonly y: number }>;
  readonly regions: readonly {
    level: number;
    label: string | null;
    x: number;
    y: number;
    count: number;
    imageId: string;
  }[];
}

async function readMap(service: TestApp): Promise<ReadMap> {
  const { data, errors } = await service.query(MAP);
  expect(errors).toBeUndefined();
  const { state, drawnAt, points, regions } = data.map;
  const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64')).buffer;
  const ids = new Uint32Array(bytesOf(points.ids));
  const at = new Float32Array(bytesOf(points.places));
  const places = new Map([...ids].map((id, i) => [String(id), { x: at[2 * i] ?? -1, y: at[2 * i + 1] ?? -1 }]));
  return { state, drawnAt, count: points.count, added: points.added, places, regions };
}

async function draw(service: TestApp) {
  const { data } = await service.query(COMPUTE);
  expect(data.computeMap.kind).toBe('MAP');
  await service.app.services.jobs.get(data.computeMap.id).ended;
  return service.app.services.jobs.get(data.computeMap.id).snapshot();
}

const distance = (a: { x: number; y: number } | undefined, b: { x: number; y: number } | undefined) =>
  a === undefined || b === undefined ? Number.NaN : Math.hypot(a.x - b.x, a.y - b.y);

let service: TestApp;
let folder: string;
const ids = new Map<string, string>();

async function learnIds() {
  const { data } = await service.query('{ images(first: 100) { edges { node { id name } } } }');
  for (const { node } of data.images.edges) ids.set(node.name, node.id);
}

beforeAll(async () => {
  service = await startTestApp();
  folder = join(service.directory, 'pictures');
});
afterAll(() => service.stop());

describe('the map', () => {
  it('of an empty library is empty, drawn or not', async () => {
    expect(await readMap(service)).toMatchObject({ state: 'NONE', drawnAt: null, count: 0, regions: [] });
    expect(await draw(service)).toMatchObject({ state: 'DONE', found: 0, done: 0 });
    expect(await readMap(service)).toMatchObject({ state: 'NONE', count: 0, regions: [] });
  });

  it('of a handful of pictures shows each of them in its bounds', async () => {
    await writeFiles(folder, { 'one.png': await solid('red', 31, 30), 'two.png': await solid('blue', 31, 30) });
    await service.index(folder);
    expect(await draw(service)).toMatchObject({ state: 'DONE', found: 2, done: 2 });
    const map = await readMap(service);
    expect(map).toMatchObject({ state: 'READY', count: 2, added: 0 });
    const [one, two] = [...map.places.values()];
    expect(distance(one, two)).toBeGreaterThan(0.5);
    expect(map.regions.map(({ count }) => count)).toEqual([2]);
  });

  it('is stale once most pictures came after it', async () => {
    for (const colour of COLOUR_NAMES) {
      for (const side of [40, 44, 48, 52, 56]) {
        await writeFiles(folder, { [`${colour} ${side}.png`]: await solid(colour, side, 40) });
      }
    }
    await service.index(folder);
    expect(await readMap(service)).toMatchObject({ state: 'STALE', count: 32, added: 30 });
  });

  it('lays pictures that show like things nearer to each other than to others', async () => {
    await draw(service);
    await learnIds();
    const map = await readMap(service);
    expect(map).toMatchObject({ state: 'READY', count: 32, added: 0 });
    const placesOf = (colour: string) =>
      [40, 44, 48].map((side) => map.places.get(ids.get(`${colour} ${side}.png`) ?? ''));
    for (const colour of COLOUR_NAMES) {
      const [own, ...others] = [colour, ...COLOUR_NAMES.filter((other) => other !== colour)].map(placesOf);
      const within = Math.max(distance(own?.[0], own?.[1]), distance(own?.[0], own?.[2]));
      const between = Math.min(...others.map((other) => distance(own?.[0], other[0])));
      expect(within, colour).toBeLessThan(between);
    }
    for (const { x, y } of map.places.values()) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(x, y)).toBeLessThanOrEqual(1);
    }
  });

  it('counts each picture in one region of a level, and calls no two regions of a level the same', async () => {
    const { regions } = await readMap(service);
    for (const level of new Set(regions.map((region) => region.level))) {
      const ofLevel = regions.filter((region) => region.level === level);
      expect(ofLevel.reduce((sum, { count }) => sum + count, 0)).toBe(32);
      const labels = ofLevel.map(({ label }) => label).filter((label) => label !== null);
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  it('takes in a new picture beside its like without moving another', async () => {
    const before = await readMap(service);
    await writeFiles(folder, { 'red late.png': await solid('red', 33, 44), 'mixed.png': await halves('red', 'blue') });
    await service.index(folder);
    await learnIds();
    const after = await readMap(service);
    expect(after).toMatchObject({ state: 'READY', count: 34, added: 2, drawnAt: before.drawnAt });
    for (const [id, place] of before.places) expect(after.places.get(id)).toEqual(place);
    const late = after.places.get(ids.get('red late.png') ?? '');
    const toRed = distance(late, before.places.get(ids.get('red 40.png') ?? ''));
    const toGreen = distance(late, before.places.get(ids.get('green 40.png') ?? ''));
    expect(toRed).toBeLessThan(toGreen);
  });

  it('loses a removed picture and keeps the others where they were', async () => {
    const before = await readMap(service);
    const gone = ids.get('blue 40.png') ?? '';
    await service.query('mutation($ids: [ID!]!) { removeImages(ids: $ids) { removed } }', { ids: [gone] });
    const after = await readMap(service);
    expect(after.count).toBe(33);
    expect(after.places.has(gone)).toBe(false);
    for (const [id, place] of after.places) expect(before.places.get(id)).toEqual(place);
  });

  it('is the same after a restart, late pictures and all', async () => {
    const kept = join(service.directory, 'kept');
    const first = await startTestApp({ directory: kept });
    await first.index(folder);
    await draw(first);
    await writeFiles(join(first.directory, 'more'), { 'late.png': await solid('green', 70, 71) });
    await first.index(join(first.directory, 'more'));
    const before = await readMap(first);
    expect(before.added).toBe(1);
    await first.stop();
    const second = await startTestApp({ directory: kept });
    expect(await readMap(second)).toEqual(before);
    await second.stop();
  });

  it('is drawn the same again from the same pictures', async () => {
    await draw(service);
    const once = await readMap(service);
    await draw(service);
    const again = await readMap(service);
    expect([...again.places]).toEqual([...once.places]);
    expect(again.regions).toEqual(once.regions);
  });

  it('has one job at a time', async () => {
    const [one, other] = await Promise.all([service.query(COMPUTE), service.query(COMPUTE)]);
    expect(one.data.computeMap.id).toBe(other.data.computeMap.id);
    expect((await service.query('{ map { state jobId } }')).data.map).toEqual({
      state: 'COMPUTING',
      jobId: one.data.computeMap.id,
    });
    await service.app.services.jobs.get(one.data.computeMap.id).ended;
  });
});

describe('pictures by their ids', () => {
  it('come in the order asked, null for those that are not there', async () => {
    const [red, green] = [ids.get('red 40.png'), ids.get('green 40.png')];
    const { data } = await service.query('query($ids: [ID!]!) { imagesById(ids: $ids) { id } }', {
      ids: [green, '4000000', red, '4294967295', '-1', 'cat.jpg'],
    });
    expect(data.imagesById).toEqual([{ id: green }, null, { id: red }, null, null, null]);
  });

  it('are refused past a hundred', async () => {
    const { errors } = await service.query('query($ids: [ID!]!) { imagesById(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => '1'),
    });
    expect(errors?.[0]?.extensions.code).toBe('BAD_ARGUMENT');
  });
});
