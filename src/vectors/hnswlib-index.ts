// The adapter to hnswlib-node: an HNSW graph of f32 vectors, held in memory. The package is optional and needs a
// compiler, so it is imported when it is asked for. Its calls take plain arrays only.
import type { HierarchicalNSW } from 'hnswlib-node';
import { AppError } from '../core/errors.ts';
import type { Matrix, Vector } from '../core/vector.ts';
import type { Label } from '../core/views.ts';
import { defaultEf, EF_CONSTRUCTION, M } from './graph-parameters.ts';
import { lastOfEach } from './label-list.ts';
import { assertBatch, assertQuery, prepareRows } from './metric.ts';
import { compareNeighbors } from './select.ts';
import type { Metric, Neighbor, SearchOptions, VectorIndex } from './vector-index.ts';

interface Shape {
  readonly dimension: number;
  readonly metric: Metric;
  readonly capacity?: number;
}

const LEAST_CAPACITY = 64;
/** Levels of nodes are drawn at random; a fixed seed makes equal input an equal graph. */
const SEED = 100;

export class HnswlibIndex implements VectorIndex {
  readonly kind = 'hnswlib';
  readonly metric: Metric;
  readonly dimension: number;
  #graph: HierarchicalNSW;
  readonly #live: Set<Label>;
  /** Marked as deleted and still in the graph: the library lists them with the others. */
  #deleted: Set<Label>;

  private constructor(graph: HierarchicalNSW, { dimension, metric }: Shape, live: readonly Label[]) {
    this.#graph = graph;
    this.dimension = dimension;
    this.metric = metric;
    this.#live = new Set(live);
    this.#deleted = this.#listDeleted();
  }

  /** An empty index. Throws INDEX_UNAVAILABLE. */
  static async create(shape: Shape): Promise<HnswlibIndex> {
    const graph = await newGraph(shape);
    graph.initIndex({
      maxElements: Math.max(LEAST_CAPACITY, shape.capacity ?? 0),
      m: M,
      efConstruction: EF_CONSTRUCTION,
      randomSeed: SEED,
      allowReplaceDeleted: true,
    });
    return new HnswlibIndex(graph, shape, []);
  }

  /** A saved index, read into memory off the main thread. `labels`: those that were live; the file lists deleted ones too. */
  static async load(path: string, shape: Shape, labels: readonly Label[]): Promise<HnswlibIndex> {
    const graph = await newGraph(shape);
    await graph.readIndex(path, true);
    return new HnswlibIndex(graph, shape, labels);
  }

  get size(): number {
    return this.#live.size;
  }

  labels(): Label[] {
    return [...this.#live].sort((a, b) => a - b);
  }

  has(label: Label): boolean {
    return this.#live.has(label);
  }

  add(labels: readonly Label[], vectors: Matrix): void {
    assertBatch(labels, vectors, this.dimension);
    const data = prepareRows(this.metric, vectors.data, this.dimension);
    const kept = lastOfEach(labels);
    const entries = kept.labels.map((label, i) => ({ label, row: kept.rows?.[i] ?? i }));
    const isKnown = ({ label }: { label: Label }) => this.#live.has(label) || this.#deleted.has(label);
    const point = (row: number) => Array.from(data.subarray(row * this.dimension, (row + 1) * this.dimension));

    for (const { label, row } of entries.filter(isKnown)) {
      if (this.#deleted.delete(label)) this.#graph.unmarkDelete(label);
      this.#graph.addPoint(point(row), label);
      this.#live.add(label);
    }
    const fresh = entries.filter((entry) => !isKnown(entry));
    this.#reserve(fresh.length);
    // The places of deleted points are taken first. Which ones the library takes it does not say.
    const reused = Math.min(fresh.length, this.#deleted.size);
    fresh.forEach(({ label, row }, i) => {
      this.#graph.addPoint(point(row), label, i < reused);
      this.#live.add(label);
    });
    if (reused > 0) this.#deleted = this.#listDeleted();
  }

  remove(labels: readonly Label[]): number {
    let removed = 0;
    for (const label of labels) {
      if (!this.#live.delete(label)) continue;
      this.#graph.markDelete(label);
      this.#deleted.add(label);
      removed++;
    }
    return removed;
  }

  search(query: Vector, k: number, options: SearchOptions = {}): Neighbor[] {
    assertQuery(query, k, this.dimension);
    const asked = prepareRows(this.metric, query, this.dimension);
    if (this.size === 0) return [];
    const found = Math.min(k, this.size);
    this.#graph.setEf(Math.max(found, options.ef ?? defaultEf(found)));
    const { neighbors, distances } = this.#graph.searchKnn(Array.from(asked), found);
    return neighbors
      .map((label, i) => ({ label: label as Label, score: this.#scoreOf(distances[i] as number) }))
      .sort(compareNeighbors);
  }

  /** The library does not notice a disk that is full, so what was written is read back. Throws STORAGE_FAILED. */
  async save(path: string): Promise<void> {
    try {
      await this.#graph.writeIndex(path);
      const copy = await newGraph(this);
      await copy.readIndex(path, true);
      if (copy.getCurrentCount() !== this.#graph.getCurrentCount()) throw new Error('points are missing in the file');
    } catch (cause) {
      throw new AppError('STORAGE_FAILED', `The index could not be written to ${path}; is the disk full?`, { cause });
    }
  }

  /** The memory goes with the last reference to the graph; the library has no call for it. */
  close(): void {
    this.#live.clear();
    this.#deleted.clear();
    this.#graph = undefined as never;
  }

  /** The library's distances: 1 - dot product, or the squared Euclidean distance. */
  #scoreOf(distance: number): number {
    return this.metric === 'euclidean' ? -Math.sqrt(Math.max(0, distance)) : 1 - distance;
  }

  #listDeleted(): Set<Label> {
    return new Set((this.#graph.getIdsList() as Label[]).filter((label) => !this.#live.has(label)));
  }

  #reserve(added: number): void {
    const needed = this.#live.size + this.#deleted.size + added;
    const capacity = this.#graph.getMaxElements();
    if (needed > capacity) this.#graph.resizeIndex(Math.max(needed, capacity * 2));
  }
}

/** Loads the library. Throws INDEX_UNAVAILABLE where it is not installed or not compiled. */
export async function loadHnswlib(): Promise<typeof import('hnswlib-node')> {
  try {
    return (await import('hnswlib-node')).default;
  } catch (cause) {
    throw new AppError(
      'INDEX_UNAVAILABLE',
      'The hnswlib index needs the optional package hnswlib-node, which is not built here; run ' +
        '`npm rebuild hnswlib-node --ignore-scripts=false` (it needs a C++ compiler), or choose SEMBLANCE_INDEX=usearch.',
      { cause },
    );
  }
}

async function newGraph({ dimension, metric }: Shape): Promise<HierarchicalNSW> {
  const { HierarchicalNSW: Graph } = await loadHnswlib();
  return new Graph(metric === 'euclidean' ? 'l2' : 'ip', dimension);
}
