// The index that services use: always right, never waiting. A graph from a file answers together with an exact layer
// for what came since; while the graph is missing, stale or too old, exact search serves and a thread builds a new one.

import { AppError, isAppError } from '../core/errors.ts';
import type { Matrix, Vector } from '../core/vector.ts';
import { pack } from '../core/vector.ts';
import type { Label } from '../core/views.ts';
import { buildIndexFile } from './build-index-file.ts';
import { defaultEf } from './graph-parameters.ts';
import { openIndexFile } from './index-file.ts';
import { LabelChanges } from './label-changes.ts';
import { diffLabels } from './label-list.ts';
import { LayeredIndex } from './layered-index.ts';
import type { LiveIndexOptions, LiveIndexStatus } from './live-index-options.ts';
import { assertAvailable } from './make-index.ts';
import { assertQuery } from './metric.ts';
import { scanExact, TopK } from './select.ts';
import type { Neighbor, SearchOptions, VectorIndex } from './vector-index.ts';

const REBUILD_AT = { fraction: 0.2, minimum: 2000 };
const ROWS_AT_ONCE = 512;

export class LiveIndex {
  readonly #options: LiveIndexOptions;
  readonly #stop = new AbortController();
  #layers: LayeredIndex;
  readonly #changes = new LabelChanges();
  #build: Promise<void> | undefined;
  #reconciling: Promise<void> = Promise.resolve();
  /** After a build that failed or left something out, the next one waits until this much is pending. */
  #heldBackUntil = 0;

  private constructor(options: LiveIndexOptions) {
    this.#options = options;
    this.#layers = new LayeredIndex(options);
  }

  /**
   * Opens the index file and catches up with the source; without a usable file it reads every vector and builds in the
   * background. Throws INDEX_UNAVAILABLE where the kind's library is not installed, and what the source throws.
   */
  static async open(options: LiveIndexOptions): Promise<LiveIndex> {
    await assertAvailable(options.kind);
    const live = new LiveIndex(options);
    await live.#openLayers();
    return live;
  }

  /** Labels that a search can return. */
  get size(): number {
    return this.#layers.size;
  }

  has(label: Label): boolean {
    return this.#layers.has(label);
  }

  status(): LiveIndexStatus {
    const { kind } = this.#options;
    const { base, size, pending } = this.#layers;
    const state = this.#build !== undefined ? 'BUILDING' : base === undefined ? 'EXACT' : 'READY';
    return { kind, state, size, pending: kind === 'exact' ? 0 : pending };
  }

  /** Adds or replaces; found by the next search. Throws INTERNAL for a wrong shape, SHUTTING_DOWN. */
  add(labels: readonly Label[], vectors: Matrix): void {
    this.#assertOpen();
    this.#layers.add(labels, vectors);
    this.#changes.record(labels);
    this.#buildIfDue();
  }

  /** Returns how many were there; none of them is returned by a search again. Throws SHUTTING_DOWN. */
  remove(labels: readonly Label[]): number {
    this.#assertOpen();
    const removed = this.#layers.remove(labels);
    this.#changes.record(labels);
    this.#buildIfDue();
    return removed;
  }

