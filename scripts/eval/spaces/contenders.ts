// What is compared: the encoders that ship, and the head that is learned upon one of them. Networks are opened once for all
// parts of the evaluation.
import { join } from 'node:path';
import { ROOT } from '../../../src/compose.ts';
import { loadModel } from '../../../src/compose-model.ts';
import { readConfig } from '../../../src/config.ts';
import type { ImageEncoder } from '../../../src/embedding/embedder.ts';
import { openImageEncoder } from '../../../src/embedding/encoders/open-image-encoder.ts';
import type { Contender } from '../../../src/services/compare/compare.ts';
import type { LabelledPicture } from '../../../src/services/compare/compare-pictures.ts';
import { deriveVectors, type EmbeddedPictures, embedPictures } from '../../../src/services/compare/compare-vectors.ts';
import { rowsToStored } from '../../../src/services/spaces/space-encoder.ts';
import type { HeadKind } from '../../../src/words/joint-head.ts';
import { learnHead } from './learned-head.ts';

/** The space that the head is learned upon. */
export const BASE = 'starter:image';

export class Contenders {
  readonly #open = new Map<string, Promise<ImageEncoder>>();
  readonly #base = new Map<readonly LabelledPicture[], Promise<EmbeddedPictures>>();

  /** An encoder as it is. */
  encoder(name: string): Contender {
    if (name !== BASE) {
      return {
        name,
        embed: async (pictures, onProgress) => embedPictures(await this.#encoder(name), pictures, onProgress),
      };
    }
    return { name, embed: (pictures) => this.#baseOf(pictures) };
  }

  /** A head learned on these pictures and the names of their classes, upon the base's vectors of unit length. */
  head(name: string, kind: HeadKind, train: readonly LabelledPicture[]): Contender {
    return {
      name,
      embed: async (pictures) => {
        const { vectors, pictures: read } = await this.#baseOf(train);
        const derive = await learnHead(
          kind,
          rowsToStored(vectors, 'cosine'),
          read.map(({ className }) => className),
        );
        return deriveVectors(await this.#baseOf(pictures), 'cosine', derive);
      },
    };
  }

  async close(): Promise<void> {
    for (const encoder of this.#open.values()) await (await encoder).close();
  }

  /** The head and the bare tower share them. */
  #baseOf(pictures: readonly LabelledPicture[]): Promise<EmbeddedPictures> {
    const known = this.#base.get(pictures);
    if (known !== undefined) return known;
    const embedding = this.#encoder(BASE).then((encoder) => embedPictures(encoder, pictures));
    this.#base.set(pictures, embedding);
    return embedding;
  }

  #encoder(source: string): Promise<ImageEncoder> {
    const known = this.#open.get(source);
    if (known !== undefined) return known;
    const config = readConfig({}, {});
    const opening =
      source === 'starter'
        ? loadModel(config)
        : openImageEncoder({
            source,
            modelsDirectory: join(ROOT, 'models'),
            cacheDirectory: config.cacheDirectory,
            threads: config.threads,
          });
    this.#open.set(source, opening);
    return opening;
  }
}
