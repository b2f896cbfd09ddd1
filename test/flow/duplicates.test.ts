// Duplicates through GraphQL, with real pictures that are saved anew.
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/run-cli.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { solid, writeFiles } from '../support/pictures.ts';

const DUPLICATES =
  'query($kind: DuplicateKind!, $n: Int! = 20, $after: String, $f: ImageFilter) { duplicates(kind: $kind, first: $n, after: $after, filter: $f) { totalCount groups { cursor files images { id name } links { a b reason value } } pageInfo { hasNextPage endCursor } } }';

interface Group {
  readonly files: string[];
  readonly images: { id: string; name: string }[];
  readonly links: { a: string; b: string; reason: string; value: number }[];
}

/** Blobs of two colours that no other seed gives: a picture with a hash of its own. */
function blobs(seed: number): Sharp {
  const spots = Array.from({ length: 12 }, (_, i) => {
    const at = (step: number) => (seed * 7919 + i * step * 104_729) % 997;
    return `<circle cx="${at(3) % 320}" cy="${at(5) % 240}" r="${20 + (at(7) % 50)}" fill="${i % 2 === 0 ? '#ff0000' : '#0000ff'}"/>`;
  });
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">${spots.join('')}</svg>`))
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 92 });
}

let service: TestApp;
const ask = async (variables: object) => (await service.query(DUPLICATES, { ...variables })).data.duplicates;
const namesOf = ({ images }: Group) => images.map(({ name }) => name).sort();

beforeAll(async () => {
  service = await startTestApp();
  const one = await blobs(1).toBuffer();
  const other = await blobs(2).toBuffer();
  await writeFiles(join(service.directory, 'pictures'), {
    'one.jpg': one,
    'copies/one.jpg': one,
    'one small.webp': await sharp(one).resize(160).webp({ quality: 60 }).toBuffer(),
    'one worse.jpg': await sharp(one).jpeg({ quality: 30 }).toBuffer(),
    'other.jpg': other,
    'other mirrored.png': await sharp(other).flop().png().toBuffer(),
    'third.jpg': await blobs(3).toBuffer(),
    'plain.png': await solid('red'),
    'plain too.png': await solid('green'),
  });
  await service.index(join(service.directory, 'pictures'));
});
afterAll(() => service.stop());

describe('duplicates', () => {
  it('finds the same bytes in several files', async () => {
    const { groups, totalCount } = await ask({ kind: 'IDENTICAL' });
    expect(totalCount).toBe(1);
    expect(groups[0].images).toHaveLength(1);
    expect(groups[0].files.map((path: string) => path.slice(service.directory.length)).sort()).toEqual([
      '/pictures/copies/one.jpg',
      '/pictures/one.jpg',
    ]);
    expect(groups[0].links).toMatchObject([{ reason: 'BYTES', value: 0 }]);
  });

  it('finds a photograph that was scaled, saved anew or mirrored, with the reasons, and leaves plain pictures alone', async () => {
    const { groups } = await ask({ kind: 'SAME_PHOTO' });
    expect(groups.map(namesOf)).toEqual([
      ['one small.webp', 'one worse.jpg', 'one.jpg'],
      ['other mirrored.png', 'other.jpg'],
    ]);
    const reasons = (group: Group) => new Set(group.links.map(({ reason }) => reason));
    expect(reasons(groups[0])).toEqual(new Set(['BYTES', 'HASH']));
    expect(reasons(groups[1])).toEqual(new Set(['MIRRORED_HASH']));
  });

  it('goes through the groups page by page, and refuses a foreign cursor', async () => {
    const first = await ask({ kind: 'SAME_PHOTO', n: 1 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await ask({ kind: 'SAME_PHOTO', n: 1, after: first.pageInfo.endCursor });
    expect(second.groups.map(namesOf)).toEqual([['other mirrored.png', 'other.jpg']]);
    expect(second.pageInfo.hasNextPage).toBe(false);
    const { errors } = await service.query(DUPLICATES, { kind: 'SAME_PHOTO', after: 'nonsense' });
    expect(errors?.[0]?.extensions.code).toBe('BAD_CURSOR');
  });

  it('looks only among pictures that pass the filter', async () => {
    const { groups } = await ask({ kind: 'SAME_PHOTO', f: { minWidth: 200 } });
    expect(groups.map(namesOf)[0]).toEqual(['one worse.jpg', 'one.jpg']);
  });

  it('remembers what a person has told apart', async () => {
    const mark = 'mutation($ids: [ID!]!) { markNotDuplicates(ids: $ids) { pairs } }';
    const before = await ask({ kind: 'SAME_PHOTO' });
    const ids = before.groups[1].images.map(({ id }: { id: string }) => id);
    expect((await service.query(mark, { ids })).data.markNotDuplicates.pairs).toBe(1);
    expect((await service.query(mark, { ids })).data.markNotDuplicates.pairs).toBe(0);
    const after = await ask({ kind: 'SAME_PHOTO' });
    expect(after.groups.map(namesOf)).toEqual([['one small.webp', 'one worse.jpg', 'one.jpg']]);
    expect((await service.query(mark, { ids: [ids[0]] })).errors?.[0]?.extensions.code).toBe('BAD_ARGUMENT');
    expect((await service.query(mark, { ids: [ids[0], '999999'] })).errors?.[0]?.extensions.code).toBe(
      'IMAGE_NOT_FOUND',
    );
  });
});

describe('semblance duplicates --not', () => {
  const notDuplicates = (...ids: string[]) =>
    runCli(['duplicates', '--not', ...ids, '--data', join(service.directory, 'data'), '--log', 'silent']);

  it('remembers for the service that runs on the same library', async () => {
    const { groups } = await ask({ kind: 'SAME_PHOTO' });
    const ids = groups[0].images.map(({ id }: { id: string }) => id);
    expect(ids).toHaveLength(3);
    expect(await notDuplicates(...ids)).toBe(0);
    const after = await ask({ kind: 'SAME_PHOTO' });
    expect(after.groups.map(namesOf)).toEqual([['one.jpg']]);
  });

  it('refuses what is no id', async () => {
    expect(await notDuplicates('1', 'cat.jpg')).toBe(3);
  });
});
