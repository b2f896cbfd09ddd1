// SQL of tags: users' own and computed ones, and the version that the computed ones are of. Compared without case,
// returned as they were written.
import type { ImageId } from '../core/views.ts';
import type { StoredTag, TagVersion } from './catalog.ts';
import { type Connection, jsonList } from './connection.ts';
import { foldText } from './fold-text.ts';

type TagSource = StoredTag['source'];

const SOURCE_NUMBERS = { USER: 0, MODEL: 1 } as const satisfies Record<TagSource, number>;

/** The number of a version, which its first use introduces. */
export function putTagVersion(connection: Connection, version: TagVersion): number {
  connection.run('INSERT INTO tag_versions (version) VALUES (?) ON CONFLICT DO NOTHING', [version]);
  return connection.get<[number]>('SELECT id FROM tag_versions WHERE version = ?', [version])?.[0] ?? 0;
}

/** Marks the picture's computed tags with the version. False where the picture is gone. */
export function markTagVersion(connection: Connection, id: ImageId, tagVersionId: number): boolean {
  return connection.run('UPDATE images SET tag_version_id = ? WHERE id = ?', [tagVersionId, id]) > 0;
}

/** Replaces the tags of one source, best first; those of the other source in the list are passed over. */
export function replaceTags(connection: Connection, id: ImageId, source: TagSource, tags: readonly StoredTag[]): void {
  connection.run('DELETE FROM image_tags WHERE image_id = ? AND source = ?', [id, SOURCE_NUMBERS[source]]);
  const sql = `INSERT INTO image_tags (image_id, source, position, tag_id, spelling, score)
    SELECT ?, ?, ?, tags.id, nullif(?, tags.name), ? FROM tags WHERE tags.folded = ?`;
  clean(tags.filter((tag) => tag.source === source)).forEach(({ name, score }, position) => {
    const folded = foldText(name);
    const put = () => connection.run(sql, [id, SOURCE_NUMBERS[source], position, name, score, folded]);
    // Nearly every tag is known; asking first would double the statements of a batch.
    if (put() > 0) return;
    connection.run('INSERT INTO tags (folded, name) VALUES (?, ?)', [folded, name]);
    put();
  });
}

/** Best first, users' tags before computed ones. Pictures without tags are absent. */
export function readTags(connection: Connection, ids: readonly ImageId[]): Map<ImageId, StoredTag[]> {
  const sql = `SELECT image_id, source, coalesce(spelling, tags.name), score
    FROM image_tags JOIN tags ON tags.id = image_tags.tag_id
    WHERE image_id IN (SELECT value FROM json_each(?)) ORDER BY image_id, source, position`;
  const found = new Map<ImageId, StoredTag[]>();
  for (const [id, source, name, score] of connection.all<[ImageId, number, string, number]>(sql, [jsonList(ids)])) {
    const tag: StoredTag = { name, score, source: source === SOURCE_NUMBERS.USER ? 'USER' : 'MODEL' };
    const tags = found.get(id);
    if (tags === undefined) found.set(id, [tag]);
    else tags.push(tag);
  }
  return found;
}

/** Pictures whose computed tags are of another version, ascending. Costs what it returns, not what is there. */
export function readImagesWithStaleTags(connection: Connection, version: TagVersion, limit: number): ImageId[] {
  const others = connection.all<[number]>('SELECT id FROM tag_versions WHERE version <> ?', [version]);
  const sql = 'SELECT id AS value FROM images WHERE tag_version_id = ? ORDER BY id LIMIT ?';
  const stale = others.flatMap(([id]) => connection.integers<ImageId>(sql, [id, limit]));
  return stale.sort((a, b) => a - b).slice(0, limit);
}

/** A picture counts once however many sources name the tag. Most common first, then by name. */
export function readTagCounts(
  connection: Connection,
  limit: number,
): { readonly name: string; readonly count: number }[] {
  // For each tag a walk along the index of (tag_id, image_id); grouping all pairs at once would sort them anew.
  const sql = `SELECT name, images FROM (
      SELECT name, folded, (
        SELECT count(*) FROM (SELECT DISTINCT image_id FROM image_tags WHERE tag_id = tags.id)
      ) AS images FROM tags
    ) WHERE images > 0 ORDER BY images DESC, folded LIMIT ?`;
  return connection.all<[string, number]>(sql, [limit]).map(([name, count]) => ({ name, count }));
}

/** Best first; trimmed, without the empty and without a second of the same word. The driver would cut at a NUL. */
function clean(tags: readonly StoredTag[]): StoredTag[] {
  const byWord = new Map<string, StoredTag>();
  for (const tag of tags.toSorted((a, b) => b.score - a.score)) {
    const name = tag.name.replaceAll('\0', ' ').trim();
    const word = foldText(name);
    if (word !== '' && !byWord.has(word)) byWord.set(word, { ...tag, name });
  }
  return [...byWord.values()];
}
