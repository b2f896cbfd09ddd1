// Pictures that a person has said are no duplicates of each other: remembered in pairs, so that they are not shown as
// duplicates again. Ids are never given to another picture, so a pair stays true for as long as both exist.
import type { ImageId } from '../../core/views.ts';
import type { DuplicatePair } from '../../query/duplicates.ts';
import type { Catalog } from '../../store/catalog.ts';

const KEY = 'distinct-pictures/1';

export class DistinctPictures {
  readonly #catalog: Catalog;
  /** One write after another: each reads what the one before has written. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Read anew each time, for another process may have added to them. */
  async pairs(): Promise<DuplicatePair<ImageId>[]> {
    const stored = await this.#catalog.getArtifact(KEY);
    const lines = stored === undefined ? [] : Buffer.from(stored).toString('utf8').split('\n');
    return lines.flatMap((line) => {
      const match = /^(\d+) (\d+)$/.exec(line);
      return match === null ? [] : [{ a: Number(match[1]) as ImageId, b: Number(match[2]) as ImageId }];
    });
  }

  /** Every two of them are two pictures from now on. Returns how many pairs were new. */
  async remember(ids: readonly ImageId[]): Promise<number> {
    const turn = this.#writing.then(() => this.#add(ids));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #add(ids: readonly ImageId[]): Promise<number> {
    const known = new Set((await this.pairs()).map(({ a, b }) => `${a} ${b}`));
    const before = known.size;
    const sorted = [...new Set(ids)].sort((a, b) => a - b);
    sorted.forEach((a, i) => {
      for (const b of sorted.slice(i + 1)) known.add(`${a} ${b}`);
    });
    if (known.size > before) await this.#catalog.putArtifact(KEY, Buffer.from([...known].join('\n')));
    return known.size - before;
  }
}
