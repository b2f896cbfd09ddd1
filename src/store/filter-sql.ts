// An ImageFilter as SQL. Folders become ranges of paths, never patterns, so `_` and `%` are plain letters.
import { sep } from 'node:path';
import type { ImageFilter } from './catalog.ts';
import { jsonList, type SqlValue } from './connection.ts';
import { foldText } from './fold-text.ts';

/** A condition and its parameters, in the order of its question marks. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

const COMPARISONS = {
  minWidth: 'images.width >= ?',
  maxWidth: 'images.width <= ?',
  minHeight: 'images.height >= ?',
  maxHeight: 'images.height <= ?',
  takenFrom: 'images.taken_at >= ?',
  takenTo: 'images.taken_at <= ?',
  addedFrom: 'images.added_at >= ?',
  addedTo: 'images.added_at <= ?',
} as const satisfies Partial<Record<keyof ImageFilter, string>>;

/** A condition on `images`; a missing date is null in SQL and passes no comparison. */
export function filterCondition(filter: ImageFilter): SqlCondition {
  const conditions: SqlCondition[] = [];
  if (filter.folder !== undefined) {
    const { sql, parameters } = folderCondition(filter.folder);
    conditions.push({ sql: `images.id IN (SELECT files.image_id FROM files WHERE ${sql})`, parameters });
  }
  if (filter.tags !== undefined && filter.tags.length > 0) conditions.push(tagsCondition(filter.tags));
  for (const [key, sql] of Object.entries(COMPARISONS)) {
    const bound = filter[key as keyof typeof COMPARISONS];
    if (bound !== undefined) conditions.push({ sql, parameters: [Number(bound)] });
  }
  return both(...conditions);
}

/**
 * A condition on `files`: the path is the folder (which may be a file) or lies below it; `/` holds everything. One range
 * of the key, from `from` where a page goes on, with what sorts between `/a/b` and `/a/b/` (as `/a/b c`) taken out.
 */
export function folderCondition(folder: string, from?: string): SqlCondition {
  const whole = folder.endsWith(sep) ? folder.slice(0, -sep.length) : folder;
  const end = whole + String.fromCharCode(sep.charCodeAt(0) + 1);
  const sql = 'files.path >= ? AND files.path < ? AND (files.path = ? OR files.path >= ?)';
  return { sql, parameters: [from ?? whole, end, whole, whole + sep] };
}

/** All conditions at once; none passes everything. */
export function both(...conditions: readonly SqlCondition[]): SqlCondition {
  if (conditions.length === 0) return { sql: 'TRUE', parameters: [] };
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

function tagsCondition(tags: readonly string[]): SqlCondition {
  const folded = [...new Set(tags.map((tag) => foldText(tag.trim())))];
  return {
    sql: `images.id IN (
      SELECT image_tags.image_id FROM tags JOIN image_tags ON image_tags.tag_id = tags.id
      WHERE tags.folded IN (SELECT value FROM json_each(?))
      GROUP BY image_tags.image_id HAVING count(DISTINCT tags.id) = ?)`,
    parameters: [jsonList(folded), folded.length],
  };
}
