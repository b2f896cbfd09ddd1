// Pictures that a person took out of the library while their files stay on disk: remembered by content, so that the
// next look at the folder does not bring them back.
import type { Catalog } from '../../store/catalog.ts';

const KEY = 'removed-pictures/1';

export class RemovedPictures {
  readonly #catalog: Catalog;
  readonly #hashes: Set<string>;

  private constructor(catalog: Catalog, hashes: readonly string[]) {
    this.#catalog = catalog;
    this.#hashes = new Set(hashes);
  }

  static async open(catalog: Catalog): Promise<RemovedPictures> {
    const stored = await catalog.getArtifact(KEY);
    const text = stored === undefined ? '' : Buffer.from(stored).toString('utf8');
    return new RemovedPictures(
      catalog,
      text.split('\n').filter((line) => line !== ''),
    );
  }

  has(sha256: string): boolean {
    return this.#hashes.has(sha256);
  }

  async remember(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) this.#hashes.add(hash);
    await this.#save();
  }

  /** They are wanted again: someone added them by hand. */
  async takeBack(hashes: readonly string[]): Promise<void> {
    const dropped = hashes.filter((hash) => this.#hashes.delete(hash));
    if (dropped.length > 0) await this.#save();
  }

  async #save(): Promise<void> {
    await this.#catalog.putArtifact(KEY, Buffer.from([...this.#hashes].join('\n')));
  }
}
