// The registry of spaces: which there are, by the setting and by the catalog. A space is opened when it is first asked for; one
// that another process added or removed is noticed at the next look. Knows no adapter.
import { AppError, toAppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { ImageId } from '../../core/views.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { IndexKind } from '../../vectors/vector-index.ts';
import type { CatalogChanges } from '../catalog-changes.ts';
import type { OpenEncoders } from './open-encoders.ts';
import { OpenedSpaces } from './opened-spaces.ts';
import { brokenStatusOf, type Space, type SpaceStatus, statusOf } from './space.ts';
import { MAIN, type SpaceDefinition } from './space-definition.ts';
import { type EncoderFacts, factsOf } from './space-encoder.ts';
import { spaceNotFound } from './space-errors.ts';
import { assertRemovable, vectorsOfItsOwn } from './space-removal.ts';
import { changeSpaces, readSpaces, type StoredSpaces } from './space-store.ts';

/** Makes a space of what is known; opens its index, and not its encoder. */
export type BuildSpace = (definition: SpaceDefinition, facts: EncoderFacts, registry: Spaces) => Promise<Space>;

interface Deps {
  readonly catalog: Catalog;
  readonly changes: CatalogChanges;
  readonly main: Space;
  /** From the setting; they win over stored ones of the same name. */
  readonly configured: readonly SpaceDefinition[];
  readonly encoders: OpenEncoders;
  readonly build: BuildSpace;
  /** Kind of the index of a definition that names none. */
  readonly defaultIndex: IndexKind;
  /** Deletes the index files of a space that is gone. */
  readonly removeFiles: (name: string) => Promise<void>;
  readonly log: Logger;
}

export class Spaces {
  readonly #deps: Deps;
  readonly #opened: OpenedSpaces;
  #definitions = new Map<string, SpaceDefinition>();
  #encoders: Readonly<Record<string, EncoderFacts>> = {};
  #seenChanges = -1;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#opened = new OpenedSpaces({
      build: (definition, facts) => deps.build(definition, facts, this),
      log: deps.log,
    });
  }

  get main(): Space {
    return this.#deps.main;
  }

  /** Null and undefined mean the main space. Throws SPACE_NOT_FOUND, and MODEL_UNAVAILABLE where its encoder never was opened and cannot be. */
  async get(name?: string | null): Promise<Space> {
    if (name == null || name === MAIN) return this.#deps.main;
    await this.#refresh();
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw spaceNotFound(name, await this.names());
    return this.#ofDefinition(definition);
  }

  /** The main space first, then the others by name. */
  async names(): Promise<string[]> {
    await this.#refresh();
    return [MAIN, ...[...this.#definitions.keys()].sort()];
  }

  /** Definitions of the spaces beside the main one, by name. */
  async definitions(): Promise<SpaceDefinition[]> {
    await this.#refresh();
    return [...this.#definitions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Names of the spaces that read texts, of those known by now. */
  async textual(): Promise<string[]> {
    const definitions = await this.definitions();
    return [MAIN, ...definitions.filter(({ encoder }) => this.#encoders[encoder]?.hasText).map(({ name }) => name)];
  }

  /** How every space stands; one that cannot be opened says why. */
  async list(): Promise<SpaceStatus[]> {
    const others = await Promise.all(
      (await this.definitions()).map(async (definition) => {
        try {
          return statusOf(await this.#ofDefinition(definition));
        } catch (error) {
          const facts = this.#encoders[definition.encoder];
          return brokenStatusOf(definition, facts, this.#deps.defaultIndex, toAppError(error).message);
        }
      }),
    );
    return [statusOf(this.#deps.main), ...others];
  }

  /**
   * Opens the encoder and remembers the space; its pictures are not embedded yet. The same space again is opened anew, with
   * an encoder whose weights may have changed. Throws BAD_ARGUMENT for a name that is taken, and what opening throws.
   */
  async add(definition: SpaceDefinition): Promise<Space> {
    await this.assertFree(definition);
    const { name, encoder } = definition;
    // Added again, its encoder's files may have changed.
    if (this.#definitions.has(name)) await this.#deps.encoders.close(encoder);
    const facts = await this.relearn(encoder);
    const space = await this.#opened.get(definition, facts);
    this.#take(
      await changeSpaces(this.#deps.catalog, (stored) => ({
        ...stored,
        spaces: [...stored.spaces.filter((other) => other.name !== name), definition],
      })),
    );
    return space;
  }

  /** Throws BAD_ARGUMENT where another space has the name, in any case. */
  async assertFree(definition: SpaceDefinition): Promise<void> {
    await this.#refresh();
    const { name } = definition;
    const known = [...this.#definitions.values()].find((other) => other.name.toLowerCase() === name.toLowerCase());
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new AppError(
        'BAD_ARGUMENT',
        `There is a space "${known.name}" already, with another encoder, metric, index or reduction; remove it first, or choose another name.`,
      );
    }
  }

  /** Forgets the space, its index, and its vectors unless another space shares them. Throws SPACE_NOT_FOUND, BAD_ARGUMENT. */
  async remove(name: string): Promise<void> {
    const known = { definitions: await this.definitions(), encoders: this.#encoders };
    const definition = assertRemovable(name, known, this.#deps.configured);
    await this.#opened.close(name);
    const left = await changeSpaces(this.#deps.catalog, (stored) => {
      const spaces = stored.spaces.filter((other) => other.name !== name);
      const isUsed = spaces.some(({ encoder }) => encoder === definition.encoder);
      const { [definition.encoder]: _gone, ...encoders } = stored.encoders;
      return { spaces, encoders: isUsed ? stored.encoders : encoders };
    });
    // Asked anew, for another space may share them by now.
    const now = { definitions: await this.definitions(), encoders: { ...known.encoders, ...this.#encoders } };
    const vectors = vectorsOfItsOwn(definition, now, this.#deps.main.encoder.model.fingerprint);
    if (vectors !== undefined) await this.#deps.catalog.dropModel(vectors);
    this.#take(left);
    if (![...this.#definitions.values()].some(({ encoder }) => encoder === definition.encoder))
      await this.#deps.encoders.close(definition.encoder);
    await this.#deps.removeFiles(name);
  }

  /** Those that are open by now, without the main one. */
  opened(): Space[] {
    return this.#opened.list();
  }

  /** Forgets pictures that the catalog has removed. A space that is opened later reads the catalog anyway. */
  forget(ids: readonly ImageId[]): void {
    for (const { vectors } of this.opened()) vectors.forget(ids);
  }

  async close(): Promise<void> {
    await this.#opened.closeAll();
    await this.#deps.encoders.closeAll();
  }

  async #ofDefinition(definition: SpaceDefinition): Promise<Space> {
    const facts = this.#encoders[definition.encoder] ?? (await this.relearn(definition.encoder));
    return this.#opened.get(definition, facts);
  }

  /** Opens an encoder and remembers what it is; where its weights changed, the spaces that read it are built anew when asked next. */
  async relearn(source: string): Promise<EncoderFacts> {
    const opened = await this.#deps.encoders.open(source);
    const base = opened.from === 'SPACE' ? await this.get(opened.base) : undefined;
    const facts = factsOf(opened, base?.encoder.model);
    if (JSON.stringify(facts) !== JSON.stringify(this.#encoders[source])) {
      this.#take(
        await changeSpaces(this.#deps.catalog, (stored) => ({
          ...stored,
          encoders: { ...stored.encoders, [source]: facts },
        })),
      );
    }
    return facts;
  }

  /** Looks at the catalog's list again where another process may have changed it. */
  async #refresh(): Promise<void> {
    const changes = await this.#deps.changes.count();
    if (changes === this.#seenChanges) return;
    this.#take(await readSpaces(this.#deps.catalog));
    this.#seenChanges = changes;
    for (const name of this.#opened.names()) if (!this.#definitions.has(name)) await this.#opened.close(name);
  }

  #take({ spaces, encoders }: StoredSpaces): void {
    this.#definitions = new Map([...spaces, ...this.#deps.configured].map((space) => [space.name, space]));
    this.#encoders = encoders;
  }
}
