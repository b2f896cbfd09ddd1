// Brute force over packed Float32 rows: the oracle that graphs are judged by, and what serves while none is ready.
// Growing doubles the storage; removing moves the last row into the gap.
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../core/files.ts';
import type { Matrix, Vector } from '../core/vector.ts';
import type { Label } from '../core/views.ts';
import { assertBatch, assertQuery, prepareRows, scorer } from './metric.ts';
import { TopK } from './select.ts';
import type { Metric, Neighbor, VectorIndex } from './vector-index.ts';

interface Shape {
  readonly dimension: number;
  readonly metric: Metric;
  /** Rows to make room for at once. */
  readonly capacity?: number;
}

const SAVED_ROWS_AT_ONCE = 1024;

export class ExactIndex implements VectorIndex {
  readonly kind = 'exact';
  readonly metric: Metric;
  readonly dimension: number;
  #data: Float32Array;
  readonly #labels: Label[] = [];
  readonly #rowOf = new Map<Label, number>();

  constructor({ dimension, metric, capacity = 0 }: Shape) {
    this.dimension = dimension;
    this.metric = metric;
    this.#data = new Float32Array(capacity * dimension);
  }

  /** Reads what `save` wrote: rows by ascending label. */
  static async load(path: string, shape: Shape, labels: readonly Label[]): Promise<ExactIndex> {
    const bytes = await readFile(path);
    const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const index = new ExactIndex(shape);
    index.#put(labels, data);
    return index;
  }

  get size(): number {
    return this.#labels.length;
  }

  labels(): Label[] {
    return this.#labels.toSorted((a, b) => a - b);
  }

  has(label: Label): boolean {
    return this.#rowOf.has(label);
  }

  /** The row as it is held (of unit length for cosine): a view that the next change may overwrite. */
  rowOf(label: Label): Vector | undefined {
    const at = this.#rowOf.get(label);
    return at === undefined ? undefined : this.#data.subarray(at * this.dimension, (at + 1) * this.dimension);
  }

  add(labels: readonly Label[], vectors: Matrix): void {
    assertBatch(labels, vectors, this.dimension);
    this.#put(labels, prepareRows(this.metric, vectors.data, this.dimension));
  }

  remove(labels: readonly Label[]): number {
    let removed = 0;
    for (const label of labels) {
      const at = this.#rowOf.get(label);
      if (at === undefined) continue;
      const last = this.size - 1;
      const moved = this.#labels[last] as Label;
      this.#data.copyWithin(at * this.dimension, last * this.dimension, (last + 1) * this.dimension);
      this.#labels[at] = moved;
      this.#rowOf.set(moved, at);
      this.#labels.pop();
      this.#rowOf.delete(label);
      removed++;
    }
    return removed;
  }

  search(query: Vector, k: number): Neighbor[] {
    assertQuery(query, k, this.dimension);
    const asked = prepareRows(this.metric, query, this.dimension);
    const scoreAt = scorer(this.metric);
    const best = new TopK(k);
    for (let at = 0; at < this.size; at++) {
      best.offer(this.#labels[at] as Label, scoreAt(asked, this.#data, at * this.dimension));
    }
    return best.sorted();
  }

  async save(path: string): Promise<void> {
    await writeFileAtomic(path, this.#savedParts());
  }

  close(): void {
    this.#labels.length = 0;
    this.#rowOf.clear();
    this.#data = new Float32Array(0);
  }

  /** `rows` are prepared. */
  #put(labels: readonly Label[], rows: Float32Array): void {
    this.#reserve(this.size + labels.length);
    labels.forEach((label, i) => {
      const at = this.#rowOf.get(label) ?? this.size;
      if (at === this.size) {
        this.#labels.push(label);
        this.#rowOf.set(label, at);
      }
      this.#data.set(rows.subarray(i * this.dimension, (i + 1) * this.dimension), at * this.dimension);
    });
  }

  *#savedParts(): Generator<Uint8Array> {
    const labels = this.labels();
    for (let from = 0; from < labels.length; from += SAVED_ROWS_AT_ONCE) {
      const some = labels.slice(from, from + SAVED_ROWS_AT_ONCE);
      const part = new Float32Array(some.length * this.dimension);
      some.forEach((label, i) => {
        part.set(this.rowOf(label) ?? [], i * this.dimension);
      });
      yield new Uint8Array(part.buffer);
    }
  }

  #reserve(rows: number): void {
    if (rows * this.dimension <= this.#data.length) return;
    const capacity = Math.max(rows, Math.ceil((this.#data.length / this.dimension) * 2), 64);
    const grown = new Float32Array(capacity * this.dimension);
    grown.set(this.#data.subarray(0, this.size * this.dimension));
    this.#data = grown;
  }
}
