// From a typed expression (weighted texts and pictures, some of them excluded) to the one vector that is searched for.
// Knows no model and no index: it is handed unit vectors and the means of the space they live in.
import { AppError } from '../core/errors.ts';
import { addScaled, scale, unit, type Vector } from '../core/vector.ts';
import { exclude, leanAway, withoutPositivePart } from './exclude.ts';
import { cancelsOut, centre, type Modality, type ModalityMeans, type ScoreSpace } from './space.ts';

/**
 * How far a query with a picture in it leans away from an excluded word. A picture has little of the word for what it shows
 * (the cosine is about .2), so that taking just this out leaves the look of the thing where it was: of pictures of two
 * things, the one that was not wanted kept .137 of the first ten results, and .060 with this (`npm run eval:queries`).
 * Between vectors of one modality a margin costs precision and gains nothing.
 */
export const WORD_MARGIN = 0.5;

export interface Term {
  /** Unit length. */
  readonly vector: Vector;
  readonly modality: Modality;
  /** Any finite number but 0; only the ratios of the weights matter. Below 0: less of this. */
  readonly weight: number;
}

export interface Exclusion {
  readonly vector: Vector;
  readonly modality: Modality;
}

export interface ComposedQuery {
  /** Unit length; to be compared in `space`. */
  readonly vector: Vector;
  readonly space: ScoreSpace;
  /** The weights that were run, in the order of the terms: their absolute values sum to 1. */
  readonly weights: readonly number[];
}

/**
 * Mixes the terms and takes the exclusions out.
 * Texts alone stay in plain cosine space: centring both sides costs text -> image precision (.454 against .408). As soon as
 * a picture takes part, every term is centred on its own modality's mean first, so that the gap between the
 * modalities, which is larger than any difference of subject, drowns neither.
 * Scale-free and order-free (to rounding). Throws BAD_ARGUMENT for no terms or an unusable weight, QUERY_CANCELS_OUT
 * where the weighted terms, or the terms and the exclusions, leave nothing.
 */
export function composeQuery(
  terms: readonly Term[],
  exclusions: readonly Exclusion[],
  means: ModalityMeans,
): ComposedQuery {
  const weights = normaliseWeights(terms);
  const excluded = exclusions.map((item) => centre(item.vector, item.modality, means));
  if (terms.every((term) => term.modality === 'TEXT')) {
    return { vector: composeTexts(terms, weights, excluded, means), space: 'PLAIN', weights };
  }
  const parts = terms.map((term) => centre(term.vector, term.modality, means));
  const mixed = mix(parts, weights);
  if (excluded.length === 0) return { vector: mixed, space: 'CENTRED', weights };
  const kept = excluded.map((direction, i) => ({
    direction,
    margin: exclusions[i]?.modality === 'TEXT' ? WORD_MARGIN : 0,
  }));
  return { vector: leanAway(mixed, kept), space: 'CENTRED', weights };
}

/** An exclusion acts on what the texts say beyond "a text", that is on the centred mix; the common part is put back. */
function composeTexts(
  terms: readonly Term[],
  weights: readonly number[],
  excluded: readonly Vector[],
  means: ModalityMeans,
): Vector {
  const mixed = mix(
    terms.map((term) => term.vector),
    weights,
  );
  if (excluded.length === 0) return mixed;
  const centred = addScaled(mixed, means.textMean, -1);
  // Refuses "cat, but not cat"; the result itself keeps the length that the centred part had.
  exclude(unit(centred), excluded);
  return unit(addScaled(withoutPositivePart(centred, excluded), means.textMean, 1));
}

function normaliseWeights(terms: readonly Term[]): number[] {
  const mass = terms.reduce((sum, term) => sum + Math.abs(term.weight), 0);
  if (terms.length === 0 || terms.some((term) => term.weight === 0) || !Number.isFinite(mass)) {
    throw new AppError(
      'BAD_ARGUMENT',
      'A query needs at least one term, and each weight must be a finite number but 0.',
    );
  }
  return terms.map((term) => term.weight / mass);
}

function mix(vectors: readonly Vector[], weights: readonly number[]): Vector {
  const first = vectors[0] as Vector;
  const sum = vectors
    .slice(1)
    .reduce(
      (total, vector, i) => addScaled(total, vector, weights[i + 1] as number),
      scale(first, weights[0] as number),
    );
  if (cancelsOut(sum, 1)) {
    throw new AppError(
      'QUERY_CANCELS_OUT',
      'The weighted terms of the query cancel each other, so that nothing is left to look for; change a weight or drop a term.',
      { details: { terms: vectors.length } },
    );
  }
  return unit(sum);
}
