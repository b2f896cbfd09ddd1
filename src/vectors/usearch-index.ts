// The adapter to usearch: an HNSW graph of f16 vectors that is built in memory and served memory-mapped from its file.
// The library cannot list its labels, has no filter and is synchronous throughout; index-file.ts and the build worker see to that.
import { availableParallelism } from 'node:os';
import type { Index } from 'usearch';
import { AppError } from '../core/errors.ts';
import { type Matrix, pickRows, type Vector } from '../core/vector.ts';
import type { Label } from '../core/views.ts';
import { defaultEf, EF_CONSTRUCTION, M } from './graph-parameters.ts';
import { lastOfEach } from './label-list.ts';
import { assertBatch, assertQuery, prepareRows } from './metric.ts';
import { compareNeighbors } from './select.ts';
import type { Metric, Neighbor, SearchOptions, VectorIndex } from './vector-index.ts';

interface Shape {
  readonly dimension: number;
  readonly metric: Metric;
}

/** One core stays free for serving. Never 1: the library sizes its search contexts by the threads of the last add. */
const BUILD_THREADS = Math.max(2, availableParallelism() - 1);
/**
 * The walk keeps max(expansion_search, k) candidates and expansion_search is fixed for life. So it is set to nothing,
 * and `search` asks for k = ef and cuts the answer: ef then means what it says.
 */
const EXPANSION_SEARCH = 1;

export class UsearchIndex implements VectorIndex {
  readonly kind = 'usearch';
  readonly metric: Metric;
  readonly dimension: number;
  #index: Index;
  readonly #labels: Set<Label>;
  readonly #isReadOnly: boolean;

  private constructor(index: Index, { dimension, metric }: Shape, labels: Iterable<Label>, isReadOnly: boolean) {
    this.#index = index;
    this.dimension = dimension;
    this.metric = metric;
    this.#labels = new Set(labels);
    this.#isReadOnly = isReadOnly;
  }

  /** An empty index that takes vectors. Throws INDEX_UNAVAILABLE. */
  static async create(shape: Shape): Promise<UsearchIndex> {
    return new UsearchIndex(await newGraph(shape), shape, [], false);
  }

  /** A saved index, memory-mapped: searched at once, never changed (add and remove throw INTERNAL). */
  static async view(path: string, shape: Shape, labels: readonly Label[]): Promise<UsearchIndex> {
    const graph = await newGraph(shape);
    graph.view(path);
    return new UsearchIndex(graph, shape, labels, true);
  }

  get size(): number {
    return this.#labels.size;
  }

  labels(): Label[] {
    return [...this.#labels].sort((a, b) => a - b);
  }

  has(label: Label): boolean {
    return this.#labels.has(label);
  }

  /** f16 holds numbers up to 65,504 with three digits: cosine vectors are made unit length first, others must fit. */
  add(labels: readonly Label[], vectors: Matrix): void {
    assertBatch(labels, vectors, this.dimension);
    this.#assertWritable();
    if (labels.length === 0) return;
    const rows = prepareRows(this.metric, vectors.data, this.dimension);
    const kept = lastOfEach(labels);
    this.remove(kept.labels);
    const packed = kept.rows === undefined ? rows : pickRows({ ...vectors, data: rows }, kept.rows).data;
    this.#index.add(BigUint64Array.from(kept.labels, BigInt), packed, BUILD_THREADS);
    for (const label of kept.labels) this.#labels.add(label);
  }

  remove(labels: readonly Label[]): number {
    this.#assertWritable();
    const present = [...new Set(labels)].filter((label) => this.#labels.delete(label));
    if (present.length > 0) this.#index.remove(BigUint64Array.from(present, BigInt));
    return present.length;
  }

  search(query: Vector, k: number, options: SearchOptions = {}): Neighbor[] {
    assertQuery(query, k, this.dimension);
    const asked = prepareRows(this.metric, query, this.dimension);
    if (this.size === 0) return [];
    const walked = Math.min(this.size, Math.max(k, options.ef ?? defaultEf(k)));
    const { keys, distances } = this.#index.search(asked, walked, 1);
    const neighbors: Neighbor[] = [];
    for (let i = 0; i < Math.min(k, keys.length); i++) {
      neighbors.push({ label: Number(keys[i]) as Label, score: this.#scoreOf(distances[i] as number) });
    }
    return neighbors.sort(compareNeighbors);
  }

  async save(path: string): Promise<void> {
    this.#index.save(path);
  }

  /** The graph and its mapping go with the last reference to them; the library has no call for it. */
  close(): void {
    this.#labels.clear();
    this.#index = undefined as never;
  }

  /** The library's distances: 1 - dot product, or the squared Euclidean distance. */
  #scoreOf(distance: number): number {
    return this.metric === 'euclidean' ? -Math.sqrt(Math.max(0, distance)) : 1 - distance;
  }

  #assertWritable(): void {
    if (this.#isReadOnly) {
      throw new AppError('INTERNAL', 'This usearch index is a view of a file and cannot change; build a new one.');
    }
  }
}

/** Loads the library. Throws INDEX_UNAVAILABLE where it brings no binary for this machine. */
export async function loadUsearch(): Promise<typeof import('usearch')> {
  try {
    return await import('usearch');
  } catch (cause) {
    throw new AppError(
      'INDEX_UNAVAILABLE',
      'The usearch library cannot be loaded on this machine; run `npm ci`, or choose SEMBLANCE_INDEX=exact.',
      { cause },
    );
  }
}

/** Cosine is asked as a dot product of unit vectors, which costs less and knows what to do with zero. */
async function newGraph({ dimension, metric }: Shape): Promise<Index> {
  const { Index: Graph, MetricKind, ScalarKind } = await loadUsearch();
  return new Graph({
    dimensions: dimension,
    metric: metric === 'euclidean' ? MetricKind.L2sq : MetricKind.IP,
    quantization: ScalarKind.F16,
    connectivity: M,
    expansion_add: EF_CONSTRUCTION,
    expansion_search: EXPANSION_SEARCH,
    multi: false,
  });
}
