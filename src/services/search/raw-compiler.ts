// The compiler of spaces that compare by dot product or distance: one text or one picture is asked as it is. Mixes,
// exclusions, focus and feedback are algebra on directions, which such a space has not, and are refused.
import type { Vector } from '../../core/vector.ts';
import type { Metric } from '../../vectors/vector-index.ts';
import { needsCosine } from '../spaces/space-errors.ts';
import type { CompiledQuery } from './query-compiler.ts';
import type { QueryExpression } from './query-expression.ts';
import type { QueryVectors } from './query-vectors.ts';

interface Deps {
  readonly name: string;
  readonly metric: Metric;
  readonly dimension: number;
  readonly queryVectors: QueryVectors;
}

export class RawCompiler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws BAD_ARGUMENT for anything composed, and what reading throws. */
  async compile(expression: QueryExpression): Promise<CompiledQuery> {
    const { name, metric, queryVectors } = this.#deps;
    const composed = whatIsComposed(expression);
    if (composed !== undefined) throw needsCosine(name, metric, composed);
    const [term] = expression.all;
    if (term !== undefined && 'source' in term)
      return this.#plain(await queryVectors.ofPicture(term.source, term.region), 'IMAGE', []);
    const { vector, notices } = await queryVectors.ofText(term?.text ?? '');
    return this.#plain(vector, 'TEXT', notices);
  }

  #plain(vector: Vector, modality: CompiledQuery['modality'], notices: CompiledQuery['notices']): CompiledQuery {
    const zero = new Float32Array(this.#deps.dimension);
    return {
      vector,
      plain: vector,
      direction: vector,
      modality,
      rescore: undefined,
      focusMap: [],
      means: { imageMean: zero, textMean: zero },
      notices,
    };
  }
}

/** The first thing that asks for more than one picture or text. */
function whatIsComposed({ all, not, moreLike, lessLike }: QueryExpression): string | undefined {
  const [term] = all;
  if (all.length !== 1 || term === undefined) return 'A mix of several terms';
  if (term.weight < 0) return 'A weight below 0';
  if (not.length > 0) return 'An exclusion';
  if (moreLike.length + lessLike.length > 0) return 'A judgement of pictures';
  return 'source' in term && (term.focus ?? []).length > 0 ? 'A focus' : undefined;
}
