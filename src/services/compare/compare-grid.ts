// The neighbour grid of a comparison: a few pictures of different classes, asked in every space by exact search on cosine.
import { join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { row } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { drawNeighborGrid, type GridFormat } from '../../media/neighbor-grid.ts';
import { readFileLimited } from '../../media/source.ts';
import { scanExact } from '../../vectors/select.ts';
import { drawQueries } from './compare-measure.ts';
import type { LabelledPicture } from './compare-pictures.ts';
import type { EmbeddedPictures } from './compare-vectors.ts';

interface Options {
  /** Neighbours of each query. */
  readonly k: number;
  /** How many pictures ask, where none is named. */
  readonly count: number;
  readonly seed: number;
  /** Files of the folder that ask; empty: drawn by the seed. */
  readonly asked: readonly string[];
  readonly root: string;
}

export class CompareGrid {
  readonly #options: Options;
  #pictures: readonly LabelledPicture[] = [];
  #queries: readonly number[] | undefined;
  readonly #spaces: { readonly name: string; readonly neighbors: readonly (readonly number[])[] }[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** Every space has the vectors of the same pictures. Throws BAD_ARGUMENT where a file that is to ask is not among them. */
  add(name: string, { pictures, vectors }: EmbeddedPictures): void {
    this.#pictures = pictures;
    this.#queries ??= this.#choose();
    const labels = pictures.map((_, i) => i as Label);
    const neighbors = this.#queries.map((at) =>
      scanExact(row(vectors, at), { labels, vectors }, this.#options.k + 1, 'cosine')
        .map(({ label }) => Number(label))
        .filter((label) => label !== at)
        .slice(0, this.#options.k),
    );
    this.#spaces.push({ name, neighbors });
  }

  async draw(format: GridFormat, cell?: number): Promise<Uint8Array> {
    const read = (at: number) => readFileLimited(this.#pictures[at]?.path ?? '').catch(() => new Uint8Array());
    const questions = await Promise.all(
      (this.#queries ?? []).map(async (at, i) => ({
        picture: await read(at),
        caption: this.#classOf(at) ?? '',
        rows: await Promise.all(
          this.#spaces.map(async ({ name, neighbors }) => ({
            label: name,
            neighbors: await Promise.all(
              (neighbors[i] ?? []).map(async (near) => ({
                picture: await read(near),
                isRight: this.#classOf(near) === this.#classOf(at),
              })),
            ),
          })),
        ),
      })),
    );
    return drawNeighborGrid({ questions, ...(cell === undefined ? {} : { cell }) }, format);
  }

  #classOf(at: number): string | undefined {
    return this.#pictures[at]?.className;
  }

  #choose(): number[] {
    const { asked, count, seed, root } = this.#options;
    if (asked.length > 0) return asked.map((file) => this.#find(file, root));
    const classes = this.#pictures.map(({ className }) => className);
    const seen = new Set<string>();
    // In the order they are drawn, each class once: neighbours by name would be neighbours in the alphabet.
    return drawQueries(classes, classes.length, seed).drawn.filter((at) => {
      const name = classes[at] ?? '';
      if (seen.size >= count || seen.has(name)) return false;
      seen.add(name);
      return true;
    });
  }

  #find(file: string, root: string): number {
    const at = [resolve(file), join(root, file)]
      .map((path) => this.#pictures.findIndex((picture) => picture.path === path))
      .find((found) => found >= 0);
    if (at !== undefined) return at;
    throw new AppError(
      'BAD_ARGUMENT',
      `--query expects readable pictures of ${root}, by path or as class/name; "${file}" is none of them.`,
    );
  }
}
