// A source of vectors held in memory: what the catalog is to the service. Tests change it as a catalog would change.
import { type Matrix, pack, row, type Vector } from '../../../src/core/vector.ts';
import type { Label } from '../../../src/core/views.ts';
import type { VectorSource } from '../../../src/vectors/vector-source.ts';

export class MemorySource implements VectorSource {
  readonly vectors = new Map<Label, Vector>();
  readonly #dimension: number;
  /** Awaited before each batch of a scan: a test that sets it decides when the scan goes on. */
  beforeBatch: () => Promise<void> = async () => undefined;

  constructor(matrix: Matrix) {
    this.#dimension = matrix.dimension;
    this.put(
      Array.from({ length: matrix.rows }, (_, i) => i as Label),
      matrix,
    );
  }

  put(labels: readonly Label[], matrix: Matrix): void {
    labels.forEach((label, i) => {
      this.vectors.set(label, row(matrix, i).slice());
    });
  }

  drop(labels: readonly Label[]): void {
    for (const label of labels) this.vectors.delete(label);
  }

  async labels(): Promise<Label[]> {
    return [...this.vectors.keys()].sort((a, b) => a - b);
  }

  async get(labels: readonly Label[]): Promise<Map<Label, Vector>> {
    const found = labels.map((label) => [label, this.vectors.get(label)] as const);
    return new Map(found.filter((entry): entry is [Label, Vector] => entry[1] !== undefined));
  }

  async *scan(batch: number) {
    let after = -1;
    for (;;) {
      await this.beforeBatch();
      const labels = (await this.labels()).filter((label) => label > after).slice(0, batch);
      if (labels.length === 0) return;
      const rows = [...(await this.get(labels)).values()];
      yield { labels, vectors: pack(rows, this.#dimension) };
      after = labels.at(-1) ?? after;
    }
  }
}
