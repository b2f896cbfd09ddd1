// From one query vector to a page of pictures: asks the index or scans, by how many pictures may answer; scores
// exactly; keeps each picture once, by its best view. Knows nothing of texts, pixels or surfaces.
import { row, type Vector } from '../../core/vector.ts';
import { type ImageId, imageIdOf, type Label, type View, viewOf } from '../../core/views.ts';
import type { Catalog, ImageFilter } from '../../store/catalog.ts';
import { catalogSource, type ImageVectors } from '../image-vectors.ts';
import { FINE, LEAST_CANDIDATES } from '../spaces/space-scores.ts';
import type { Position } from './cursor.ts';

export interface NearestRequest {
  /** A full vector, as the space stores them: of unit length in a cosine space. */
  readonly query: Vector;
  readonly first: number;
  readonly after?: Position | undefined;
  readonly filter: ImageFilter;
  /** Pictures that must not answer: those that ask. */
  readonly exclude?: ReadonlySet<ImageId> | undefined;
}

export interface ScoredPicture {
  readonly imageId: ImageId;
  /** The view that scored best. */
  readonly view: View;
  /** Exact, by the space's metric: a cosine, a dot product, or minus a distance. */
  readonly score: number;
  /** Of that view, where it was at hand; a full scan keeps none, so that it need not hold the whole library. */
  readonly vector?: Vector;
}

interface ScoredView {
  readonly label: Label;
  readonly score: number;
  readonly vector: Vector;
}

export interface NearestPage {
  readonly pictures: readonly ScoredPicture[];
  readonly hasMore: boolean;
  /** Pictures that pass the filter; undefined without a filter. */
  readonly passing: number | undefined;
}

/**
 * Up to this many pictures are scored straight from the catalog: exact, and cheaper than over-fetching from a graph
 * that would throw most of its answers away.
 */
const SCAN_AT_MOST = 1000;
/** The graph is asked for at most this share of itself; beyond it a full scan is faster and misses nothing. */
const LARGEST_SHARE = 0.1;
const SCAN_BATCH = 4096;

export class SearchPlanner {
  readonly #catalog: Catalog;
  readonly #vectors: ImageVectors;

  constructor(deps: { readonly catalog: Catalog; readonly vectors: ImageVectors }) {
    this.#catalog = deps.catalog;
    this.#vectors = deps.vectors;
  }

  /** At most `first` pictures behind `after`, best first, ties by smaller id; never fewer than exist. */
  async nearest(request: NearestRequest): Promise<NearestPage> {
    await this.#vectors.catchUp();
    const passing = isEmpty(request.filter) ? undefined : await this.#catalog.idsMatching(request.filter);
    const ranked = await this.#rank(request, passing);
    return {
      pictures: ranked.slice(0, request.first),
      hasMore: ranked.length > request.first,
      passing: passing?.length,
    };
  }

  async #rank(request: NearestRequest, passing: readonly ImageId[] | undefined): Promise<ScoredPicture[]> {
    if (passing !== undefined && passing.length <= SCAN_AT_MOST) return this.#scanSome(request, passing);
    const { index, views } = this.#vectors;
    const allowed = passing === undefined ? undefined : new Set(passing);
    const selectivity = allowed === undefined ? 1 : allowed.size / Math.max(1, index.size / views.length);
    // The exact re-score reorders neighbors that f16 rounds together, so a few more than asked for are fetched; many more
    // where the index knows codes or shorter vectors, and as many on every page.
    const { overfetch } = this.#vectors;
    const wanted = (request.first + 1) * overfetch;
    const candidates = overfetch > FINE ? Math.max(wanted, LEAST_CANDIDATES) : wanted;
    const enough = overfetch > FINE ? candidates : request.first + 1;
    let k = Math.ceil((candidates * views.length) / selectivity) + 8;
    for (;;) {
      if (k > Math.max(SCAN_AT_MOST, index.size * LARGEST_SHARE)) return this.#scanAll(request, allowed);
      const neighbors = await this.#vectors.search(request.query, k);
      const labels = neighbors.map(({ label }) => label).filter((label) => mayAnswer(label, request, allowed));
      const page = pageOf(request, bestViews(await this.#score(request.query, labels)));
      if (page.length >= enough || neighbors.length >= index.size) return page;
      k *= 4;
    }
  }

  async #scanSome(request: NearestRequest, passing: readonly ImageId[]): Promise<ScoredPicture[]> {
    const labels = this.#vectors.labelsOf(passing).filter((label) => mayAnswer(label, request, undefined));
    return pageOf(request, bestViews(await this.#score(request.query, labels)));
  }

  async #scanAll(request: NearestRequest, allowed: ReadonlySet<ImageId> | undefined): Promise<ScoredPicture[]> {
    const best = new Map<ImageId, ScoredPicture>();
    const source = catalogSource(this.#catalog, this.#vectors.model, this.#vectors.views);
    for await (const { labels, vectors } of source.scan(SCAN_BATCH)) {
      labels.forEach((label, i) => {
        if (mayAnswer(label, request, allowed))
          keepBest(best, label, this.#vectors.score(request.query, row(vectors, i)));
      });
    }
    return pageOf(request, best);
  }

  async #score(query: Vector, labels: readonly Label[]): Promise<ScoredView[]> {
    const vectors = await this.#vectors.get(labels);
    return [...vectors].map(([label, vector]) => ({ label, vector, score: this.#vectors.score(query, vector) }));
  }
}

function isEmpty(filter: ImageFilter): boolean {
  return Object.values(filter).every((condition) => condition === undefined);
}

function mayAnswer(label: Label, request: NearestRequest, allowed: ReadonlySet<ImageId> | undefined): boolean {
  const imageId = imageIdOf(label);
  return request.exclude?.has(imageId) !== true && (allowed === undefined || allowed.has(imageId));
}

function bestViews(scored: readonly ScoredView[]): Map<ImageId, ScoredPicture> {
  const best = new Map<ImageId, ScoredPicture>();
  for (const { label, score, vector } of scored) keepBest(best, label, score, vector);
  return best;
}

function keepBest(best: Map<ImageId, ScoredPicture>, label: Label, score: number, vector?: Vector): void {
  const imageId = imageIdOf(label);
  const known = best.get(imageId);
  const view = viewOf(label);
  if (known === undefined || score > known.score || (score === known.score && view < known.view)) {
    best.set(imageId, { imageId, view, score, ...(vector === undefined ? {} : { vector }) });
  }
}

/** Sorted, and without what lies before or at the cursor. */
function pageOf({ after }: NearestRequest, best: ReadonlyMap<ImageId, ScoredPicture>): ScoredPicture[] {
  const isBehind = ({ score, imageId }: ScoredPicture) =>
    after === undefined || score < after.score || (score === after.score && imageId > after.imageId);
  return [...best.values()].filter(isBehind).sort((a, b) => b.score - a.score || a.imageId - b.imageId);
}
