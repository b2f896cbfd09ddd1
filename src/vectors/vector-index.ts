// The port to a nearest-neighbour index: integer labels and vectors only. It knows no picture, word, model or SQL.
import type { Matrix, Vector } from '../core/vector.ts';
import type { Label } from '../core/views.ts';

/** How two vectors are compared; a score is always "higher is nearer". Euclidean scores are minus the distance. */
export type Metric = 'cosine' | 'dot' | 'euclidean';
/**
 * exact: Float32 rows, scanned. usearch, hnswlib: HNSW graphs. lsh: hash tables of random hyperplanes. int8, binary: one
 * byte or one bit a number, scanned.
 */
export type IndexKind = 'exact' | 'usearch' | 'hnswlib' | 'lsh' | 'int8' | 'binary';

export interface Neighbor {
  readonly label: Label;
  /** Cosine or dot product, or minus the Euclidean distance. As the index holds it: f16 indexes round. */
  readonly score: number;
}

export interface SearchOptions {
  /** Candidates kept while walking the graph (ef); at least k. Ignored by exact search. */
  readonly ef?: number;
}

export interface VectorIndex {
  readonly kind: IndexKind;
  readonly metric: Metric;
  readonly dimension: number;
  /** Labels that a search can return. */
  readonly size: number;
  /** All labels, ascending. */
  labels(): Label[];
  has(label: Label): boolean;
  /**
   * Adds or replaces; of a label that comes twice the last row counts. labels.length = vectors.rows; 0 <= label < 2^32;
   * vectors.dimension = dimension; numbers are finite; throws INTERNAL otherwise, and where the index is read-only.
   */
  add(labels: readonly Label[], vectors: Matrix): void;
  /** Removes those present, and returns how many were. */
  remove(labels: readonly Label[]): number;
  /**
   * At most k neighbors, best first, ties by smaller label. 0 < k; throws INTERNAL for a wrong dimension. Fewer only
   * where fewer exist, or where a graph cannot reach them (many equal vectors): live-index.ts then asks the source.
   */
  search(query: Vector, k: number, options?: SearchOptions): Neighbor[];
  /** Writes the library's own file format to `path` (not atomic: index-file.ts is). */
  save(path: string): Promise<void>;
  close(): void;
}
