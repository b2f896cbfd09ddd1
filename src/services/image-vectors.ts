// The pictures' vectors as a whole: the catalog holds them, the index finds them, and this keeps the two together.
import type { Fingerprint } from '../core/model-info.ts';
import type { Vector } from '../core/vector.ts';
import { pack } from '../core/vector.ts';
import { type ImageId, type Label, labelOf, VIEWS_PER_IMAGE, type View } from '../core/views.ts';
import type { Catalog } from '../store/catalog.ts';
import type { LiveIndex } from '../vectors/live-index.ts';
import type { VectorSource } from '../vectors/vector-source.ts';

/** The catalog's vectors of one model, in the terms of `vectors`. Only labels whose view is in `views`. */
export function catalogSource(catalog: Catalog, model: Fingerprint, views: readonly View[]): VectorSource {
  const wanted = new Set<number>(views);
  const isWanted = (label: Label) => wanted.has(label % VIEWS_PER_IMAGE);
  return {
    labels: async () => (await catalog.labels(model)).filter(isWanted),
    get: (labels) => catalog.getVectors(model, labels),
    async *scan(batch) {
      for await (const { labels, vectors } of catalog.scanVectors(model, batch)) {
        const kept = labels.map((label, i) => ({ label, i })).filter(({ label }) => isWanted(label));
        if (kept.length === labels.length) yield { labels, vectors };
        else if (kept.length > 0) {
          const rows = kept.map(({ i }) => vectors.data.subarray(i * vectors.dimension, (i + 1) * vectors.dimension));
          yield { labels: kept.map(({ label }) => label), vectors: pack(rows, vectors.dimension) };
        }
      }
    },
  };
}

interface Deps {
  readonly catalog: Catalog;
  readonly index: LiveIndex;
  readonly model: Fingerprint;
  /** The views that are searched: the whole, or the whole and its windows. */
  readonly views: readonly View[];
}

export class ImageVectors {
  readonly index: LiveIndex;
  readonly views: readonly View[];
  readonly model: Fingerprint;
  readonly #catalog: Catalog;

  constructor(deps: Deps) {
    this.#catalog = deps.catalog;
    this.index = deps.index;
    this.model = deps.model;
    this.views = deps.views;
  }

  /** Takes vectors that the catalog has committed into the index. */
  indexCommitted(
    entries: readonly { readonly imageId: ImageId; readonly view: View; readonly vector: Vector }[],
  ): void {
    const searched = entries.filter(({ view }) => this.views.includes(view));
    const labels = searched.map(({ imageId, view }) => labelOf(imageId, view));
    if (labels.length > 0) this.index.add(labels, pack(searched.map(({ vector }) => vector)));
  }

  /** Forgets pictures that the catalog has removed. */
  forget(ids: readonly ImageId[]): void {
    this.index.remove(this.labelsOf(ids));
  }

  labelsOf(ids: readonly ImageId[]): Label[] {
    return ids.flatMap((id) => this.views.map((view) => labelOf(id, view)));
  }

  /** Exact vectors; missing labels are absent. */
  get(labels: readonly Label[]): Promise<Map<Label, Vector>> {
    return this.#catalog.getVectors(this.model, labels);
  }

  /** Takes in what another process wrote to the catalog, where it did. */
  async catchUp(): Promise<void> {
    if (await this.#catalog.changedElsewhere()) await this.index.reconcile();
  }
}
