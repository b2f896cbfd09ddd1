// From a normalised expression to something that can be run: one vector for the index, the exact score, and what
// confidences and explanations are read from. Knows no index, no page and no surface.
import { addScaled, dot, norm, unit, type Vector } from '../../core/vector.ts';
import { type ImageId, labelOf, WHOLE } from '../../core/views.ts';
import { composeQuery, type Exclusion, type Term } from '../../query/compose.ts';
import { exclude } from '../../query/exclude.ts';
import { applyFeedback } from '../../query/feedback.ts';
import { centre, type Modality, type ModalityMeans, scorePicture } from '../../query/space.ts';
import type { ImageVectors } from '../image-vectors.ts';
import {
  DEFAULT_POOL,
  type FocusedQuery,
  type FocusMethod,
  type FocusService,
  type RegionWeight,
  type WindowFocus,
} from './focus-service.ts';
import type { ModelSpace } from './model-space.ts';
import type { QueryExpression, QueryTerm, Subject } from './query-expression.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { TextNotice } from './text-query.ts';

export interface QueryNotice {
  readonly code: 'NOT_CENTRED' | TextNotice['code'];
  readonly message: string;
}

export interface CompiledQuery {
  /** Unit: what the index is asked with. */
  readonly vector: Vector;
  /** Where the exact score is not the cosine with `vector`: how it is computed, and for how many candidates. */
  readonly rescore: Pick<FocusedQuery, 'score' | 'pool'> | undefined;
  /** Unit, in the plain space of `modality`: what confidences are read from. */
  readonly plain: Vector;
  readonly modality: Modality;
  /** Unit and centred: what explanations are read from. */
  readonly direction: Vector;
  readonly focusMap: readonly RegionWeight[];
  /** Of the space it was compiled in. */
  readonly means: ModalityMeans;
  readonly notices: readonly QueryNotice[];
}

interface Deps {
  readonly space: ModelSpace;
  readonly focus: FocusService;
  readonly queryVectors: QueryVectors;
  readonly vectors: ImageVectors;
}

/** A term with its vector; `reading` where a focus has read it. */
interface ReadTerm {
  readonly term: Term;
  readonly reading?: WindowFocus;
}

