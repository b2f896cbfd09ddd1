// Finds pictures of the library by what people call them in files of their own: an id, a sha-256, a path or the end of one.
// Reads all paths once. Knows no vectors.
import { basename, isAbsolute, normalize, resolve, sep } from 'node:path';
import { type ImageId, MAX_IMAGE_ID } from '../../core/views.ts';
import type { Catalog } from '../../store/catalog.ts';

/** What may stand for a picture: a text, or an object with any of these. */
export type PictureName =
  | string
  | number
  | { readonly id?: unknown; readonly sha256?: unknown; readonly path?: unknown; readonly name?: unknown };

export class PictureLookup {
  readonly #catalog: Catalog;
  readonly #paths: ReadonlyMap<string, ImageId>;
  /** Several pictures may share one base name; only files whose whole end agrees are theirs. */
  readonly #byBase = new Map<string, { readonly path: string; readonly id: ImageId }[]>();

  private constructor(catalog: Catalog, paths: ReadonlyMap<string, ImageId>) {
    this.#catalog = catalog;
    this.#paths = paths;
    for (const [path, id] of paths) {
      const base = basename(path);
      this.#byBase.set(base, [...(this.#byBase.get(base) ?? []), { path, id }]);
    }
  }

  static async open(catalog: Catalog): Promise<PictureLookup> {
    const files = await catalog.filesUnder(resolve('/'));
    return new PictureLookup(catalog, new Map([...files].map(([path, { imageId }]) => [path, imageId])));
  }

  /** Undefined where no picture, or more than one, is called so. Relative paths count from `folder`, or by their end. */
  async find(name: PictureName, folder: string): Promise<ImageId | undefined> {
    if (typeof name === 'object') {
      for (const value of [name.sha256, name.path, name.name, name.id]) {
        if (typeof value !== 'string' && typeof value !== 'number') continue;
        const found = await this.find(value, folder);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    const text = String(name);
    if (/^[0-9a-f]{64}$/i.test(text)) {
      const hash = text.toLowerCase();
      return (await this.#catalog.findBySha256([hash])).get(hash);
    }
    return this.#paths.get(isAbsolute(text) ? text : resolve(folder, text)) ?? this.#byEnd(text) ?? this.#byId(text);
  }

  #byEnd(text: string): ImageId | undefined {
    const end = normalize(text).replace(/^(\.\.?[/\\])+/, '');
    const fitting = (this.#byBase.get(basename(end)) ?? []).filter(({ path }) => path.endsWith(`${sep}${end}`));
    const ids = new Set(fitting.map(({ id }) => id));
    return ids.size === 1 ? [...ids][0] : undefined;
  }

  async #byId(text: string): Promise<ImageId | undefined> {
    const id = Number(text);
    if (!/^[1-9]\d*$/.test(text) || id > MAX_IMAGE_ID) return undefined;
    const [image] = await this.#catalog.getImages([id as ImageId]);
    return image?.id;
  }
}
