// SQL of the places where pictures lie, and of the folders that the user asked to index.
import { sep } from 'node:path';
import type { ImageId } from '../core/views.ts';
import type { FileInFolder, FileRecord } from './catalog.ts';
import { type Connection, jsonList } from './connection.ts';
import { folderCondition } from './filter-sql.ts';

export type LinkedFile = FileRecord & { readonly imageId: ImageId };
type FileRow = readonly [path: string, name: string, bytes: number, modifiedAtMs: number, imageId: ImageId];

const COLUMNS = 'files.path, files.name, files.bytes, files.modified_at, files.image_id';

/** Files at or below the folder, by path, at most `limit`, beginning with the path `from` where one is given. */
export function readFilesUnder(connection: Connection, folder: string, limit: number, from?: string): LinkedFile[] {
  const { sql, parameters } = folderCondition(folder, from);
  const query = `SELECT ${COLUMNS} FROM files WHERE ${sql} ORDER BY files.path LIMIT ?`;
  return connection.all<FileRow>(query, [...parameters, limit]).map(toFile);
}

/** Files in this very folder, by path, at most `limit`, behind the name `after` where one is given. */
export function readFilesIn(connection: Connection, folder: string, limit: number, after = ''): FileInFolder[] {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  const end = start.slice(0, -sep.length) + String.fromCharCode(sep.charCodeAt(0) + 1);
  // Two rows of JSON instead of a row for each file: the driver takes longer for a row than the database for the file.
  const sql = `SELECT json_group_array(name), json_group_array(image_id) FROM (
    SELECT substr(path, ?) AS name, image_id FROM files
    WHERE path > ? AND path < ? AND instr(substr(path, ?), ?) = 0 ORDER BY path LIMIT ?)`;
  const nameAt = [...start].length + 1;
  const row = connection.get<[string, string]>(sql, [nameAt, start + after, end, nameAt, sep, limit]);
  const [names, ids] = (row ?? ['[]', '[]']).map((list) => JSON.parse(list)) as [string[], ImageId[]];
  return names.map((name, i) => ({ name, imageId: ids[i] as ImageId }));
}

/** By path. */
export function readFilesOf(connection: Connection, id: ImageId): FileRecord[] {
  const rows = connection.all<FileRow>(`SELECT ${COLUMNS} FROM files WHERE image_id = ? ORDER BY path`, [id]);
  return rows.map(([path, name, bytes, modifiedAtMs]) => ({ path, name, bytes, modifiedAtMs }));
}

/** Points the path at the picture, whatever it held before. A picture that is gone is passed over. */
export function putFile(
  connection: Connection,
  { path, name, bytes, modifiedAtMs }: FileRecord,
  imageId: ImageId,
): void {
  const sql = `INSERT INTO files (path, image_id, name, bytes, modified_at)
    SELECT ?, id, ?, ?, ? FROM images WHERE id = ?
    ON CONFLICT (path) DO UPDATE SET image_id = excluded.image_id, name = excluded.name,
      bytes = excluded.bytes, modified_at = excluded.modified_at`;
  connection.run(sql, [path, name, bytes, modifiedAtMs, imageId]);
}

/** Forgets the paths and removes the pictures that are left without any. Returns those, ascending. */
export function deleteFiles(connection: Connection, paths: readonly string[]): ImageId[] {
  const unlinked = connection.all<[ImageId]>(
    'DELETE FROM files WHERE path IN (SELECT value FROM json_each(?)) RETURNING image_id',
    [jsonList(paths)],
  );
  const removed = connection.all<[ImageId]>(
    `DELETE FROM images WHERE id IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (SELECT 1 FROM files WHERE files.image_id = images.id) RETURNING id`,
    [jsonList(unlinked.map(([id]) => id))],
  );
  return removed.map(([id]) => id).sort((a, b) => a - b);
}

export function insertFolder(connection: Connection, path: string): void {
  connection.run('INSERT INTO folders (path) VALUES (?) ON CONFLICT DO NOTHING', [path]);
}

/** In the order in which they were remembered. */
export function readFolders(connection: Connection): string[] {
  return connection.all<[string]>('SELECT path FROM folders ORDER BY id').map(([path]) => path);
}

function toFile([path, name, bytes, modifiedAtMs, imageId]: FileRow): LinkedFile {
  return { path, name, bytes, modifiedAtMs, imageId };
}