export class QueryCompiler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `method` is for a single focused picture; mixed ones are read by WINDOWS. Throws QUERY_CANCELS_OUT and what reading throws. */
  async compile(expression: QueryExpression, method: FocusMethod): Promise<CompiledQuery> {
    const means = await this.#deps.space.means();
    const notices: QueryNotice[] = [];
    const [only] = expression.all;
    const isSole = expression.all.length === 1 && expression.moreLike.length + expression.lessLike.length === 0;
    if (isSole && only !== undefined && 'source' in only && only.focus !== undefined && only.weight > 0) {
      const compiled = await this.#compileFocused(only, only.focus, expression.not, method, means, notices);
      return { ...compiled, notices: remarks(notices, means.isKnown) };
    }
    const read = await Promise.all(expression.all.map((term) => this.#readTerm(term, means, notices)));
    const terms = read.map(({ term }) => term);
    const exclusions = await this.#exclusions(expression.not, notices);
    const modality = mainModality(terms);
    const asIs = (vector: Vector) => ({
      vector,
      plain: vector,
      modality,
      direction: centre(vector, modality, means),
      focusMap,
      means,
      rescore: undefined,
      notices: remarks(notices, expression.not.length === 0 || means.isKnown),
    });
    const focusMap = read.find(({ reading }) => reading !== undefined)?.reading?.map ?? [];
    // A single picture is not composed: that of one colour may have the zero vector in some spaces, and is near nothing.
    if (isSole && exclusions.length === 0 && terms[0]?.modality === 'IMAGE' && terms[0].weight > 0)
      return asIs(terms[0].vector);
    const composed = composeQuery(terms, exclusions, means);
    const judged = await this.#judged(expression, means);
    if (composed.space === 'PLAIN' && judged === undefined) return asIs(composed.vector);
    const asked = composed.space === 'PLAIN' ? centre(composed.vector, 'TEXT', means) : composed.vector;
    const direction = judged === undefined ? asked : applyFeedback(asked, judged.more, judged.less);
    return {
      vector: direction,
      rescore: { score: (picture) => scorePicture(direction, picture, 'CENTRED', means), pool: DEFAULT_POOL },
      plain: putBack(direction, modality, means),
      modality,
      direction,
      focusMap,
      means,
      notices: remarks(notices, means.isKnown),
    };
  }

  async #compileFocused(
    term: Extract<QueryTerm, { source: unknown }>,
    focus: NonNullable<typeof term.focus>,
    not: readonly Subject[],
    method: FocusMethod,
    means: ModalityMeans,
    notices: QueryNotice[],
  ): Promise<Omit<CompiledQuery, 'notices'>> {
    const { focus: service, queryVectors } = this.#deps;
    const read = await service.read(focus, method);
    notices.push(...read.notices);
    const excluded = (await this.#exclusions(not, notices)).map(({ vector, modality }) =>
      centre(vector, modality, means),
    );
    const done = (query: FocusedQuery, direction: Vector, focusMap: readonly RegionWeight[]) => ({
      vector: query.vector,
      rescore: query,
      plain: putBack(direction, 'IMAGE', means),
      modality: 'IMAGE' as const,
      direction,
      focusMap,
      means,
    });
    if (method === 'WINDOWS') {
      const seen = leaveOut(await service.look(term.source, term.region, read.foci, means), excluded);
      return done(service.byWindows(seen, means), seen.query, seen.map);
    }
    const picture = await queryVectors.ofPicture(term.source, term.region);
    if (method === 'WEIGHTS') {
      const query = await service.byWeights(picture, read.foci, excluded, means);
      return done(query, centre(query.vector, 'IMAGE', means), []);
    }
    const centred = centre(picture, 'IMAGE', means);
    const query = service.bySubspace(excluded.length === 0 ? centred : exclude(centred, excluded), read.foci, means);
    return done(query, query.vector, []);
  }

  async #readTerm(term: QueryTerm, means: ModalityMeans, notices: QueryNotice[]): Promise<ReadTerm> {
    const { focus: service, queryVectors } = this.#deps;
    const { weight } = term;
    if ('text' in term) {
      const { vector, notices: remarks } = await queryVectors.ofText(term.text);
      notices.push(...remarks);
      return { term: { vector, modality: 'TEXT', weight } };
    }
    if (term.focus === undefined)
      return { term: { vector: await queryVectors.ofPicture(term.source, term.region), modality: 'IMAGE', weight } };
    const { foci, notices: remarks } = await service.read(term.focus);
    notices.push(...remarks);
    const reading = await service.look(term.source, term.region, foci, means);
    // A reading is centred already; with the mean put back it is centred like every other term.
    return { term: { vector: addScaled(reading.query, means.imageMean, 1), modality: 'IMAGE', weight }, reading };
  }

  async #exclusions(not: readonly Subject[], notices: QueryNotice[]): Promise<Exclusion[]> {
    const { queryVectors } = this.#deps;
    return Promise.all(
      not.map(async (subject): Promise<Exclusion> => {
        if ('source' in subject)
          return { vector: await queryVectors.ofPicture(subject.source, subject.region), modality: 'IMAGE' };
        const { vector, notices: remarks } = await queryVectors.ofText(subject.text);
        notices.push(...remarks);
        return { vector, modality: 'TEXT' };
      }),
    );
  }

  /** Judged pictures, centred; undefined where none was judged. Those that are gone since count no more. */
  async #judged({ moreLike, lessLike }: QueryExpression, means: ModalityMeans) {
    if (moreLike.length + lessLike.length === 0) return undefined;
    const found = await this.#deps.vectors.get([...moreLike, ...lessLike].map((id) => labelOf(id, WHOLE)));
    const pick = (ids: readonly ImageId[]) =>
      ids.flatMap((id) => {
        const vector = found.get(labelOf(id, WHOLE));
        return vector === undefined ? [] : [centre(vector, 'IMAGE', means)];
      });
    return { more: pick(moreLike), less: pick(lessLike) };
  }
}

/** Picture and class both lose what is excluded. */
function leaveOut(focus: WindowFocus, excluded: readonly Vector[]): WindowFocus {
  if (excluded.length === 0) return focus;
  const picture = exclude(focus.picture, excluded);
  const wanted = focus.beta > 0 ? exclude(focus.class, excluded) : focus.class;
  return { ...focus, picture, class: wanted, query: unit(addScaled(picture, wanted, focus.beta)) };
}

/** A mix is read as what most of it is. */
function mainModality(terms: readonly Term[]): Modality {
  const massOf = (modality: Modality) =>
    terms.filter((term) => term.modality === modality).reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  return massOf('TEXT') > massOf('IMAGE') ? 'TEXT' : 'IMAGE';
}

/**
 * A centred direction as a vector of the modality would have it: the mean, and beside it as much of the direction as unit
 * vectors lie from the mean on average. Confidences are calibrated on plain cosines, so a mix is read through this one.
 */
function putBack(direction: Vector, modality: Modality, means: ModalityMeans): Vector {
  const middle = modality === 'TEXT' ? means.textMean : means.imageMean;
  const spread = Math.sqrt(Math.max(0, 1 - dot(middle, middle)));
  return norm(middle) === 0 ? unit(direction) : unit(addScaled(middle, direction, spread));
}

function remarks(notices: readonly QueryNotice[], isCentred: boolean): QueryNotice[] {
  const all = isCentred
    ? notices
    : [
        ...notices,
        {
          code: 'NOT_CENTRED' as const,
          message:
            'The model brings no statistics and the library is too small to estimate them, so texts and pictures were mixed as they are; texts may weigh too little.',
        },
      ];
  return [...new Map(all.map((notice) => [notice.message, notice])).values()];
}
