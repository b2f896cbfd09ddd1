// One bit a number, scanned by popcount: which side of the mean each number lies on. d/8 + 20 bytes a vector with its label
// (512 numbers: 84 bytes, exact search: 2 KB). Its order is an estimate: ask for ten times k and score those exactly.
import type { Matrix, Vector } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { ExactIndex } from '../exact-index.ts';
import { assertBatch, assertQuery, prepareRows } from '../metric.ts';
import { TopK } from '../select.ts';
import type { Metric, Neighbor, VectorIndex } from '../vector-index.ts';
import { type BinaryCodes, binaryCodes, encodeBits, estimator } from './binary-codes.ts';
import { readSections, writeSections } from './code-file.ts';
import { hammingAt } from './hamming.ts';
import { PackedRows } from './packed-rows.ts';

interface Shape {
  readonly dimension: number;
  readonly metric: Metric;
  readonly capacity?: number;
}

/**
 * Signs are taken about the mean, since vectors of one model lie in a narrow cone where most numbers have one sign. So
 * many rows are kept whole, and searched exactly, before their mean is taken; it stays for the index's life.
 */
const ROWS_FOR_MEAN = 1024;

export class BinaryIndex implements VectorIndex {
  readonly kind = 'binary';
  readonly metric: Metric;
  readonly dimension: number;
  readonly #codes: BinaryCodes;
  readonly #rows: PackedRows;
  /** The first rows, until the mean is known. */
  #whole: ExactIndex | undefined;
  #centre: Float32Array;

  constructor({ dimension, metric, capacity }: Shape) {
    this.dimension = dimension;
    this.metric = metric;
    this.#codes = binaryCodes(dimension);
    this.#rows = new PackedRows(this.#codes.columns, capacity);
    this.#whole = new ExactIndex({ dimension, metric });
    this.#centre = new Float32Array(dimension);
  }

  /** Reads what `save` wrote. Throws INDEX_INVALID. */
  static async load(path: string, shape: Shape): Promise<BinaryIndex> {
    const types = ['float32', 'uint32', 'uint32', 'float32', 'float32'] as const;
    const [centre, labels, words, lengths, along] = await readSections(path, types);
    const index = new BinaryIndex(shape);
    if (labels.length === 0) return index;
    index.#whole = undefined;
    index.#centre = centre;
    index.#codes.words.data = words;
    index.#codes.lengths.data = lengths;
    index.#codes.along.data = along;
    index.#rows.takeOver(labels);
    return index;
  }

  get size(): number {
    return this.#whole?.size ?? this.#rows.size;
  }

  labels(): Label[] {
    return this.#whole?.labels() ?? this.#rows.sortedLabels();
  }

  has(label: Label): boolean {
    return this.#whole?.has(label) ?? this.#rows.rowOf(label) !== undefined;
  }

  add(labels: readonly Label[], vectors: Matrix): void {
    assertBatch(labels, vectors, this.dimension);
    const data = prepareRows(this.metric, vectors.data, this.dimension);
    if (this.#whole === undefined) {
      this.#encode(labels, data);
      return;
    }
    this.#whole.add(labels, vectors);
    if (this.#whole.size >= ROWS_FOR_MEAN) this.#takeMean(this.#whole);
  }

  remove(labels: readonly Label[]): number {
    return this.#whole?.remove(labels) ?? labels.filter((label) => this.#rows.remove(label)).length;
  }

  /** Scores are estimates on the metric's scale; they fall with the number of differing bits for vectors of one length. */
  search(query: Vector, k: number): Neighbor[] {
    if (this.#whole !== undefined) return this.#whole.search(query, k);
    assertQuery(query, k, this.dimension);
    const asked = prepareRows(this.metric, query, this.dimension);
    const { bits, score } = estimator(this.metric, this.#codes, asked, this.#centre);
    const best = new TopK(k);
    const words = this.#codes.words.data;
    for (let row = 0; row < this.size; row++) {
      best.offer(this.#rows.labels[row] as Label, score(row, hammingAt(bits, words, row * bits.length)));
    }
    return best.sorted();
  }

  /** What is saved are bits: an index that still held whole rows holds bits from then on. */
  async save(path: string): Promise<void> {
    if (this.#whole !== undefined && this.#whole.size > 0) this.#takeMean(this.#whole);
    const columns = this.#codes.columns.map((column) => column.used(this.#rows.size));
    await writeSections(path, [this.#centre, Uint32Array.from(this.#rows.labels), ...columns]);
  }

  close(): void {
    this.#whole?.close();
    this.#rows.clear();
  }

  #takeMean(whole: ExactIndex): void {
    const sums = new Float64Array(this.dimension);
    const labels = whole.labels();
    for (const label of labels) {
      whole.rowOf(label)?.forEach((value, i) => {
        sums[i] = (sums[i] as number) + value;
      });
    }
    this.#centre = Float32Array.from(sums, (sum) => sum / labels.length);
    for (const label of labels) {
      const row = whole.rowOf(label);
      if (row !== undefined) this.#encode([label], row);
    }
    this.#whole = undefined;
    whole.close();
  }

  #encode(labels: readonly Label[], data: Float32Array): void {
    labels.forEach((label, i) => {
      encodeBits(this.#codes, this.#rows.place(label), data, i * this.dimension, this.#centre);
    });
  }
}
