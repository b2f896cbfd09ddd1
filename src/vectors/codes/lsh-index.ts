// Locality-sensitive hashing: signatures of random hyperplanes (Charikar 2002), a hash table for each of their words,
// multi-probe (Lv et al. 2007). It holds signatures and byte rows, no Float32: about d + 150 bytes a vector.
import type { Matrix, Vector } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { defaultEf } from '../graph-parameters.ts';
import { assertBatch, assertQuery, prepareRows } from '../metric.ts';
import { TopK } from '../select.ts';
import type { Metric, Neighbor, SearchOptions, VectorIndex } from '../vector-index.ts';
import { ByteRows, byteQuery } from './byte-rows.ts';
import { readSections, writeSections } from './code-file.ts';
import { hammingAt } from './hamming.ts';
import { Hyperplanes, SIGNATURE_BITS } from './hyperplanes.ts';
import { LIFTED, Lift } from './lsh-lift.ts';
import { keyBitsFor, LshTables } from './lsh-tables.ts';
import { Column, PackedRows } from './packed-rows.ts';

interface Shape {
  readonly dimension: number;
  readonly metric: Metric;
  readonly capacity?: number;
}

/** For each of the ef rows whose bytes are scored, so many signatures are looked at. */
const SIGNATURES_PER_EF = 16;
/** Where even so many buckets do not bring enough rows, all signatures are scanned: at most a few milliseconds. */
const MOST_PROBES = 4096;
/** Mean, longest row and key length are taken anew when the index has grown by this factor. */
const GROWTH = 2;

/** What depends on all rows together: set when it is first needed, so that a build hashes each row once. */
interface Fitted {
  readonly lift: Lift;
  readonly tables: LshTables;
  readonly rows: number;
}

export class LshIndex implements VectorIndex {
  readonly kind = 'lsh';
  readonly metric: Metric;
  readonly dimension: number;
  readonly #bytes: ByteRows;
  readonly #signatures = new Column<Uint32Array>((length) => new Uint32Array(length), SIGNATURE_BITS / 32);
  readonly #rows: PackedRows;
  readonly #planes: Hyperplanes;
  readonly #lifted: Float32Array;
  #fitted: Fitted | undefined;

  constructor({ dimension, metric, capacity }: Shape) {
    this.dimension = dimension;
    this.metric = metric;
    this.#bytes = new ByteRows(dimension);
    this.#rows = new PackedRows([...this.#bytes.columns, this.#signatures as Column<never>], capacity);
    this.#planes = new Hyperplanes(dimension + LIFTED);
    this.#lifted = new Float32Array(dimension + LIFTED);
  }

