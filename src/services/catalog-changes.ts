// Tells any number of listeners that another process changed the catalog. The catalog itself says so once, to whoever asks
// first; here everybody hears of it.
import type { Catalog } from '../store/catalog.ts';

export class CatalogChanges {
  readonly #catalog: Catalog;
  #count = 0;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Grows by one with each change from elsewhere; 0 at first. Ask before reading what the change may concern. */
  async count(): Promise<number> {
    if (await this.#catalog.changedElsewhere()) this.#count++;
    return this.#count;
  }
}
