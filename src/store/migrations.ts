// The shape of the catalog, version by version. A migration that was released is never edited: add the next one.
import { AppError } from '../core/errors.ts';
import { VIEWS_PER_IMAGE } from '../core/views.ts';
import type { Connection } from './connection.ts';

interface Migration {
  /** PRAGMA user_version afterwards: 1, 2, 3 ... */
  readonly version: number;
  readonly sql: string;
}

/** Marks the file as ours (PRAGMA application_id): the letters SEMB. */
const APPLICATION_ID = 0x53454d42;

const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      PRAGMA application_id = ${APPLICATION_ID};

      -- Names what computed tags were made with; a picture points at one.
      CREATE TABLE tag_versions (
        id INTEGER PRIMARY KEY,
        version TEXT NOT NULL UNIQUE
      ) STRICT;

      -- AUTOINCREMENT: an id is never given out again, so an index that is behind cannot show the wrong picture.
      -- Times are milliseconds since 1970, UTC.
      CREATE TABLE images (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        perceptual_hash TEXT NOT NULL,
        placeholder BLOB NOT NULL,
        name TEXT NOT NULL,
        folded_name TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        format TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        taken_at INTEGER,
        added_at INTEGER NOT NULL,
        tag_version_id INTEGER NOT NULL REFERENCES tag_versions (id)
      ) STRICT;
      CREATE INDEX images_by_name ON images (folded_name);
      CREATE INDEX images_by_bytes ON images (bytes);
      CREATE INDEX images_by_taken ON images (taken_at);
      CREATE INDEX images_by_added ON images (added_at);
      CREATE INDEX images_by_tag_version ON images (tag_version_id);

      -- REAL: file systems give fractions of a millisecond.
      CREATE TABLE files (
        path TEXT PRIMARY KEY,
        image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        modified_at REAL NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX files_by_image ON files (image_id);

      -- AUTOINCREMENT: a scan that is under way when its model is dropped must not go on in another model.
      CREATE TABLE models (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint TEXT NOT NULL UNIQUE,
        dimension INTEGER NOT NULL
      ) STRICT;

      -- Little-endian Float32. With a rowid, for rows of a kilobyte and more do not fit the pages of a key's tree.
      CREATE TABLE vectors (
        model_id INTEGER NOT NULL REFERENCES models (id),
        label INTEGER NOT NULL,
        vector BLOB NOT NULL,
        UNIQUE (model_id, label)
      ) STRICT;
      CREATE TRIGGER vectors_go_with_their_image AFTER DELETE ON images BEGIN
        DELETE FROM vectors WHERE model_id IN (SELECT id FROM models)
          AND label BETWEEN OLD.id * ${VIEWS_PER_IMAGE} AND OLD.id * ${VIEWS_PER_IMAGE} + ${VIEWS_PER_IMAGE - 1};
      END;

      -- One row for each tag whatever its case, spelled as it came first.
      CREATE TABLE tags (
        id INTEGER PRIMARY KEY,
        folded TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
      ) STRICT;

      -- source: 0 the user, 1 the model. spelling: null where it is the tag's own name.
      CREATE TABLE image_tags (
        image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
        source INTEGER NOT NULL CHECK (source IN (0, 1)),
        position INTEGER NOT NULL,
        tag_id INTEGER NOT NULL REFERENCES tags (id),
        spelling TEXT,
        score REAL NOT NULL,
        PRIMARY KEY (image_id, source, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX image_tags_by_tag ON image_tags (tag_id, image_id);

      CREATE TABLE folders (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE
      ) STRICT;

      CREATE TABLE artifacts (
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL
      ) STRICT;
    `,
  },
];

/** The version that this program reads and writes. */
export const CATALOG_VERSION = MIGRATIONS.length;

/**
 * Brings the catalog to CATALOG_VERSION, one transaction a step; a current one is only read. Two processes may do it
 * at once. Throws STORAGE_FAILED for a catalog of a newer program and for a database that is not a catalog.
 */
export function migrate(connection: Connection): void {
  assertOurs(connection);
  if (versionOf(connection) === CATALOG_VERSION) return;
  for (const { version, sql } of MIGRATIONS) {
    connection.transaction(() => {
      if (versionOf(connection) >= version) return;
      connection.exec(sql);
      connection.pragma(`user_version = ${version}`);
    });
  }
}

function versionOf(connection: Connection): number {
  return Number(connection.pragma('user_version'));
}

function assertOurs(connection: Connection): void {
  const version = versionOf(connection);
  // Tables without a version: not made by the migrations above.
  const tables = connection.get<[number]>('SELECT count(*) FROM sqlite_schema')?.[0] ?? 0;
  if (version === 0 && tables === 0) return;
  const { path } = connection;
  if (connection.pragma('application_id') !== APPLICATION_ID) {
    throw new AppError(
      'STORAGE_FAILED',
      `Expected a catalog at ${path}, found another program's database. Choose another data folder.`,
    );
  }
  if (version > CATALOG_VERSION) {
    throw new AppError(
      'STORAGE_FAILED',
      `The catalog ${path} has version ${version}; this program knows versions up to ${CATALOG_VERSION}. ` +
        'Use the newer program that wrote it, or choose another data folder.',
    );
  }
}
