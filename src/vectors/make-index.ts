// The registry of index adapters: the only file that knows them all.
import type { Label } from '../core/views.ts';
import { BinaryIndex } from './codes/binary-index.ts';
import { Int8Index } from './codes/int8-index.ts';
import { LshIndex } from './codes/lsh-index.ts';
import { ExactIndex } from './exact-index.ts';
import { HnswlibIndex, loadHnswlib } from './hnswlib-index.ts';
import { loadUsearch, UsearchIndex } from './usearch-index.ts';
import type { IndexKind, Metric, VectorIndex } from './vector-index.ts';

export interface IndexShape {
  readonly dimension: number;
  readonly metric: Metric;
  /** Vectors that are expected, where the index can make room for them at once. */
  readonly capacity?: number;
}

/** An empty index. Throws INDEX_UNAVAILABLE where its library is not installed. */
export async function createIndex(kind: IndexKind, shape: IndexShape): Promise<VectorIndex> {
  if (kind === 'usearch') return UsearchIndex.create(shape);
  if (kind === 'hnswlib') return HnswlibIndex.create(shape);
  if (kind === 'lsh') return new LshIndex(shape);
  if (kind === 'int8') return new Int8Index(shape);
  if (kind === 'binary') return new BinaryIndex(shape);
  return new ExactIndex(shape);
}

/**
 * Opens what `save` wrote; the result may be read-only. `labels`: those it held, ascending (not every library can list
 * them). The file must be known to be whole: the libraries trust it. Throws INDEX_UNAVAILABLE, or the library's error.
 */
export async function loadIndex(
  kind: IndexKind,
  path: string,
  shape: IndexShape,
  labels: readonly Label[],
): Promise<VectorIndex> {
  if (kind === 'usearch') return UsearchIndex.view(path, shape, labels);
  if (kind === 'hnswlib') return HnswlibIndex.load(path, shape, labels);
  if (kind === 'lsh') return LshIndex.load(path, shape);
  if (kind === 'int8') return Int8Index.load(path, shape);
  if (kind === 'binary') return BinaryIndex.load(path, shape);
  return ExactIndex.load(path, shape, labels);
}

/** Throws INDEX_UNAVAILABLE, naming the remedy, where the kind's library cannot be loaded. */
export async function assertAvailable(kind: IndexKind): Promise<void> {
  if (kind === 'usearch') await loadUsearch();
  if (kind === 'hnswlib') await loadHnswlib();
}
