// The Catalog in one SQLite file. Opens, migrates, and joins the tables into the port's transactions; the SQL itself
// is in the tables' files, and what takes long in long-work.ts.
import { AppError } from '../core/errors.ts';
import type { Fingerprint } from '../core/model-info.ts';
import type { Vector } from '../core/vector.ts';
import type { ImageId, Label, View } from '../core/views.ts';
import { addPictures } from './add-pictures.ts';
import { putArtifact, readArtifact } from './artifacts-table.ts';
import type {
  Catalog,
  FileInFolder,
  FileRecord,
  ImageFilter,
  ImagePage,
  ImageRecord,
  ListQuery,
  NewPicture,
  StoredTag,
  TagVersion,
  ViewVector,
} from './catalog.ts';
import { Connection } from './connection.ts';
import * as files from './files-table.ts';
import { readPage } from './image-listing.ts';
import * as images from './images-table.ts';
import * as longWork from './long-work.ts';
import { migrate } from './migrations.ts';
import * as tagRows from './tags-table.ts';
import * as vectorRows from './vectors-table.ts';

interface Options {
  /** A file, made with its folder where it is missing; ':memory:' for a catalog that ends with the process. */
  readonly path: string;
  /** Tells when a picture is added. */
  readonly now?: () => Date;
}

/** Opens and migrates. Throws STORAGE_FAILED: not openable, damaged, of a newer program, or no catalog. */
export function openSqliteCatalog({ path, now }: Options): Catalog {
  const connection = new Connection(path);
  try {
    migrate(connection);
    return new SqliteCatalog(connection, now);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** On a migrated connection, which it then owns. */
export class SqliteCatalog implements Catalog {
  readonly #connection: Connection;
  readonly #now: () => Date;
  #dataVersion: unknown;

  constructor(connection: Connection, now: () => Date = () => new Date()) {
    this.#connection = connection;
    this.#now = now;
    this.#dataVersion = connection.pragma('data_version');
  }

  async addPictures(model: Fingerprint, tagVersion: TagVersion, pictures: readonly NewPicture[]): Promise<ImageId[]> {
    return addPictures(this.#connection, { model, tagVersion, pictures, addedAt: this.#now() });
  }

  async removeImages(ids: readonly ImageId[]): Promise<number> {
    return longWork.removeImages(this.#connection, ids);
  }

  async getImages(ids: readonly ImageId[]): Promise<(ImageRecord | undefined)[]> {
    return images.readImages(this.#connection, ids);
  }

  async findBySha256(hashes: readonly string[]): Promise<Map<string, ImageId>> {
    return images.readIdsBySha256(this.#connection, hashes);
  }

  async listImages(query: ListQuery): Promise<ImagePage> {
    return readPage(this.#connection, query);
  }

  async countImages(filter: ImageFilter): Promise<number> {
    return images.countMatching(this.#connection, filter);
  }

  async idsMatching(filter: ImageFilter, limit?: number): Promise<ImageId[]> {
    return images.readIdsMatching(this.#connection, filter, limit);
  }

  async filesUnder(folder: string): Promise<Map<string, files.LinkedFile>> {
    return longWork.readAllUnder(this.#connection, folder);
  }

  async filesIn(folder: string): Promise<FileInFolder[]> {
    return longWork.readAllIn(this.#connection, folder);
  }

  async filesOf(id: ImageId): Promise<FileRecord[]> {
    return files.readFilesOf(this.#connection, id);
  }

  async linkFiles(entries: readonly { readonly file: FileRecord; readonly imageId: ImageId }[]): Promise<void> {
    this.#connection.transaction(() => {
      for (const { file, imageId } of entries) files.putFile(this.#connection, file, imageId);
    });
  }

  async unlinkFiles(paths: readonly string[]): Promise<ImageId[]> {
    return longWork.unlinkFiles(this.#connection, paths);
  }

  async rememberFolder(path: string): Promise<void> {
    files.insertFolder(this.#connection, path);
  }

  async folders(): Promise<string[]> {
    return files.readFolders(this.#connection);
  }

  async labels(model: Fingerprint): Promise<Label[]> {
    const stored = vectorRows.findModel(this.#connection, model);
    return stored === undefined ? [] : vectorRows.readLabels(this.#connection, stored);
  }

  async getVectors(model: Fingerprint, labels: readonly Label[]): Promise<Map<Label, Vector>> {
    const stored = vectorRows.findModel(this.#connection, model);
    return stored === undefined ? new Map() : vectorRows.readVectors(this.#connection, stored, labels);
  }

  scanVectors(model: Fingerprint, batch: number): ReturnType<Catalog['scanVectors']> {
    return longWork.scanVectors(this.#connection, model, batch);
  }

  async putVectors(
    model: Fingerprint,
    entries: readonly (ViewVector & { readonly imageId: ImageId })[],
  ): Promise<void> {
    const connection = this.#connection;
    connection.transaction(() => {
      for (const entry of entries) {
        if (!images.hasImage(connection, entry.imageId)) continue;
        vectorRows.putVectors(connection, model, entry.imageId, [entry], true);
      }
    });
  }

  async imagesLackingView(model: Fingerprint, view: View, limit: number): Promise<ImageId[]> {
    const stored = vectorRows.findModel(this.#connection, model);
    return vectorRows.readImagesLackingView(this.#connection, stored, view, limit);
  }

  async models(): Promise<{ readonly fingerprint: Fingerprint; readonly vectors: number }[]> {
    return vectorRows.readModels(this.#connection);
  }

  async dropModel(model: Fingerprint): Promise<void> {
    await longWork.dropModel(this.#connection, model);
  }

  async getTags(ids: readonly ImageId[]): Promise<Map<ImageId, StoredTag[]>> {
    return tagRows.readTags(this.#connection, ids);
  }

  async setUserTags(id: ImageId, names: readonly string[]): Promise<void> {
    this.#connection.transaction(() => {
      if (!images.hasImage(this.#connection, id)) {
        throw new AppError(
          'IMAGE_NOT_FOUND',
          `Expected the id of a picture, got ${id}, which is none. Search it again.`,
        );
      }
      const tags = names.map((name): StoredTag => ({ name, score: 1, source: 'USER' }));
      tagRows.replaceTags(this.#connection, id, 'USER', tags);
    });
  }

  async putModelTags(version: TagVersion, tags: ReadonlyMap<ImageId, readonly StoredTag[]>): Promise<void> {
    const connection = this.#connection;
    connection.transaction(() => {
      const versionId = tagRows.putTagVersion(connection, version);
      for (const [id, own] of tags) {
        if (tagRows.markTagVersion(connection, id, versionId)) tagRows.replaceTags(connection, id, 'MODEL', own);
      }
    });
  }

  async imagesWithStaleTags(version: TagVersion, limit: number): Promise<ImageId[]> {
    return tagRows.readImagesWithStaleTags(this.#connection, version, limit);
  }

  async tagCounts(limit: number): Promise<{ readonly name: string; readonly count: number }[]> {
    return tagRows.readTagCounts(this.#connection, limit);
  }

  async getArtifact(key: string): Promise<Uint8Array | undefined> {
    return readArtifact(this.#connection, key);
  }

  async putArtifact(key: string, value: Uint8Array): Promise<void> {
    putArtifact(this.#connection, key, value);
  }

  async changedElsewhere(): Promise<boolean> {
    const before = this.#dataVersion;
    this.#dataVersion = this.#connection.pragma('data_version');
    return this.#dataVersion !== before;
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}
