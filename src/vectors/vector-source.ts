// Where an index is rebuilt from: the owner of the vectors, as seen from here. services adapts the catalog to it.
// An index file is compared with it by labels alone, so a label must keep its vector for as long as the fingerprint
// stays, and must not be given again after its removal; whoever replaces vectors all the same calls LiveIndex.rebuild.
import type { Matrix, Vector } from '../core/vector.ts';
import type { Label } from '../core/views.ts';

export interface VectorBatch {
  readonly labels: Label[];
  readonly vectors: Matrix;
}

export interface VectorSource {
  /** All labels, ascending. */
  labels(): Promise<Label[]>;
  /** Missing labels are absent from the map. */
  get(labels: readonly Label[]): Promise<Map<Label, Vector>>;
  /** Every vector once, by ascending label. */
  scan(batch: number): AsyncIterable<VectorBatch>;
}
