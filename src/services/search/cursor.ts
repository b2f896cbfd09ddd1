// Cursors of search answers: they name the last hit by score and id, and the query they belong to, so that a page
// behind them neither repeats nor skips when pictures come or go in between.
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { ImageId } from '../../core/views.ts';

export interface Position {
  readonly score: number;
  readonly imageId: ImageId;
}

/** Opaque text that `readCursor` reads back for the same query only. */
export function writeCursor(queryKey: string, position: Position): string {
  const plain = JSON.stringify([hash(queryKey), position.score, position.imageId]);
  return Buffer.from(plain).toString('base64url');
}

/** Throws BAD_CURSOR for anything that `writeCursor` did not make for this query. */
export function readCursor(queryKey: string, cursor: string): Position {
  const [key, score, imageId] = parse(cursor);
  if (key !== hash(queryKey) || typeof score !== 'number' || typeof imageId !== 'number') {
    throw new AppError(
      'BAD_CURSOR',
      'The cursor belongs to another query. Send it with the query that returned it, or start without `after`.',
    );
  }
  return { score, imageId: imageId as ImageId };
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