  /**
   * The k nearest, best first, ties by smaller label, never fewer than min(k, size). Scores from the graph are as it
   * holds them (f16 rounds to about 3 digits). `ef`: max(64, 2k) if not given. Throws INTERNAL, SHUTTING_DOWN.
   */
  async search(query: Vector, k: number, { ef = defaultEf(k) }: SearchOptions = {}): Promise<Neighbor[]> {
    this.#assertOpen();
    assertQuery(query, k, this.#options.dimension);
    const { neighbors, isWhole } = this.#layers.search(query, k, ef);
    return isWhole ? neighbors : this.#scanSource(query, k, ef, neighbors);
  }

  /** Compares with the source again, which another process may have changed, and takes over what differs. */
  async reconcile(): Promise<void> {
    this.#assertOpen();
    const turn = this.#reconciling.then(() => this.#takeOverSource());
    this.#reconciling = turn.catch(() => undefined);
    await turn;
  }

  /** Builds a new graph from the source, or joins the build under way; rejects if it fails. Kind `exact`: reconciles. */
  async rebuild(): Promise<void> {
    this.#assertOpen();
    if (this.#options.kind === 'exact') await this.reconcile();
    else await (this.#build ?? this.#startBuild());
  }

  /** Waits until nothing is under way; never rejects. */
  async settled(): Promise<void> {
    while (this.#build !== undefined) await this.#build.catch(() => undefined);
    await this.#reconciling;
    if (this.#build !== undefined) await this.settled();
  }

  /** Stops a build and waits for its end; the files on disk stay valid. The index refuses everything afterwards. */
  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.settled();
    this.#layers.close();
  }

  async #openLayers(): Promise<void> {
    const { kind, source } = this.#options;
    const wanted = await source.labels();
    const base = kind === 'exact' ? undefined : await this.#openBase(wanted.length > 0);
    const { missing, surplus } = diffLabels(wanted, base?.labels() ?? []);
    // A graph of which half is gone would mostly be walked in vain, and one that lacks more than it has helps little.
    const isWorthKeeping = base !== undefined && surplus.length <= base.size / 2 && missing.length <= base.size;
    if (isWorthKeeping) {
      this.#layers = new LayeredIndex(this.#options, base);
      this.#layers.remove(surplus);
      await this.#read(missing, new Set());
    } else {
      base?.close();
      for await (const { labels, vectors } of source.scan(ROWS_AT_ONCE)) this.#layers.add(labels, vectors);
    }
    if (!isWorthKeeping && kind !== 'exact' && this.size > 0) this.#startBuild().catch(() => undefined);
    this.#buildIfDue();
  }

  async #openBase(isMissed: boolean): Promise<VectorIndex | undefined> {
    try {
      return (await openIndexFile(this.#options, this.#options)).index;
    } catch (error) {
      if (!isAppError(error, 'INDEX_INVALID')) throw error;
      if (isMissed && error.details.reason !== 'missing') this.#options.onWarning?.(error.message, error);
      return undefined;
    }
  }

  #buildIfDue(): void {
    const { kind, rebuildAt = REBUILD_AT } = this.#options;
    const { base, pending } = this.#layers;
    const limit = Math.max(rebuildAt.minimum, rebuildAt.fraction * (base?.size ?? 0), this.#heldBackUntil);
    const isBusy = this.#build !== undefined || this.#stop.signal.aborted;
    if (kind !== 'exact' && pending > limit && !isBusy) this.#startBuild().catch(() => undefined);
  }

  #startBuild(): Promise<void> {
    const build = this.#changes
      .during(async (changed) => {
        await this.#buildBase(changed);
        // What the source does not hold stays pending through every build: no reason for yet another.
        this.#heldBackUntil = 2 * this.#layers.pendingBut(changed);
      })
      .catch((error: unknown) => {
        if (isAppError(error, 'SHUTTING_DOWN')) throw error;
        this.#heldBackUntil = 2 * this.#layers.pending;
        this.#options.onWarning?.(`The index ${this.#options.name} could not be built; exact search serves.`, error);
        throw error;
      })
      .finally(() => {
        this.#build = undefined;
        this.#buildIfDue();
      });
    this.#build = build;
    return build;
  }

  async #buildBase(changed: ReadonlySet<Label>): Promise<void> {
    const { source } = this.#options;
    const { directory, name, kind, fingerprint, dimension, metric } = this.#options;
    const task = {
      place: { directory, name },
      identity: { kind, fingerprint, dimension, metric },
      capacity: this.size,
    };
    const generation = await buildIndexFile(task, source, this.#stop.signal);
    const opened = generation === undefined ? undefined : await openIndexFile(this.#options, this.#options);
    this.#layers = this.#layers.rebase(opened?.index, changed);
    // Another process was faster with a graph of its own, from vectors it read at a time we do not know.
    if (opened?.generation !== generation) await this.#takeOverSource();
  }

  async #takeOverSource(): Promise<void> {
    await this.#changes.during(async (changed) => {
      const { missing, surplus } = diffLabels(await this.#options.source.labels(), this.#layers.labels());
      // What changed since the source was asked is known better here than in its answer.
      const gone = surplus.filter((label) => !changed.has(label));
      this.#layers.remove(gone);
      this.#changes.record(gone);
      await this.#read(missing, changed);
    });
    this.#buildIfDue();
  }

  /** Adds these labels from the source, but for those that change while they are read. */
  async #read(labels: readonly Label[], changed: ReadonlySet<Label>): Promise<void> {
    for (let from = 0; from < labels.length; from += ROWS_AT_ONCE) {
      const vectors = await this.#options.source.get(labels.slice(from, from + ROWS_AT_ONCE));
      const entries = [...vectors].filter(([label]) => !changed.has(label));
      const rows = entries.map(([, vector]) => vector);
      const read = entries.map(([label]) => label);
      this.#layers.add(read, pack(rows, this.#options.dimension));
      this.#changes.record(read);
    }
  }

  /** What the graph could not reach is found in the source: slow, rare and complete. */
  async #scanSource(query: Vector, k: number, ef: number, reached: readonly Neighbor[]): Promise<Neighbor[]> {
    const { source, metric } = this.#options;
    const unseen = new Map(reached.map((neighbor) => [neighbor.label, neighbor]));
    const best = new TopK(k);
    const found = await this.#changes.during(async (changed) => {
      for await (const batch of source.scan(ROWS_AT_ONCE)) {
        for (const { label, score } of scanExact(query, batch, batch.labels.length, metric)) {
          unseen.delete(label);
          if (this.#layers.has(label)) best.offer(label, score);
        }
      }
      for (const { label, score } of unseen.values()) best.offer(label, score);
      // A change in the meantime may have taken a place among the best from another.
      return changed.size === 0 ? best.sorted() : undefined;
    });
    return found ?? this.search(query, k, { ef });
  }

  #assertOpen(): void {
    if (this.#stop.signal.aborted) throw new AppError('SHUTTING_DOWN', 'The index is closed and takes no new work.');
  }
}
