// Small pictures for pages, made at the first view and kept on disk. They cost more than the whole ingest of a
// picture, and most are never looked at. The folder is a cache: it may be deleted at any time.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../core/files.ts';
import type { Logger } from '../core/logger.ts';
import { encodeWebp } from './reencode.ts';
import { shardedPath } from './sharded-files.ts';
import { Slots } from './slots.ts';

/** SMALL: longest side 320 pixels, for grids. LARGE: 1280, for one picture on a screen. */
export type ThumbnailSize = 'SMALL' | 'LARGE';

const SIZES: Readonly<
  Record<ThumbnailSize, { readonly longestSide: number; readonly quality: number; readonly suffix: string }>
> = {
  SMALL: { longestSide: 320, quality: 78, suffix: '-small.webp' },
  LARGE: { longestSide: 1280, quality: 82, suffix: '-large.webp' },
};

interface Deps {
  readonly directory: string;
  /** How many are made at the same time; the rest of a page waits, so that searches stay quick. Default 2. */
  readonly parallel?: number;
  readonly logger?: Logger;
}

export class ThumbnailStore {
  readonly #directory: string;
  readonly #logger: Logger | undefined;
  readonly #slots: Slots;
  readonly #asked = new Map<string, Promise<Uint8Array>>();

  constructor({ directory, parallel = 2, logger }: Deps) {
    this.#directory = directory;
    this.#logger = logger;
    this.#slots = new Slots(parallel);
  }

  /**
   * The thumbnail as WebP: upright, sRGB, never enlarged, without metadata. `read` brings the original and is called
   * only where none is kept yet, once for all who ask meanwhile. Throws what `read` throws, and NOT_A_PICTURE,
   * PICTURE_TOO_LARGE or PICTURE_BROKEN. A disk that refuses the write costs the next viewer time, not this one the picture.
   */
  async get(sha256: string, size: ThumbnailSize, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const path = shardedPath(this.#directory, sha256, SIZES[size].suffix);
    const underWay = this.#asked.get(path);
    if (underWay !== undefined) return underWay;
    const answer = this.#readOrMake(path, size, read).finally(() => this.#asked.delete(path));
    this.#asked.set(path, answer);
    return answer;
  }

  /** Forgets both sizes of a picture; one that is being made is waited for. */
  async remove(sha256: string): Promise<void> {
    const paths = Object.values(SIZES).map(({ suffix }) => shardedPath(this.#directory, sha256, suffix));
    await Promise.allSettled(paths.map((path) => this.#asked.get(path)));
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  }

  async #readOrMake(path: string, size: ThumbnailSize, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    return (await readIfThere(path)) ?? this.#slots.run(() => this.#make(path, size, read));
  }

  async #make(path: string, size: ThumbnailSize, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const thumbnail = await encodeWebp(await read(), SIZES[size]);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, [thumbnail]);
    } catch (error) {
      this.#logger?.warn({ error, path }, 'a thumbnail could not be kept; it will be made again at the next view');
    }
    return thumbnail;
  }
}

/** Anything that keeps the file from being read only means that it is made again. */
async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch(() => undefined);
}
