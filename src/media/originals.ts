// Pictures that were sent and lie in no folder of the user's: kept under the data directory by their sha-256.
// Never touches a file outside that directory.
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import { extensionOf, isPictureFormat } from './formats.ts';
import { shardedPath } from './sharded-files.ts';

export class OriginalStore {
  readonly #directory: string;

  constructor({ directory }: { readonly directory: string }) {
    this.#directory = resolve(directory);
  }

  /**
   * Keeps the bytes and returns their absolute path; bytes that are kept already are not written again.
   * `format` as `readPicture` names it. Throws STORAGE_FAILED.
   */
  async put(sha256: string, format: string, bytes: Uint8Array): Promise<string> {
    const path = shardedPath(this.#directory, sha256, isPictureFormat(format) ? extensionOf(format) : '');
    if ((await sizeOf(path)) === bytes.byteLength) return path;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, [bytes]);
    } catch (cause) {
      throw new AppError(
        'STORAGE_FAILED',
        `The uploaded picture could not be written to "${path}" (${reasonOf(cause)}). Free some space or check the folder's permissions.`,
        { cause },
      );
    }
    return path;
  }

  /** Deletes a file of this store, and returns whether the path was one. Other paths are the user's own and stay. */
  async remove(path: string): Promise<boolean> {
    const inside = relative(this.#directory, resolve(path));
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return false;
    try {
      await rm(path, { force: true });
    } catch (cause) {
      throw new AppError(
        'STORAGE_FAILED',
        `The uploaded picture "${path}" could not be deleted (${reasonOf(cause)}).`,
        { cause },
      );
    }
    return true;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
