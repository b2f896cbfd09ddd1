// A query picture seen through the whole and its 18 windows, as focus reads it. Windows of a library picture are embedded
// once and kept in the catalog beside its other views; those of a sent picture are kept in memory for a while.
import { type Region, WHOLE_REGION } from '../../core/pixels.ts';
import type { Vector } from '../../core/vector.ts';
import { FOCUS_WINDOWS, type ImageId, labelOf, regionOfView, type View, WHOLE } from '../../core/views.ts';
import type { ImageEncoder } from '../../embedding/embedder.ts';
import type { WindowView } from '../../query/focus-windows.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { PictureSource, QueryVectors } from './query-vectors.ts';

const VIEWS: readonly View[] = [WHOLE, ...FOCUS_WINDOWS];

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: ImageEncoder;
  readonly queryVectors: QueryVectors;
  readonly vectors: ImageVectors;
}

export class PictureWindows {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * 19 views, the whole first; with a `region` the windows lie inside it. Regions are fractions of the whole picture.
   * Throws IMAGE_NOT_FOUND, FILE_NOT_FOUND, and what `readPicture` throws.
   */
  async of(source: PictureSource, region: Region | undefined): Promise<WindowView[]> {
    const regions = VIEWS.map((view) => inside(regionOfView(view), region ?? WHOLE_REGION));
    const vectors =
      'imageId' in source && region === undefined
        ? await this.#ofLibrary(source.imageId)
        : await this.#deps.queryVectors.ofParts(await this.#bytesOf(source), regions);
    return regions.map((part, i) => ({ region: part, vector: vectors[i] as Vector }));
  }

  /** What SEMBLANCE_VIEWS=windows indexed is among the kept views, so that nothing is embedded twice. */
  async #ofLibrary(imageId: ImageId): Promise<Vector[]> {
    const { catalog, embedder, queryVectors, vectors } = this.#deps;
    const { fingerprint } = embedder.model;
    const known = await catalog.getVectors(
      fingerprint,
      VIEWS.map((view) => labelOf(imageId, view)),
    );
    const missing = VIEWS.filter((view) => !known.has(labelOf(imageId, view)));
    if (missing.length > 0) {
      const bytes = await queryVectors.readOriginal(imageId);
      const embedded = await queryVectors.ofParts(bytes, missing.map(regionOfView));
      const entries = missing.map((view, i) => ({ imageId, view, vector: embedded[i] as Vector }));
      await catalog.putVectors(fingerprint, entries);
      // Where windows are indexed, those of a picture that waits for its re-embedding may be among them.
      vectors.indexCommitted(entries);
      for (const { view, vector } of entries) known.set(labelOf(imageId, view), vector);
    }
    return VIEWS.map((view) => known.get(labelOf(imageId, view)) as Vector);
  }

  async #bytesOf(source: PictureSource): Promise<Uint8Array> {
    return 'bytes' in source ? source.bytes : this.#deps.queryVectors.readOriginal(source.imageId);
  }
}

function inside(part: Region, whole: Region): Region {
  const x = whole.x + part.x * whole.width;
  const y = whole.y + part.y * whole.height;
  // Rounding must not carry a window over the picture's edge.
  return {
    x,
    y,
    width: Math.min(part.width * whole.width, 1 - x),
    height: Math.min(part.height * whole.height, 1 - y),
  };
}
