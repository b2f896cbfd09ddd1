// Some hundred pictures drawn evenly from the library: where an estimate needs to know how its vectors lie, it looks here
// instead of at all of them. Knows no query.
import type { Fingerprint } from '../../core/model-info.ts';
import { type Matrix, pack } from '../../core/vector.ts';
import { labelOf, viewOf, WHOLE } from '../../core/views.ts';
import type { Catalog } from '../../store/catalog.ts';

/** 1,000 vectors of 512 numbers are 2 MB. */
const MOST = 1000;
/** Drawn anew once the library has grown or shrunk by this share: means move slowly. */
const STALE_AT = 0.2;

interface Deps {
  readonly catalog: Catalog;
  readonly model: Fingerprint;
  readonly dimension: number;
  /** Default 1,000. */
  readonly most?: number;
}

export class LibrarySample {
  readonly #deps: Deps;
  #drawn: { readonly imageCount: number; readonly vectors: Matrix } | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** At most `most` whole-picture vectors, every n-th by id. Empty for an empty library. */
  async vectors(): Promise<Matrix> {
    const imageCount = await this.#deps.catalog.countImages({});
    const drawn = this.#drawn;
    if (drawn !== undefined && Math.abs(drawn.imageCount - imageCount) <= STALE_AT * drawn.imageCount)
      return drawn.vectors;
    const vectors = await this.#draw();
    this.#drawn = { imageCount, vectors };
    return vectors;
  }

  async #draw(): Promise<Matrix> {
    const { catalog, model, dimension, most = MOST } = this.#deps;
    const ids = await catalog.idsMatching({});
    const step = Math.max(1, ids.length / most);
    const labels = Array.from({ length: Math.min(most, ids.length) }, (_, i) => ids[Math.floor(i * step)])
      .filter((id) => id !== undefined)
      .map((id) => labelOf(id, WHOLE));
    const found = await catalog.getVectors(model, labels);
    return pack(
      [...found].filter(([label]) => viewOf(label) === WHOLE).map(([, vector]) => vector),
      dimension,
    );
  }
}
