// Where a query's vector comes from: a text, a picture that was sent, or one of the library, whole or in part.

import { AppError } from '../core/errors.ts';
import { type Region, WHOLE_REGION } from '../core/pixels.ts';
import type { Vector } from '../core/vector.ts';
import { type ImageId, labelOf, WHOLE } from '../core/views.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { readPicture } from '../media/picture.ts';
import { readFileLimited } from '../media/source.ts';
import type { Catalog } from '../store/catalog.ts';
import type { TextQueries, TextVector } from './text-query.ts';

/** Exactly one of the two. */
export type PictureSource = { readonly imageId: ImageId } | { readonly bytes: Uint8Array };

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  readonly texts: TextQueries;
}

export class QueryVectors {
  readonly #deps: Deps;

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
    const bytes = 'bytes' in source ? source.bytes : await this.readOriginal(source.imageId);
    const { pixels } = await readPicture(bytes, embedder.model.pixels, [region ?? WHOLE_REGION]);
    const [vector] = await embedder.embedPixels(pixels, 'query');
    if (vector === undefined) throw new AppError('INTERNAL', 'The embedder answered one picture with no vector.');
    return vector;
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
