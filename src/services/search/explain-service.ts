// Why a picture was found, in words of the vocabulary. Nothing is computed until an explanation is asked for.
import type { Vector } from '../../core/vector.ts';
import { createExplainer, type Explainer, type Explanation } from '../../query/explain.ts';
import type { Vocabulary } from '../words/vocabulary.ts';
import type { ModelSpace } from './model-space.ts';

export type { Explanation } from '../../query/explain.ts';

interface Deps {
  readonly space: ModelSpace;
  readonly vocabulary: Vocabulary;
}

export class ExplainService {
  readonly #deps: Deps;
  #explainer: { readonly imageMean: Vector; readonly explainer: Explainer } | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Prepares the vocabulary, which takes 0.5 s (1,000 words, 256-d) and would otherwise fall to the first explanation. */
  async warmUp(): Promise<void> {
    await this.#open();
  }

  /** One explanation for each picture's unit vector, in order. `query` is centred and of unit length. */
  async explain(pictures: readonly Vector[], query: Vector): Promise<Explanation[]> {
    return (await this.#open()).explain(pictures, query);
  }

  /** Made anew only where the means were estimated from a library that has changed since. */
  async #open(): Promise<Explainer> {
    const { space, vocabulary } = this.#deps;
    const means = await space.means();
    const known = this.#explainer;
    if (known !== undefined && sameValues(known.imageMean, means.imageMean)) return known.explainer;
    const explainer = createExplainer(vocabulary.words, vocabulary.vectors, means);
    this.#explainer = { imageMean: means.imageMean, explainer };
    return explainer;
  }
}

function sameValues(a: Vector, b: Vector): boolean {
  return a === b || a.every((value, i) => value === b[i]);
}
