// One page of pictures in an order: keyset pagination, so that page 1,000 costs what page 1 does, and what is added or
// removed meanwhile moves nothing that was not read yet.
import { AppError } from '../core/errors.ts';
import type { ImageId } from '../core/views.ts';
import type { ImageOrder, ImagePage, ListQuery } from './catalog.ts';
import type { Connection } from './connection.ts';
import { both, filterCondition, type SqlCondition } from './filter-sql.ts';
import { IMAGE_COLUMNS, type ImageRow, toRecord } from './images-table.ts';

const MAX_PAGE = 1000;

const KEY_COLUMNS = {
  ADDED: 'images.added_at',
  TAKEN: 'images.taken_at',
  NAME: 'images.folded_name',
  BYTES: 'images.bytes',
} as const satisfies Record<ImageOrder, string>;

/** Where the page before ended: the sort key (null: among pictures without one) and the id, which breaks ties. */
interface Position {
  readonly key: string | number | null;
  readonly id: ImageId;
}

/** Throws BAD_ARGUMENT for a limit outside 1..1000 and BAD_CURSOR where `after` is gone. */
export function readPage(connection: Connection, query: ListQuery): ImagePage {
  const { limit } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new AppError(
      'BAD_ARGUMENT',
      `A page expects a limit of 1 to ${MAX_PAGE}, got ${limit}. Ask for fewer at a time.`,
    );
  }
  const after = query.after === undefined ? undefined : positionOf(connection, query.order, query.after);
  // One more than asked, to know whether there is more.
  const rows = after?.key === null ? [] : readKeyed(connection, query, after, limit + 1);
  // Pictures without the key come behind all others in both directions. Only TAKEN has such.
  if (query.order === 'TAKEN' && rows.length <= limit) {
    rows.push(...readKeyless(connection, query, after?.key === null ? after.id : undefined, limit + 1 - rows.length));
  }
  return { images: rows.slice(0, limit).map(toRecord), hasMore: rows.length > limit };
}

function positionOf(connection: Connection, order: ImageOrder, id: ImageId): Position {
  const row = connection.get<[Position['key']]>(`SELECT ${KEY_COLUMNS[order]} FROM images WHERE id = ?`, [id]);
  if (row === undefined) {
    throw new AppError('BAD_CURSOR', `The picture ${id}, behind which the list should go on, is gone. Start it again.`);
  }
  return { key: row[0], id };
}

function readKeyed(connection: Connection, query: ListQuery, after: Position | undefined, limit: number): ImageRow[] {
  const column = KEY_COLUMNS[query.order];
  const conditions: SqlCondition[] = [filterCondition(query.filter), { sql: `${column} IS NOT NULL`, parameters: [] }];
  if (after !== undefined) {
    const sql = `(${column}, images.id) ${query.descending ? '<' : '>'} (?, ?)`;
    conditions.push({ sql, parameters: [after.key, after.id] });
  }
  return readRows(connection, both(...conditions), [column, 'images.id'], query.descending, limit);
}

function readKeyless(connection: Connection, query: ListQuery, after: ImageId | undefined, limit: number): ImageRow[] {
  const conditions: SqlCondition[] = [
    filterCondition(query.filter),
    { sql: `${KEY_COLUMNS[query.order]} IS NULL`, parameters: [] },
  ];
  if (after !== undefined) conditions.push({ sql: `images.id ${query.descending ? '<' : '>'} ?`, parameters: [after] });
  return readRows(connection, both(...conditions), ['images.id'], query.descending, limit);
}

function readRows(
  connection: Connection,
  condition: SqlCondition,
  columns: readonly string[],
  descending: boolean,
  limit: number,
): ImageRow[] {
  const order = columns.map((column) => `${column} ${descending ? 'DESC' : 'ASC'}`).join(', ');
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images WHERE ${condition.sql} ORDER BY ${order} LIMIT ?`;
  return connection.all<ImageRow>(sql, [...condition.parameters, limit]);
}
