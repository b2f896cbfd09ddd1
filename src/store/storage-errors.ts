// What a failing disk or database file means to the person who runs the service. Knows the driver's codes, no table.
import { AppError } from '../core/errors.ts';

const FULL = 'The disk is full; nothing of this change was kept. Free some space and try again; searches still work.';
const CANNOT_OPEN = 'The catalog cannot be opened. Check that its folder exists and that this user may write there.';

/** By the beginning of SQLite's code (https://www.sqlite.org/rescode.html); the first match counts. */
const REMEDIES: readonly (readonly [prefix: string, remedy: string])[] = [
  ['SQLITE_FULL', FULL],
  ['SQLITE_READONLY', 'The catalog cannot be written. Check who owns the file and its folder; searches still work.'],
  ['SQLITE_CANTOPEN', CANNOT_OPEN],
  ['SQLITE_CORRUPT', damaged('is damaged')],
  ['SQLITE_NOTADB', damaged('is no SQLite database, or its beginning was overwritten')],
  ['SQLITE_BUSY', 'Another process kept the catalog locked. Wait until it has finished, or stop it, and try again.'],
  ['SQLITE_IOERR', 'The disk failed to read or write. Check the disk and its free space, and try again.'],
  // Of the file system, where the catalog's folder is made: EACCES, ENOTDIR, EROFS and the like.
  ['ENOSPC', FULL],
  ['E', CANNOT_OPEN],
];

/** STORAGE_FAILED with what to do; an AppError stays as it is. `path` is where the catalog lies. Never throws. */
export function toStorageError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = sqliteCode(error);
  const remedy = REMEDIES.find(([prefix]) => code.startsWith(prefix))?.[1];
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The catalog ${path} failed (${code}: ${reason}). ${remedy ?? 'The log names the cause.'}`;
  return new AppError('STORAGE_FAILED', message, { cause: error, details: { reason: code } });
}

function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && code !== '') return code;
  // The driver's constructor names only the number, at the end: `...: 14`. It opens lazily, so 14 is all it meets.
  return error instanceof Error && error.message.startsWith('ConnectionFailed') ? 'SQLITE_CANTOPEN' : 'UNKNOWN';
}

function damaged(how: string): string {
  return `The file ${how}. Stop the service, restore a copy or move the file away (with its -wal and -shm), and index again.`;
}
