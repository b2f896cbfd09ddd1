// From a compiled query to a page of scored pictures. Plain queries are paged through the whole library; re-scored and
// diversified ones are put in order over the best candidates first, and paged inside that list.
import type { Vector } from '../../core/vector.ts';
import { type ImageId, type Label, labelOf } from '../../core/views.ts';
import { diversify } from '../../query/diversify.ts';
import { centre } from '../../query/space.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { ConfidenceLevel, ConfidenceReader } from './confidence-service.ts';
import type { Position } from './cursor.ts';
import type { CompiledQuery } from './query-compiler.ts';
import type { NearestRequest, ScoredPicture, SearchPlanner } from './search-planner.ts';

interface ReadPicture extends ScoredPicture {
  /** Of the view that scored best. */
  readonly label: Label;
  readonly vector: Vector;
}

export interface RankedHit extends ReadPicture {
  /** 0..1, computed when asked for; null where the model brings no calibration. */
  readonly confidence: () => number | null;
  /** What a cursor behind this hit remembers. */
  readonly position: Position;
}

export interface RankedPage {
  readonly hits: readonly RankedHit[];
  readonly hasMore: boolean;
  /** Pictures that pass the filter; undefined without a filter. */
  readonly passing: number | undefined;
  /** True where pictures answered, but none with the confidence asked for. */
  readonly allCut: boolean;
}

export interface PageOrder {
  readonly first: number;
  readonly after: Position | undefined;
  readonly filter: NearestRequest['filter'];
  readonly exclude: ReadonlySet<ImageId>;
  readonly level: ConfidenceLevel;
  /** 0..1 */
  readonly diversity: number;
}

/** Every pair of them may be compared; an answer that is diversified ends here. */
const DIVERSIFIED = 200;
/** Confidence falls with the score but for small turns: behind so many that were cut in a row none is expected to pass. */
const CUT_IN_A_ROW = 100;

interface Deps {
  readonly planner: SearchPlanner;
  readonly vectors: ImageVectors;
}

export class ResultPages {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** True where `order` is answered from a list; its cursors then name a rank, else a score. */
  static isListed(query: CompiledQuery, diversity: number): boolean {
    return query.rescore !== undefined || diversity > 0;
  }

  async page(query: CompiledQuery, confidence: ConfidenceReader, order: PageOrder): Promise<RankedPage> {
    return ResultPages.isListed(query, order.diversity)
      ? this.#fromList(query, confidence, order)
      : this.#fromLibrary(query, confidence, order);
  }

  async #fromLibrary(query: CompiledQuery, confidence: ConfidenceReader, order: PageOrder): Promise<RankedPage> {
    const { first, filter, exclude, level } = order;
    const hits: RankedHit[] = [];
    let { after } = order;
    let cutInARow = 0;
    for (;;) {
      // One more than the page tells whether there is a next one.
      const wanted = level === 'NONE' ? first + 1 : Math.max(first + 1, CUT_IN_A_ROW);
      const { pictures, hasMore, passing } = await this.#deps.planner.nearest({
        query: query.vector,
        first: wanted,
        after,
        filter,
        exclude,
      });
      for (const picture of await this.#read(pictures)) {
        const { label, vector, score, imageId } = picture;
        const hit = { ...picture, confidence: () => confidence.of(label, vector), position: { score, imageId } };
        const passes = level === 'NONE' || confidence.passes(hit.confidence(), level);
        cutInARow = passes ? 0 : cutInARow + 1;
        if (passes) hits.push(hit);
        after = hit.position;
        if (hits.length > first || cutInARow >= CUT_IN_A_ROW) break;
      }
      if (hits.length > first || cutInARow >= CUT_IN_A_ROW || !hasMore) {
        const allCut = hits.length === 0 && order.after === undefined && cutInARow > 0;
        return { hits: hits.slice(0, first), hasMore: hits.length > first, passing, allCut };
      }
    }
  }

  async #fromList(query: CompiledQuery, confidence: ConfidenceReader, order: PageOrder): Promise<RankedPage> {
    const { first, after, filter, exclude, level, diversity } = order;
    const { rescore } = query;
    const pool = Math.max(rescore?.pool ?? 0, diversity > 0 ? DIVERSIFIED : 0);
    const { pictures, passing } = await this.#deps.planner.nearest({
      query: query.vector,
      first: pool,
      filter,
      exclude,
    });
    const read = await this.#read(pictures);
    const scored =
      rescore === undefined ? read : read.map((hit) => ({ ...hit, score: rescore.score(hit.vector, hit.label) }));
    scored.sort((a, b) => b.score - a.score || a.imageId - b.imageId);
    const confidenceOf = ({ label, vector }: ReadPicture) => confidence.of(label, vector);
    const passed = level === 'NONE' ? scored : scored.filter((hit) => confidence.passes(confidenceOf(hit), level));
    const list = diversity > 0 ? diversified(passed.slice(0, DIVERSIFIED), diversity, query) : passed;
    const start = startBehind(list, after);
    const hits = list.slice(start, start + first).map((hit, i) => ({
      ...hit,
      confidence: () => confidenceOf(hit),
      position: { score: start + i, imageId: hit.imageId },
    }));
    const allCut = scored.length > 0 && list.length === 0;
    return { hits, hasMore: list.length > start + first, passing, allCut };
  }

  async #read(pictures: readonly ScoredPicture[]): Promise<ReadPicture[]> {
    const lacking = pictures.filter(({ vector }) => vector === undefined);
    const vectors = await this.#deps.vectors.get(lacking.map(({ imageId, view }) => labelOf(imageId, view)));
    return pictures.flatMap((picture): ReadPicture[] => {
      const label = labelOf(picture.imageId, picture.view);
      const vector = picture.vector ?? vectors.get(label);
      // Removed since it was scored.
      return vector === undefined ? [] : [{ ...picture, label, vector }];
    });
  }
}

/** Compared centred, where pictures differ most. */
function diversified(pictures: readonly ReadPicture[], diversity: number, { means }: CompiledQuery): ReadPicture[] {
  const candidates = pictures.map((picture) => ({
    score: picture.score,
    vector: centre(picture.vector, 'IMAGE', means),
    picture,
  }));
  return diversify(candidates, diversity).map(({ picture }) => picture);
}

/** The rank behind the picture of the cursor, or, where that is gone from the list, behind the rank it had. */
function startBehind(list: readonly ScoredPicture[], after: Position | undefined): number {
  if (after === undefined) return 0;
  const now = list.findIndex(({ imageId }) => imageId === after.imageId);
  return (now < 0 ? after.score - 1 : now) + 1;
}
