// The port to a reduction of dimension: what stands between full vectors and an index of shorter ones. Scores of the
// shorter vectors only choose candidates; the exact score is always computed from full ones.
import { type Matrix, pack, rowsOf, type Vector } from '../../core/vector.ts';

/** none, or a method and the length that is kept. */
export type ProjectionKind = 'pca' | 'gaussian' | 'sparse';

export interface Projection {
  readonly kind: ProjectionKind;
  /** Names everything that changes a projected vector: method, lengths, seed, and the sample that it was fitted on. */
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** One row of length `to` for each row of length `from`, in order. Throws INTERNAL for rows of another length. */
  apply(vectors: Matrix): Matrix;
}

/** The same for vectors that are not packed. */
export function projectVectors(projection: Projection, vectors: readonly Vector[]): Vector[] {
  return rowsOf(projection.apply(pack(vectors, projection.from)));
}