  /** Reads what `save` wrote; the tables are filled anew from the signatures. Throws INDEX_INVALID. */
  static async load(path: string, shape: Shape): Promise<LshIndex> {
    const types = ['uint32', 'int8', 'float32', 'float32', 'uint32', 'float32', 'uint32'] as const;
    const [labels, codes, scales, squares, signatures, numbers, [fittedRows = 0]] = await readSections(path, types);
    const index = new LshIndex(shape);
    index.#bytes.codes.data = codes;
    index.#bytes.scales.data = scales;
    index.#bytes.squares.data = squares;
    index.#signatures.data = signatures;
    index.#rows.takeOver(labels);
    index.#fitted = {
      lift: new Lift(shape.metric, numbers),
      tables: new LshTables(index.#signatures, keyBitsFor(fittedRows), labels.length),
      rows: fittedRows,
    };
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
      const known = this.#rows.rowOf(label);
      if (known !== undefined) this.#fitted?.tables.delete(known);
      const row = this.#rows.place(label);
      this.#bytes.put(row, data, i * this.dimension);
      if (this.#fitted === undefined) return;
      this.#sign(row, data, i * this.dimension, this.#fitted.lift);
      this.#fitted.tables.insert(row);
    });
  }

  remove(labels: readonly Label[]): number {
    return labels.filter((label) => this.#remove(label)).length;
  }

  /**
   * `ef`: rows whose bytes are scored, those with the nearest signatures among 16 times as many that the tables bring
   * up; all rows where that is half of them or more. Always finds k where there are k.
   */
  search(query: Vector, k: number, options: SearchOptions = {}): Neighbor[] {
    assertQuery(query, k, this.dimension);
    const asked = prepareRows(this.metric, query, this.dimension);
    if (this.size === 0) return [];
    const { lift, tables } = this.#fit();
    lift.liftQuery(asked, this.#lifted);
    const { signature, margins } = this.#planes.sign(this.#lifted);
    const scored = Math.max(k, options.ef ?? defaultEf(k));
    const found = this.#collect(tables, signature, margins, scored * SIGNATURES_PER_EF);
    const bytes = byteQuery(this.metric, asked);
    const best = new TopK(k);
    for (const row of this.#nearestSignatures(signature, found, scored)) {
      best.offer(this.#rows.labels[row] as Label, this.#bytes.score(bytes, row));
    }
    return best.sorted();
  }

  async save(path: string): Promise<void> {
    const { lift, rows } = this.#fit();
    const columns = this.#bytes.columns.map((column) => column.used(this.size));
    const labels = Uint32Array.from(this.#rows.labels);
    const signatures = this.#signatures.used(this.size);
    await writeSections(path, [labels, ...columns, signatures, lift.numbers(), Uint32Array.of(rows)]);
  }

  close(): void {
    this.#rows.clear();
    this.#fitted = undefined;
  }

  #fit(): Fitted {
    if (this.#fitted !== undefined && this.size <= GROWTH * Math.max(1, this.#fitted.rows)) return this.#fitted;
    const { dimension, size } = this;
    const lift = Lift.fit(this.metric, dimension, size, (row, out) => this.#bytes.read(row, out));
    const vector = new Float32Array(dimension);
    for (let row = 0; row < size; row++) {
      this.#bytes.read(row, vector);
      this.#sign(row, vector, 0, lift);
    }
    this.#fitted = { lift, tables: new LshTables(this.#signatures, keyBitsFor(size), size), rows: size };
    return this.#fitted;
  }

  #sign(row: number, data: Float32Array, start: number, lift: Lift): void {
    lift.liftRow(data, start, this.#lifted);
    this.#signatures.data.set(this.#planes.sign(this.#lifted).signature, row * this.#signatures.stride);
  }

  /** Tables name rows by number, and the last row takes the number of the one that goes. */
  #remove(label: Label): boolean {
    const row = this.#rows.rowOf(label);
    if (row === undefined) return false;
    const last = this.size - 1;
    this.#fitted?.tables.delete(row);
    if (last !== row) this.#fitted?.tables.delete(last);
    this.#rows.remove(label);
    if (last !== row) this.#fitted?.tables.insert(row);
    return true;
  }

  /** At least `wanted` rows, or all. */
  #collect(tables: LshTables, signature: Uint32Array, margins: Float32Array, wanted: number): Iterable<number> {
    if (wanted >= this.size / 2) return Array(this.size).keys();
    const found = new Set<number>();
    for (const bucket of tables.probe(signature, margins, MOST_PROBES)) {
      for (const row of bucket) found.add(row);
      if (found.size >= wanted) return found;
    }
    return Array(this.size).keys();
  }

  /** Those of the `count` nearest, and all that are as near as the last of them: the answer knows no order of buckets. */
  #nearestSignatures(signature: Uint32Array, rows: Iterable<number>, count: number): number[] {
    const { data, stride } = this.#signatures;
    const byDistance: number[][] = Array.from({ length: SIGNATURE_BITS + 1 }, () => []);
    for (const row of rows) byDistance[hammingAt(signature, data, row * stride)]?.push(row);
    const nearest: number[] = [];
    for (const some of byDistance) {
      if (nearest.length >= count) break;
      for (const row of some) nearest.push(row);
    }
    return nearest;
  }
}
