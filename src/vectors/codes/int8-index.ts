// One byte a number, scanned: a quarter of the memory of exact search (d + 20 bytes a vector with its label) and no graph to
// build. Scores are off by about 0.3 % of the row's largest number (byte-rows.ts).
import type { Matrix, Vector } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { assertBatch, assertQuery, prepareRows } from '../metric.ts';
import { TopK } from '../select.ts';
import type { Metric, Neighbor, VectorIndex } from '../vector-index.ts';
import { ByteRows, byteQuery } from './byte-rows.ts';
import { readSections, writeSections } from './code-file.ts';
import { PackedRows } from './packed-rows.ts';

interface Shape {
  readonly dimension: number;
  readonly metric: Metric;
  readonly capacity?: number;
}

export class Int8Index implements VectorIndex {
  readonly kind = 'int8';
  readonly metric: Metric;
  readonly dimension: number;
  readonly #bytes: ByteRows;
  readonly #rows: PackedRows;

  constructor({ dimension, metric, capacity }: Shape) {
    this.dimension = dimension;
    this.metric = metric;
    this.#bytes = new ByteRows(dimension);
    this.#rows = new PackedRows(this.#bytes.columns, capacity);
  }

  /** Reads what `save` wrote. Throws INDEX_INVALID. */
  static async load(path: string, shape: Shape): Promise<Int8Index> {
    const [labels, codes, scales, squares] = await readSections(path, ['uint32', 'int8', 'float32', 'float32']);
    const index = new Int8Index(shape);
    index.#bytes.codes.data = codes;
    index.#bytes.scales.data = scales;
    index.#bytes.squares.data = squares;
    index.#rows.takeOver(labels);
    return index;
  }

  get size(): number {
    return this.#rows.size;
  }

  labels(): Label[] {
    return this.#rows.sortedLabels();
  }

  has(label: Label): boolean {
    return this.#rows.rowOf(label) !== undefined;
  }

  add(labels: readonly Label[], vectors: Matrix): void {
    assertBatch(labels, vectors, this.dimension);
    const data = prepareRows(this.metric, vectors.data, this.dimension);
    labels.forEach((label, i) => {
      this.#bytes.put(this.#rows.place(label), data, i * this.dimension);
    });
  }

  remove(labels: readonly Label[]): number {
    return labels.filter((label) => this.#rows.remove(label)).length;
  }

  search(query: Vector, k: number): Neighbor[] {
    assertQuery(query, k, this.dimension);
    const asked = byteQuery(this.metric, prepareRows(this.metric, query, this.dimension));
    const best = new TopK(k);
    for (let row = 0; row < this.size; row++) {
      best.offer(this.#rows.labels[row] as Label, this.#bytes.score(asked, row));
    }
    return best.sorted();
  }

  async save(path: string): Promise<void> {
    const columns = this.#bytes.columns.map((column) => column.used(this.size));
    await writeSections(path, [Uint32Array.from(this.#rows.labels), ...columns]);
  }

  close(): void {
    this.#rows.clear();
  }
}
