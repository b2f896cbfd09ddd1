// Takes pictures into the library: folders, single uploads, and out again. Killed at any moment it loses nothing that was
// acknowledged; the next look at the folder goes on where it stopped.
import { resolve, sep } from 'node:path';
import pMap, { pMapIterable } from 'p-map';
import { AppError, toAppError } from '../../core/errors.ts';
import type { ImageId, View } from '../../core/views.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { OriginalStore } from '../../media/originals.ts';
import { countPictureFiles, readFileLimited, type ScannedFile, scanFolder } from '../../media/source.ts';
import type { ThumbnailStore } from '../../media/thumbnails.ts';
import type { Catalog, FileRecord } from '../../store/catalog.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { Job, JobBoard } from '../job-board.ts';
import { inBatches } from './batches.ts';
import type { PictureWriter } from './picture-writer.ts';
import { type PreparedPicture, preparePicture, sha256 } from './prepare-picture.ts';
import type { RemovedPictures } from './removed-pictures.ts';

/** Decoding runs in libvips' own threads, so a few files are in flight while the tower works on the batch before. */
const DECODES_IN_FLIGHT = 4;
const PREPARED_WAITING = 96;
const BATCH = 32;

export interface Upload {
  readonly name: string;
  /** Called once, when the upload's turn comes, so that few are in memory at a time. */
  read(): Promise<Uint8Array>;
}

export interface UploadOutcome {
  readonly name: string;
  readonly imageId?: ImageId;
  readonly alreadyKnown: boolean;
  readonly error?: AppError;
}

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  /** Told of pictures that the catalog has removed. */
  readonly vectors: Pick<ImageVectors, 'forget'>;
  readonly writer: PictureWriter;
  readonly originals: OriginalStore;
  readonly thumbnails: ThumbnailStore;
  readonly removedPictures: RemovedPictures;
  readonly jobs: JobBoard;
  readonly views: readonly View[];
  /** Told when pictures came. */
  readonly onAdded?: () => void;
}

