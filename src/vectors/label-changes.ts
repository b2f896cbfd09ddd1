// Which labels change while slower work is under way, whose view of them is older: a build, or a look at the source.
import type { Label } from '../core/views.ts';

export class LabelChanges {
  readonly #watched = new Set<Set<Label>>();

  /** Runs the work with a set that grows by every label that changes until it ends. */
  async during<T>(work: (changed: ReadonlySet<Label>) => Promise<T>): Promise<T> {
    const changed = new Set<Label>();
    this.#watched.add(changed);
    try {
      return await work(changed);
    } finally {
      this.#watched.delete(changed);
    }
  }

  record(labels: readonly Label[]): void {
    for (const changed of this.#watched) for (const label of labels) changed.add(label);
  }
}
