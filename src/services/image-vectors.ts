// The pictures' vectors as a whole: the catalog holds them, the index finds them, and this keeps the two together.
import type { Fingerprint } from '../core/model-info.ts';
import { pack, pickRows, type Vector } from '../core/vector.ts';
import { type ImageId, type Label, labelOf, VIEWS_PER_IMAGE, type View } from '../core/views.ts';
import type { Catalog } from '../store/catalog.ts';
import type { LiveIndex } from '../vectors/live-index.ts';
import { type Projection, projectVectors } from '../vectors/projections/projection.ts';
import type { Metric, Neighbor } from '../vectors/vector-index.ts';
import type { VectorSource } from '../vectors/vector-source.ts';
import { CatalogChanges } from './catalog-changes.ts';
import { exactScore, overfetchOf } from './spaces/space-scores.ts';

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
          const rows = kept.map(({ i }) => i);
          yield { labels: kept.map(({ label }) => label), vectors: pickRows(vectors, rows) };
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
  /** Default: cosine, of unit vectors. */
  readonly metric?: Metric;
  /** Where the index holds shorter vectors than the catalog. */
  readonly projection?: Projection | undefined;
  /** Shared by all who watch one catalog. */
  readonly changes?: CatalogChanges;
}

export class ImageVectors {
  readonly views: readonly View[];
  readonly model: Fingerprint;
  readonly metric: Metric;
  /** Exact score of two full vectors, higher is nearer. */
  readonly score: (a: Vector, b: Vector) => number;
  readonly #catalog: Catalog;
  readonly #changes: CatalogChanges;
  #index: LiveIndex;
  #projection: Projection | undefined;
  #seenChanges = 0;

  constructor(deps: Deps) {
    const { catalog, metric = 'cosine', changes = new CatalogChanges(catalog) } = deps;
    this.#catalog = catalog;
    this.#changes = changes;
    this.#index = deps.index;
    this.#projection = deps.projection;
    this.model = deps.model;
    this.views = deps.views;
    this.metric = metric;
    this.score = exactScore(metric);
  }

  get index(): LiveIndex {
    return this.#index;
  }

  get projection(): Projection | undefined {
    return this.#projection;
  }

  /** So many times the pictures asked for are fetched, for the index's own order is only nearly right. */
  get overfetch(): number {
    return overfetchOf(this.#index.status().kind, this.#projection);
  }

  /** Another index over the same vectors takes over; the old one is returned, for requests under way may still ask it. */
  replaceIndex(index: LiveIndex, projection: Projection | undefined): LiveIndex {
    const old = this.#index;
    this.#index = index;
    this.#projection = projection;
    return old;
  }

  /** Candidates by the index, best first. `query` is a full vector; scores are the index's own. */
  search(query: Vector, k: number): Promise<Neighbor[]> {
    return this.#index.search(
      this.#projection === undefined ? query : (projectVectors(this.#projection, [query])[0] ?? query),
      k,
    );
  }

  /** Takes vectors that the catalog has committed into the index. */
  indexCommitted(
    entries: readonly { readonly imageId: ImageId; readonly view: View; readonly vector: Vector }[],
  ): void {
    const searched = entries.filter(({ view }) => this.views.includes(view));
    const labels = searched.map(({ imageId, view }) => labelOf(imageId, view));
    if (labels.length === 0) return;
    const vectors = pack(searched.map(({ vector }) => vector));
    this.index.add(labels, this.#projection?.apply(vectors) ?? vectors);
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
    const changes = await this.#changes.count();
    if (changes === this.#seenChanges) return;
    this.#seenChanges = changes;
    await this.index.reconcile();
  }
}
