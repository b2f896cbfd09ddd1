// The port to the catalog: the one truth about pictures, their files, vectors and tags. Everything else (index
// files, thumbnails) is a cache of it. Knows no model, no index and no picture format. All methods may throw
// STORAGE_FAILED; reads never write.
import type { Fingerprint } from '../core/model-info.ts';
import type { Matrix, Vector } from '../core/vector.ts';
import type { ImageId, Label, View } from '../core/views.ts';

export interface ImageRecord {
  readonly id: ImageId;
  /** Lower-case hex of the file's bytes; unique. */
  readonly sha256: string;
  /** 64-bit difference hash of the upright picture, 16 lower-case hex digits. */
  readonly perceptualHash: string;
  /** ThumbHash of the picture: about 25 bytes that a client can draw while the thumbnail loads. */
  readonly placeholder: Uint8Array;
  /** File name of the path that was added first. */
  readonly name: string;
  readonly bytes: number;
  /** jpeg, png, webp, avif, gif or tiff. */
  readonly format: string;
  /** Upright size in pixels. */
  readonly width: number;
  readonly height: number;
  /** From EXIF, as UTC where the picture names no zone. */
  readonly takenAt: Date | null;
  readonly addedAt: Date;
}

/** One place on disk that holds a picture; several files may hold the same bytes. */
export interface FileRecord {
  readonly path: string;
  /** As the user knows it: the base name, or an upload's own name. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** A file by its name in its folder. */
export interface FileInFolder {
  readonly name: string;
  readonly imageId: ImageId;
}

export interface ViewVector {
  readonly view: View;
  /** Unit length. */
  readonly vector: Vector;
}

export interface StoredTag {
  readonly name: string;
  /** 1 for a user's tag; else the tagger's score. */
  readonly score: number;
  /** USER tags are never touched by the service; MODEL tags are replaced as a whole. */
  readonly source: 'USER' | 'MODEL';
}

export interface NewPicture {
  readonly sha256: string;
  readonly perceptualHash: string;
  readonly placeholder: Uint8Array;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly takenAt: Date | null;
  readonly file: FileRecord;
  readonly views: readonly ViewVector[];
  readonly tags: readonly StoredTag[];
}

/** Every condition must hold. An empty filter passes everything. */
export interface ImageFilter {
  /** A file of the picture is this path, or lies in this folder or below it (absolute path). */
  readonly folder?: string;
  /** The picture carries all these tags, from any source, compared without case. */
  readonly tags?: readonly string[];
  readonly minWidth?: number;
  readonly minHeight?: number;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** Inclusive; pictures without a date pass neither. */
  readonly takenFrom?: Date;
  readonly takenTo?: Date;
  readonly addedFrom?: Date;
  readonly addedTo?: Date;
}

/** NAME without case, by code point. Equal keys by id; pictures without a date come last in both directions. */
export type ImageOrder = 'ADDED' | 'TAKEN' | 'NAME' | 'BYTES';

export interface ListQuery {
  readonly filter: ImageFilter;
  readonly order: ImageOrder;
  readonly descending: boolean;
  /** 1..1000 */
  readonly limit: number;
  /** Only pictures behind this one in that order. An id that is gone throws BAD_CURSOR. */
  readonly after?: ImageId;
}

export interface ImagePage {
  readonly images: readonly ImageRecord[];
  readonly hasMore: boolean;
}

/** Names the tagger that computed MODEL tags: model and vocabulary together. */
export type TagVersion = string;

export interface Catalog {
  /** One transaction, the commit point of ingest. A sha-256 that is known only gains its file and its missing views. */
  addPictures(model: Fingerprint, tagVersion: TagVersion, pictures: readonly NewPicture[]): Promise<ImageId[]>;
  /** The whole record, its files, vectors and tags. Returns how many existed. Each picture whole; long lists in steps. */
  removeImages(ids: readonly ImageId[]): Promise<number>;

  /** In the order asked; undefined where the id is gone. */
  getImages(ids: readonly ImageId[]): Promise<(ImageRecord | undefined)[]>;
  findBySha256(hashes: readonly string[]): Promise<Map<string, ImageId>>;
  listImages(query: ListQuery): Promise<ImagePage>;
  countImages(filter: ImageFilter): Promise<number>;
  /** Ids that pass, ascending; stops at `limit` (default: no limit). */
  idsMatching(filter: ImageFilter, limit?: number): Promise<ImageId[]>;

  /** Files at or below this folder, by path. */
  filesUnder(folder: string): Promise<Map<string, FileRecord & { readonly imageId: ImageId }>>;
  /** Files in this very folder and in none below it, in no order. Cheap enough for 50,000 of them at each opened picture. */
  filesIn(folder: string): Promise<FileInFolder[]>;
  filesOf(id: ImageId): Promise<FileRecord[]>;
  /** Points each path at a known picture; a path that held another picture moves. A picture that is gone is passed over. */
  linkFiles(entries: readonly { readonly file: FileRecord; readonly imageId: ImageId }[]): Promise<void>;
  /** Forgets paths; pictures left without any file are removed whole, and their ids returned. Long lists in steps. */
  unlinkFiles(paths: readonly string[]): Promise<ImageId[]>;

  /** Folders that the user asked to index, so that a later start can look at them again. */
  rememberFolder(path: string): Promise<void>;
  folders(): Promise<string[]>;

  /** Labels with a vector of this model, ascending. */
  labels(model: Fingerprint): Promise<Label[]>;
  /** Missing labels are absent from the map. */
  getVectors(model: Fingerprint, labels: readonly Label[]): Promise<Map<Label, Vector>>;
  /** All vectors of the model by ascending label, `batch` rows at a time; safe against writes in between. */
  scanVectors(model: Fingerprint, batch: number): AsyncIterable<{ readonly labels: Label[]; readonly vectors: Matrix }>;
  /** Adds or replaces; pictures that are gone are passed over. */
  putVectors(model: Fingerprint, entries: readonly (ViewVector & { readonly imageId: ImageId })[]): Promise<void>;
  /** Pictures that lack the given view for this model, ascending. One pass over all pictures: ask for many at once. */
  imagesLackingView(model: Fingerprint, view: View, limit: number): Promise<ImageId[]>;
  /** Models that have vectors here, with how many. */
  models(): Promise<{ readonly fingerprint: Fingerprint; readonly vectors: number }[]>;
  dropModel(model: Fingerprint): Promise<void>;

  /** Best first, users' tags before computed ones. */
  getTags(ids: readonly ImageId[]): Promise<Map<ImageId, StoredTag[]>>;
  /** Replaces the user's own tags of a picture (trimmed, without doubles). Throws IMAGE_NOT_FOUND. */
  setUserTags(id: ImageId, names: readonly string[]): Promise<void>;
  /** Replaces the computed tags of each picture and marks them with the version. */
  putModelTags(version: TagVersion, tags: ReadonlyMap<ImageId, readonly StoredTag[]>): Promise<void>;
  /** Pictures whose computed tags are of another version, ascending. */
  imagesWithStaleTags(version: TagVersion, limit: number): Promise<ImageId[]>;
  /** Every tag, spelled as it came first, with the number of pictures that carry it, most common first. */
  tagCounts(limit: number): Promise<{ readonly name: string; readonly count: number }[]>;

  /** Small derived things (word vectors, bridges, calibrations) by a key that names what they were made from. */
  getArtifact(key: string): Promise<Uint8Array | undefined>;
  putArtifact(key: string, value: Uint8Array): Promise<void>;

  /** True once after another connection or process changed the catalog. */
  changedElsewhere(): Promise<boolean>;
  close(): Promise<void>;
}
