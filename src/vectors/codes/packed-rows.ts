// Rows of numbers under labels, packed without gaps: what the scanned indexes hold. Growing doubles the room; removing
// moves the last row into the gap. Knows nothing of what the numbers mean.
import type { Label } from '../../core/views.ts';

export type Packed = Int8Array | Uint32Array | Float32Array;

/** `stride` numbers for each row, one row after another. `data` is replaced when it grows: never keep it. */
export class Column<T extends Packed> {
  readonly stride: number;
  data: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T, stride: number) {
    this.#make = make;
    this.stride = stride;
    this.data = make(0);
  }

  reserve(rows: number): void {
    if (rows * this.stride <= this.data.length) return;
    const grown = this.#make(rows * this.stride);
    grown.set(this.data);
    this.data = grown;
  }

  copyRow(from: number, to: number): void {
    this.data.copyWithin(to * this.stride, from * this.stride, (from + 1) * this.stride);
  }

  /** The rows in use, as a view. */
  used(rows: number): T {
    return this.data.subarray(0, rows * this.stride) as T;
  }
}

const LEAST_ROWS = 64;

export class PackedRows {
  /** Label of each row. */
  readonly labels: Label[] = [];
  readonly #rowOf = new Map<Label, number>();
  readonly #columns: readonly Column<Packed>[];
  #room = 0;

  constructor(columns: readonly Column<Packed>[], capacity = 0) {
    this.#columns = columns;
    this.reserve(capacity);
  }

  get size(): number {
    return this.labels.length;
  }

  /** All labels, ascending. */
  sortedLabels(): Label[] {
    return this.labels.toSorted((a, b) => a - b);
  }

  rowOf(label: Label): number | undefined {
    return this.#rowOf.get(label);
  }

  /** The label's row, or a new one at the end: the caller writes its numbers. */
  place(label: Label): number {
    const known = this.#rowOf.get(label);
    if (known !== undefined) return known;
    const row = this.labels.length;
    if (row >= this.#room) this.reserve(Math.max(LEAST_ROWS, 2 * this.#room));
    this.labels.push(label);
    this.#rowOf.set(label, row);
    return row;
  }

  /** False if the label is not there. The last row takes the place of the one that goes. */
  remove(label: Label): boolean {
    const row = this.#rowOf.get(label);
    if (row === undefined) return false;
    const last = this.labels.length - 1;
    const moved = this.labels[last] as Label;
    for (const column of this.#columns) column.copyRow(last, row);
    this.labels[row] = moved;
    this.#rowOf.set(moved, row);
    this.labels.pop();
    this.#rowOf.delete(label);
    return true;
  }

  /** Takes these labels for the rows that the columns were filled with. Only for an empty object. */
  takeOver(labels: Iterable<number>): void {
    for (const label of labels) {
      this.#rowOf.set(label as Label, this.labels.length);
      this.labels.push(label as Label);
    }
    this.#room = this.labels.length;
  }

  reserve(rows: number): void {
    if (rows <= this.#room) return;
    for (const column of this.#columns) column.reserve(rows);
    this.#room = rows;
  }

  clear(): void {
    this.labels.length = 0;
    this.#rowOf.clear();
    this.#room = 0;
    for (const column of this.#columns) column.data = column.data.slice(0, 0);
  }
}
