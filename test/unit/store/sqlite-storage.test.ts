// What the SQLite catalog does with files that are new, old, foreign, newer, damaged, full, read-only or locked.
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImageId, labelOf, MAX_IMAGE_ID, WHOLE } from '../../../src/core/views.ts';
import { Connection } from '../../../src/store/connection.ts';
import { CATALOG_VERSION, migrate } from '../../../src/store/migrations.ts';
import { openSqliteCatalog, SqliteCatalog } from '../../../src/store/sqlite-catalog.ts';
import { MODEL, newPicture, TAG_VERSION, vectorOf } from '../../contract/catalog-pictures.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'semblance-storage-'));
  path = join(folder, 'catalog.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the file with the driver alone, as another program would. */
function withDatabase<Result>(use: (database: Database.Database) => Result): Result {
  const database = new Database(path);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

async function makeCatalog(count = 1): Promise<ImageId[]> {
  const catalog = openSqliteCatalog({ path });
  const pictures = Array.from({ length: count }, (_, i) => newPicture(i));
  const ids = await catalog.addPictures(MODEL, TAG_VERSION, pictures);
  await catalog.close();
  return ids;
}

const failsWith = (words: RegExp) =>
  expect.objectContaining({ code: 'STORAGE_FAILED', message: expect.stringMatching(words) });

/** What `work` throws or rejects with. */
async function failureOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('opening a catalog', () => {
  it('writes through to the disk, checks references, waits for locks and keeps large pages', () => {
    const connection = new Connection(path);
    migrate(connection);
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'page_size', 'user_version'];
    const found = names.map((name) => connection.pragma(name));
    expect(found).toEqual(['wal', 2, 1, 5000, 16_384, CATALOG_VERSION]);
    connection.close();
  });

  it('brings an empty database of version 0 to the current version, and a second time changes nothing', async () => {
    writeFileSync(path, '');
    await makeCatalog();
    const before = readFileSync(path);
    const catalog = openSqliteCatalog({ path });
    expect(await catalog.countImages({})).toBe(1);
    await catalog.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('begins again after a migration that failed half-way', async () => {
    const connection = new Connection(path);
    const failing = () =>
      connection.transaction(() => {
        connection.exec('PRAGMA application_id = 5; CREATE TABLE images (id)');
        throw new Error('cut off');
      });
    expect(failing).toThrow('cut off');
    migrate(connection);
    expect(connection.pragma('user_version')).toBe(CATALOG_VERSION);
    connection.close();
  });

  it('refuses a catalog of a newer program, and leaves it as it is', async () => {
    await makeCatalog();
    withDatabase((database) => database.exec(`PRAGMA user_version = ${CATALOG_VERSION + 1}`));
    const error = await failureOf(() => openSqliteCatalog({ path }));
    expect(error).toEqual(failsWith(/version 2; this program knows versions up to 1.*newer program/));
    expect(withDatabase((database) => database.prepare('SELECT count(*) FROM images').raw().get())).toEqual([1]);
  });

  it("refuses another program's database, and leaves it as it is", async () => {
    withDatabase((database) => database.exec('CREATE TABLE images (id); PRAGMA user_version = 1'));
    expect(await failureOf(() => openSqliteCatalog({ path }))).toEqual(failsWith(/another program's database/));
    withDatabase((database) => database.exec('PRAGMA user_version = 0'));
    expect(await failureOf(() => openSqliteCatalog({ path }))).toEqual(failsWith(/another program's database/));
    const tables = withDatabase((database) => database.prepare('SELECT name FROM sqlite_schema').raw().all());
    expect(tables).toEqual([['images']]);
  });

  it('names what to do where it cannot be opened at all', async () => {
    expect(await failureOf(() => openSqliteCatalog({ path: folder }))).toEqual(
      failsWith(/SQLITE_CANTOPEN.*may write there/),
    );
    writeFileSync(path, 'a file, no folder');
    const below = join(path, 'catalog.db');
    expect(await failureOf(() => openSqliteCatalog({ path: below }))).toEqual(
      failsWith(/EEXIST|ENOTDIR.*may write there/),
    );
  });
});

describe('a damaged catalog', () => {
  it('is refused when its beginning is overwritten', async () => {
    writeFileSync(path, Buffer.alloc(32_768, 'x'));
    expect(await failureOf(() => openSqliteCatalog({ path }))).toEqual(failsWith(/no SQLite database.*index again/));
  });

  it('fails with what to do, never with wrong answers, when pages in the middle are overwritten', async () => {
    const ids = await makeCatalog(400);
    const bytes = readFileSync(path);
    const pageBytes = 16_384;
    expect(bytes.length).toBeGreaterThan(10 * pageBytes);
    bytes.fill(0xee, pageBytes, bytes.length);
    writeFileSync(path, bytes);
    const error = await failureOf(async () => {
      const catalog = openSqliteCatalog({ path });
      await catalog
        .getVectors(
          MODEL,
          ids.map((id) => labelOf(id, WHOLE)),
        )
        .finally(() => catalog.close());
    });
    expect(error).toEqual(failsWith(/SQLITE_CORRUPT.*is damaged.*index again/));
  });

  it('is not mistaken for one whose log was left by a crash', async () => {
    const catalog = openSqliteCatalog({ path });
    await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1)]);
    // The files as a crash would leave them: the log is not copied back yet.
    const crashed = join(folder, 'crashed.db');
    for (const end of ['', '-wal']) copyFileSync(path + end, crashed + end);
    await catalog.close();
    const again = openSqliteCatalog({ path: crashed });
    expect(await again.countImages({})).toBe(1);
    await again.close();
  });
});

describe('a disk that refuses writes', () => {
  it('when full, keeps nothing of the batch, says so, and reads go on; with space again, writes do', async () => {
    const connection = new Connection(path);
    migrate(connection);
    const catalog = new SqliteCatalog(connection);
    const [id] = (await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(0)])) as [ImageId];
    const pages = Number(connection.pragma('page_count'));
    connection.pragma(`max_page_count = ${pages + 2}`);
    const batch = Array.from({ length: 300 }, (_, i) => newPicture(i + 1));
    const error = await failureOf(() => catalog.addPictures(MODEL, TAG_VERSION, batch));
    expect(error).toEqual(failsWith(/SQLITE_FULL.*disk is full.*Free some space/));
    expect(await catalog.idsMatching({})).toEqual([id]);
    expect(await catalog.getVectors(MODEL, [labelOf(id, WHOLE)])).toEqual(new Map([[labelOf(id, WHOLE), vectorOf(0)]]));
    expect((await catalog.listImages({ filter: {}, order: 'NAME', descending: true, limit: 9 })).images).toHaveLength(
      1,
    );
    connection.pragma('max_page_count = 1000000');
    expect(await catalog.addPictures(MODEL, TAG_VERSION, batch)).toHaveLength(300);
    await catalog.close();
  });

  it('when read-only, says so, and reads go on', async () => {
    await makeCatalog();
    const connection = new Connection(path);
    connection.pragma('query_only = ON');
    const catalog = new SqliteCatalog(connection);
    expect(await failureOf(() => catalog.putArtifact('key', Uint8Array.of(1)))).toEqual(
      failsWith(/SQLITE_READONLY.*cannot be written/),
    );
    expect(await failureOf(() => catalog.removeImages([1 as ImageId]))).toEqual(failsWith(/SQLITE_READONLY/));
    expect(await catalog.countImages({})).toBe(1);
    await catalog.close();
  });

  it('when another process keeps it locked, says so, and reads go on', async () => {
    await makeCatalog();
    const connection = new Connection(path);
    connection.pragma('busy_timeout = 20');
    const catalog = new SqliteCatalog(connection);
    const other = new Connection(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await failureOf(() => catalog.rememberFolder('/a'))).toEqual(failsWith(/SQLITE_BUSY.*Another process/));
    expect(await failureOf(() => catalog.addPictures(MODEL, TAG_VERSION, []))).toEqual(failsWith(/SQLITE_BUSY/));
    expect(await catalog.countImages({})).toBe(1);
    other.exec('ROLLBACK');
    other.close();
    await catalog.close();
  });
});

describe('a catalog in a file', () => {
  it('leaves an empty log when it is closed', async () => {
    await makeCatalog(100);
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0);
    expect(statSync(path).size).toBeGreaterThan(100_000);
  });

  it('refuses pictures when its ids are used up, and keeps what it has', async () => {
    await makeCatalog();
    withDatabase((database) => database.prepare('UPDATE sqlite_sequence SET seq = ?').run(MAX_IMAGE_ID - 1));
    const catalog = openSqliteCatalog({ path });
    const [last] = await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1)]);
    expect(last).toBe(MAX_IMAGE_ID);
    expect(await catalog.labels(MODEL)).toContain(labelOf(MAX_IMAGE_ID as ImageId, WHOLE));
    expect(await failureOf(() => catalog.addPictures(MODEL, TAG_VERSION, [newPicture(2)]))).toEqual(
      failsWith(/all are used/),
    );
    expect(await catalog.countImages({})).toBe(2);
    await catalog.close();
  });
});
