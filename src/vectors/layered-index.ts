// Two layers that answer as one index: an immutable base (a graph, usually a mapped file) and an exact delta for what
// came since, with a list of the base's labels that count no more. Knows no file, thread or source.
import type { Matrix, Vector } from '../core/vector.ts';
import type { Label } from '../core/views.ts';
import { ExactIndex } from './exact-index.ts';
import { topK } from './select.ts';
import type { Metric, Neighbor, VectorIndex } from './vector-index.ts';

export class LayeredIndex {
  readonly base: VectorIndex | undefined;
  readonly #delta: ExactIndex;
  /** Labels of the base that were removed, or replaced by a row of the delta. */
  readonly #hidden = new Set<Label>();

  constructor(shape: { readonly dimension: number; readonly metric: Metric }, base?: VectorIndex) {
    this.base = base;
    this.#delta = new ExactIndex(shape);
  }

  get size(): number {
    return this.#baseSize + this.#delta.size;
  }

  /** Additions and removals that the base does not know of. */
  get pending(): number {
    return this.#delta.size + this.#hidden.size;
  }

  has(label: Label): boolean {
    return this.#delta.has(label) || (this.base?.has(label) === true && !this.#hidden.has(label));
  }

  /** All live labels, ascending. */
  labels(): Label[] {
    const fromBase = this.base?.labels().filter((label) => !this.#hidden.has(label)) ?? [];
    return [...fromBase, ...this.#delta.labels()].sort((a, b) => a - b);
  }

  /** Adds or replaces. Throws INTERNAL for a wrong shape. */
  add(labels: readonly Label[], vectors: Matrix): void {
    this.#delta.add(labels, vectors);
    this.#hide(labels);
  }

  /** Returns how many were there. */
  remove(labels: readonly Label[]): number {
    const present = [...new Set(labels)].filter((label) => this.has(label));
    this.#delta.remove(present);
    this.#hide(present);
    return present.length;
  }

  /**
   * At most k neighbors, best first. `isWhole` is false where the base found fewer than it holds, as a graph may when k
   * nears its size or when many vectors are equal.
   */
  search(query: Vector, k: number, ef: number): { readonly neighbors: Neighbor[]; readonly isWhole: boolean } {
    const fresh = this.#delta.search(query, k);
    const found = this.#searchBase(query, k, ef);
    return { neighbors: topK([...fresh, ...found], k), isWhole: found.length >= Math.min(k, this.#baseSize) };
  }

  /** How many labels of the delta are not among these. */
  pendingBut(known: ReadonlySet<Label>): number {
    return this.#delta.labels().filter((label) => !known.has(label)).length;
  }

  /**
   * The same index upon a new base. The delta keeps what the base lacks, and what `changed` since the base's vectors
   * were read, in either direction. This object must not be used afterwards.
   */
  rebase(base: VectorIndex | undefined, changed: ReadonlySet<Label>): LayeredIndex {
    const { dimension, metric } = this.#delta;
    const next = new LayeredIndex({ dimension, metric }, base);
    for (const label of this.#delta.labels()) {
      if (base?.has(label) === true && !changed.has(label)) continue;
      const data = this.#delta.rowOf(label);
      if (data !== undefined) next.#delta.add([label], { rows: 1, dimension, data });
    }
    next.#hide([...changed]);
    this.close();
    return next;
  }

  close(): void {
    this.base?.close();
    this.#delta.close();
    this.#hidden.clear();
  }

  get #baseSize(): number {
    return (this.base?.size ?? 0) - this.#hidden.size;
  }

  #hide(labels: readonly Label[]): void {
    for (const label of labels) if (this.base?.has(label) === true) this.#hidden.add(label);
  }

  /** Hidden labels take places among the nearest, so more are fetched until enough are left. */
  #searchBase(query: Vector, k: number, ef: number): Neighbor[] {
    const { base } = this;
    if (base === undefined || this.#baseSize === 0) return [];
    const wanted = Math.min(k, this.#baseSize);
    const most = Math.min(base.size, wanted + this.#hidden.size);
    let fetched = Math.min(most, wanted + Math.min(wanted, this.#hidden.size));
    for (;;) {
      const live = base
        .search(query, fetched, { ef: Math.max(ef, fetched) })
        .filter(({ label }) => !this.#hidden.has(label));
      if (live.length >= wanted || fetched >= most) return live.slice(0, wanted);
      fetched = Math.min(most, fetched * 4);
    }
  }
}