export class IngestService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Starts to look at a folder (or one file) and answers at once with the job. */
  indexFolder(path: string): Job {
    if (path.trim() === '') throw new AppError('BAD_ARGUMENT', '`path` expects a folder or a file, got nothing.');
    return this.#deps.jobs.start('INDEX_FOLDER', (job) => this.#indexFolder(resolve(path), job), resolve(path));
  }

  async #indexFolder(root: string, job: Job): Promise<void> {
    const { catalog } = this.#deps;
    const known = await catalog.filesUnder(root);
    const seen = new Set<string>();
    const unreadable: string[] = [];
    const found = this.#scan(root, job, seen, unreadable);
    const counting = this.#countAhead(root, job);
    const prepared = pMapIterable(found, (file) => this.#prepareFile(file, known.get(file.path), job), {
      concurrency: DECODES_IN_FLIGHT,
      backpressure: PREPARED_WAITING,
    });
    await this.#write(present(prepared), job);
    if (job.added > 0) this.#deps.onAdded?.();
    await counting;
    job.found = seen.size;
    await this.#forgetMissing([...known.keys()], seen, unreadable, job);
  }

  async *#scan(root: string, job: Job, seen: Set<string>, unreadable: string[]): AsyncGenerator<ScannedFile> {
    const onUnreadable = (path: string, error: unknown) => {
      unreadable.push(path);
      job.skip(path, error);
    };
    for await (const file of scanFolder(root, { signal: job.signal, onUnreadable })) {
      // Remembered as soon as it proves readable, so that a run cut short goes on at the next start.
      if (seen.size === 0) await this.#deps.catalog.rememberFolder(root);
      seen.add(file.path);
      yield file;
    }
  }

  /**
   * Walks the folder once more, ahead of the work: the walk that feeds it waits for decoding, so that memory stays
   * bounded, and would know the number of files only at the end.
   */
  async #countAhead(root: string, job: Job): Promise<void> {
    try {
      job.found = await countPictureFiles(root, job.signal);
      job.foundAll = true;
    } catch {
      // The walk that does the work meets the same fault, and reports it.
    }
  }

  /** Undefined where nothing is left to embed: the file is unchanged, its bytes are known, or it was refused. */
  async #prepareFile(
    file: ScannedFile,
    known: (FileRecord & { readonly imageId: ImageId }) | undefined,
    job: Job,
  ): Promise<PreparedPicture | undefined> {
    job.signal.throwIfAborted();
    if (known !== undefined && known.bytes === file.bytes && known.modifiedAtMs === file.modifiedAtMs)
      return this.#countKnown(job);
    try {
      const bytes = await readFileLimited(file.path);
      const hash = sha256(bytes);
      if (this.#deps.removedPictures.has(hash)) return this.#countKnown(job);
      const imageId = (await this.#deps.catalog.findBySha256([hash])).get(hash);
      if (imageId !== undefined) {
        if (known !== undefined && known.imageId !== imageId) await this.#unlink([file.path], job);
        await this.#deps.catalog.linkFiles([{ file, imageId }]);
        return this.#countKnown(job);
      }
      // The path held other bytes before: that picture is gone from here, whatever becomes of the new one.
      if (known !== undefined) await this.#unlink([file.path], job);
      return await preparePicture(bytes, hash, file, this.#deps.embedder.model.pixels, this.#deps.views);
    } catch (error) {
      if (toAppError(error).code === 'STORAGE_FAILED') throw error;
      job.skip(file.path, error);
      return undefined;
    }
  }

  /** Embedding of one batch overlaps with decoding and committing of its neighbors. */
  async #write(prepared: AsyncIterable<PreparedPicture>, job: Job): Promise<void> {
    const { writer } = this.#deps;
    const embedded = pMapIterable(inBatches(prepared, BATCH), (batch) => writer.embed(batch), { concurrency: 2 });
    for await (const pictures of embedded) {
      const written = await writer.commit(pictures);
      const added = written.filter(({ isNew }) => isNew).length;
      job.known += written.length - added;
      job.countAdded(added);
      job.signal.throwIfAborted();
    }
  }

  /** Files that the catalog knows here and the scan did not meet. Folders that could not be read prove nothing. */
  async #forgetMissing(
    known: readonly string[],
    seen: ReadonlySet<string>,
    unreadable: readonly string[],
    job: Job,
  ): Promise<void> {
    const missing = known.filter(
      (path) => !seen.has(path) && !unreadable.some((folder) => path.startsWith(`${folder}${sep}`)),
    );
    if (missing.length > 0) await this.#unlink(missing, job);
  }

  async #unlink(paths: readonly string[], job: Job): Promise<void> {
    const removed = await this.#deps.catalog.unlinkFiles(paths);
    this.#deps.vectors.forget(removed);
    job.removed += removed.length;
    job.changed();
  }

  #countKnown(job: Job): undefined {
    job.known++;
    job.changed();
    return undefined;
  }

  /** Adds pictures that were sent. One outcome each, in order; a refused file does not stop the others. */
  async addPictures(uploads: readonly Upload[]): Promise<UploadOutcome[]> {
    const prepared = await pMap(uploads, (upload) => this.#prepareUpload(upload), { concurrency: DECODES_IN_FLIGHT });
    const fresh = prepared.filter((outcome): outcome is PreparedPicture => 'record' in outcome);
    const written = fresh.length === 0 ? [] : await this.#deps.writer.commit(await this.#deps.writer.embed(fresh));
    if (written.some(({ isNew }) => isNew)) this.#deps.onAdded?.();
    let next = 0;
    return prepared.map((outcome) => {
      if (!('record' in outcome)) return outcome;
      const { imageId, isNew, file } = written[next++] as (typeof written)[number];
      return { name: file.name, imageId, alreadyKnown: !isNew };
    });
  }

  async #prepareUpload({ name, read }: Upload): Promise<PreparedPicture | UploadOutcome> {
    try {
      const bytes = await read();
      const hash = sha256(bytes);
      await this.#deps.removedPictures.takeBack([hash]);
      const imageId = (await this.#deps.catalog.findBySha256([hash])).get(hash);
      if (imageId !== undefined) return { name, imageId, alreadyKnown: true };
      const file = { path: '', name, bytes: bytes.byteLength, modifiedAtMs: Date.now() };
      const picture = await preparePicture(bytes, hash, file, this.#deps.embedder.model.pixels, this.#deps.views);
      const path = await this.#deps.originals.put(hash, picture.record.format, bytes);
      return { ...picture, record: { ...picture.record, file: { ...file, path } } };
    } catch (error) {
      return { name, alreadyKnown: false, error: toAppError(error) };
    }
  }

  /** Takes pictures out. Files in indexed folders stay on disk and are remembered as unwanted; uploads are deleted. */
  async removeImages(ids: readonly ImageId[]): Promise<number> {
    const { catalog, originals, removedPictures, thumbnails, vectors } = this.#deps;
    const records = (await catalog.getImages(ids)).filter((record) => record !== undefined);
    const paths = (await Promise.all(records.map(({ id }) => catalog.filesOf(id)))).flat().map(({ path }) => path);
    await removedPictures.remember(records.map((record) => record.sha256));
    const removed = await catalog.removeImages(records.map(({ id }) => id));
    vectors.forget(records.map(({ id }) => id));
    await Promise.all(paths.map((path) => originals.remove(path)));
    await Promise.all(records.map((record) => thumbnails.remove(record.sha256)));
    return removed;
  }
}

async function* present(prepared: AsyncIterable<PreparedPicture | undefined>): AsyncGenerator<PreparedPicture> {
  for await (const picture of prepared) if (picture !== undefined) yield picture;
}
