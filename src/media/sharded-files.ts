// Files named by a picture's sha-256, spread over 256 folders by its first two digits. Shared by the stores of
// thumbnails and originals; knows nothing of what the files hold.
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';

/**
 * `directory/ab/abcd...-suffix`. Throws INTERNAL for anything but 64 lower-case hex digits, so that no name can
 * lead out of the directory.
 */
export function shardedPath(directory: string, sha256: string, suffix: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new AppError('INTERNAL', `A stored file is named by 64 hex digits of sha-256, got "${sha256.slice(0, 80)}".`);
  }
  return join(directory, sha256.slice(0, 2), `${sha256}${suffix}`);
}
