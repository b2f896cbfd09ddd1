// Where a query's vector comes from: a text, a picture that was sent, or one of the library, whole or in part. What was
// embedded lately is kept: a slider that moves sends the same bytes again.
import { LRUCache } from 'lru-cache';
import { AppError } from '../../core/errors.ts';
import { type Region, WHOLE_REGION } from '../../core/pixels.ts';
import type { Vector } from '../../core/vector.ts';
import { type ImageId, labelOf, WHOLE } from '../../core/views.ts';
import type { ImageEncoder } from '../../embedding/embedder.ts';
import { readPicture } from '../../media/picture.ts';
import { readFileLimited } from '../../media/source.ts';
import type { Catalog } from '../../store/catalog.ts';
import { sha256 } from '../library/prepare-picture.ts';
import type { TextQueries, TextVector } from './text-query.ts';

/** Exactly one of the two. */
export type PictureSource = { readonly imageId: ImageId } | { readonly bytes: Uint8Array };

/** 64 pictures, each read through the whole and 18 windows: 2.5 MB at 512-d. */
const MOST_KEPT = 64 * 19;

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: ImageEncoder;
  readonly texts: Pick<TextQueries, 'vectorOf'>;
  /** Throws where pictures cannot be read, before their files are. */
  readonly beforeReading?: () => void;
}

export class QueryVectors {
  readonly #deps: Deps;
  /** By the picture's hash and the part of it. Promises, so that a query that comes meanwhile waits instead of embedding too. */
  readonly #kept = new LRUCache<string, Promise<Vector>>({ max: MOST_KEPT });

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Unit vector of a phrase, and remarks on how it was read. */
  ofText(text: string): Promise<TextVector> {
    return this.#deps.texts.vectorOf(text);
  }

  /** Unit vector of a picture, or of a part of it. Throws IMAGE_NOT_FOUND, and what `readPicture` throws. */
  async ofPicture(source: PictureSource, region?: Region): Promise<Vector> {
    const { catalog, embedder } = this.#deps;
    if ('imageId' in source && region === undefined) {
      const label = labelOf(source.imageId, WHOLE);
      const stored = (await catalog.getVectors(embedder.model.fingerprint, [label])).get(label);
      if (stored !== undefined) return stored;
    }
    this.#deps.beforeReading?.();
    const bytes = 'bytes' in source ? source.bytes : await this.readOriginal(source.imageId);
    const [vector] = await this.ofParts(bytes, [region ?? WHOLE_REGION]);
    return vector as Vector;
  }

  /** Unit vectors of these parts of a picture, in order; only those not seen lately are embedded. Throws what `readPicture` throws. */
  async ofParts(bytes: Uint8Array, regions: readonly Region[]): Promise<Vector[]> {
    const hash = sha256(bytes);
    const parts = regions.map((region) => {
      const key = `${hash} ${region.x} ${region.y} ${region.width} ${region.height}`;
      return { region, key, vector: this.#kept.get(key) };
    });
    const lacking = parts.filter(({ vector }) => vector === undefined);
    if (lacking.length > 0) {
      const embedded = this.#embed(
        bytes,
        lacking.map(({ region }) => region),
      );
      lacking.forEach((part, i) => {
        part.vector = embedded.then((vectors) => vectors[i] as Vector);
        this.#kept.set(part.key, part.vector);
      });
      embedded.catch(() => {
        for (const { key } of lacking) this.#kept.delete(key);
      });
    }
    return Promise.all(parts.map(({ vector }) => vector as Promise<Vector>));
  }

  async #embed(bytes: Uint8Array, regions: readonly Region[]): Promise<Vector[]> {
    const { embedder } = this.#deps;
    const { pixels } = await readPicture(bytes, embedder.model.pixels, regions);
    const vectors = await embedder.embedPixels(pixels, 'query');
    if (vectors.length !== regions.length)
      throw new AppError('INTERNAL', `Expected ${regions.length} vectors of a picture's parts, got ${vectors.length}.`);
    return vectors;
  }

  /** The bytes of a picture of the library, from the first of its files that can still be read. */
  async readOriginal(imageId: ImageId): Promise<Uint8Array> {
    const [image] = await this.#deps.catalog.getImages([imageId]);
    if (image === undefined)
      throw new AppError('IMAGE_NOT_FOUND', `No picture has the id "${imageId}"; it may have been removed.`);
    const files = await this.#deps.catalog.filesOf(imageId);
    for (const { path } of files) {
      const bytes = await readFileLimited(path).catch(() => undefined);
      if (bytes !== undefined) return bytes;
    }
    throw new AppError(
      'FILE_NOT_FOUND',
      `The file of picture ${imageId} (${image.name}) is gone from disk; index its folder again.`,
    );
  }
}
