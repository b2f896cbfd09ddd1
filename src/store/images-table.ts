// SQL of pictures: the record itself, by id or content. Listing lives in image-listing.ts.
import { AppError } from '../core/errors.ts';
import { type ImageId, MAX_IMAGE_ID } from '../core/views.ts';
import type { ImageFilter, ImageRecord, NewPicture } from './catalog.ts';
import { type Connection, jsonList } from './connection.ts';
import { filterCondition } from './filter-sql.ts';
import { foldText } from './fold-text.ts';

/** The columns that `toRecord` reads, in its order. */
export const IMAGE_COLUMNS = `images.id, images.sha256, images.perceptual_hash, images.placeholder, images.name,
  images.bytes, images.format, images.width, images.height, images.taken_at, images.added_at`;

export type ImageRow = readonly [
  id: number,
  sha256: string,
  perceptualHash: string,
  placeholder: Buffer,
  name: string,
  bytes: number,
  format: string,
  width: number,
  height: number,
  takenAt: number | null,
  addedAt: number,
];

export function toRecord(row: ImageRow): ImageRecord {
  const [id, sha256, perceptualHash, placeholder, name, bytes, format, width, height, takenAt, addedAt] = row;
  return {
    id: id as ImageId,
    sha256,
    perceptualHash,
    placeholder: new Uint8Array(placeholder),
    name,
    bytes,
    format,
    width,
    height,
    takenAt: takenAt === null ? null : new Date(takenAt),
    addedAt: new Date(addedAt),
  };
}

/** The id of a picture with these bytes, or undefined. */
export function findImage(connection: Connection, sha256: string): ImageId | undefined {
  return connection.get<[ImageId]>('SELECT id FROM images WHERE sha256 = ?', [sha256])?.[0];
}

export function hasImage(connection: Connection, id: ImageId): boolean {
  return connection.get('SELECT 1 FROM images WHERE id = ?', [id]) !== undefined;
}

/** Throws STORAGE_FAILED where no id is left; the caller's transaction must then roll back. */
export function insertImage(connection: Connection, picture: NewPicture, tagVersionId: number, addedAt: Date): ImageId {
  const { sha256, perceptualHash, placeholder, format, width, height, takenAt, file } = picture;
  const sql = `INSERT INTO images (sha256, perceptual_hash, placeholder, name, folded_name, bytes, format, width, height,
    taken_at, added_at, tag_version_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`;
  const row = connection.get<[ImageId]>(sql, [
    ...[sha256, perceptualHash, placeholder, file.name, foldText(file.name), file.bytes, format, width, height],
    ...[takenAt?.getTime() ?? null, addedAt.getTime(), tagVersionId],
  ]);
  const id = row?.[0];
  if (id === undefined || id > MAX_IMAGE_ID) {
    throw new AppError(
      'STORAGE_FAILED',
      `A catalog gives out ${MAX_IMAGE_ID} ids in its life, and all are used. Start a new data folder and index again.`,
    );
  }
  return id;
}

/** Records in the order asked. */
export function readImages(connection: Connection, ids: readonly ImageId[]): (ImageRecord | undefined)[] {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images WHERE id IN (SELECT value FROM json_each(?))`;
  const found = new Map(connection.all<ImageRow>(sql, [jsonList(ids)]).map((row) => [row[0], toRecord(row)]));
  return ids.map((id) => found.get(id));
}

export function readIdsBySha256(connection: Connection, hashes: readonly string[]): Map<string, ImageId> {
  const sql = 'SELECT sha256, id FROM images WHERE sha256 IN (SELECT value FROM json_each(?))';
  return new Map(connection.all<[string, ImageId]>(sql, [jsonList(hashes)]));
}

export function countMatching(connection: Connection, filter: ImageFilter): number {
  const { sql, parameters } = filterCondition(filter);
  return connection.get<[number]>(`SELECT count(*) FROM images WHERE ${sql}`, parameters)?.[0] ?? 0;
}

/** Ids that pass, ascending. */
export function readIdsMatching(
  connection: Connection,
  filter: ImageFilter,
  limit = Number.MAX_SAFE_INTEGER,
): ImageId[] {
  const { sql, parameters } = filterCondition(filter);
  const query = `SELECT images.id AS value FROM images WHERE ${sql} ORDER BY images.id LIMIT ?`;
  return connection.integers<ImageId>(query, [...parameters, limit]);
}

/** Deletes pictures; files, tags and vectors go with them. Returns how many existed. */
export function deleteImages(connection: Connection, ids: readonly ImageId[]): number {
  return connection.run('DELETE FROM images WHERE id IN (SELECT value FROM json_each(?))', [jsonList(ids)]);
}
