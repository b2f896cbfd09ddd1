// The spaces that are open: each built once of its definition and what is known of its encoder, and built anew where one of them
// changed. Knows no catalog and no setting.
import type { Logger } from '../../core/logger.ts';
import type { Space } from './space.ts';
import type { SpaceDefinition } from './space-definition.ts';
import type { EncoderFacts } from './space-encoder.ts';

interface Deps {
  readonly build: (definition: SpaceDefinition, facts: EncoderFacts) => Promise<Space>;
  readonly log: Logger;
}

export class OpenedSpaces {
  readonly #deps: Deps;
  readonly #open = new Map<string, Space>();
  readonly #built = new Map<string, { readonly madeOf: string; readonly space: Promise<Space> }>();
  /** Replaced by a newer build; requests under way may still ask them. */
  readonly #retired: Promise<Space>[] = [];

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The space of this very definition and encoder. Throws what building it throws; then the next call tries again. */
  async get(definition: SpaceDefinition, facts: EncoderFacts): Promise<Space> {
    const { name } = definition;
    const madeOf = JSON.stringify([definition, facts]);
    const known = this.#built.get(name);
    if (known?.madeOf === madeOf) return known.space;
    if (known !== undefined) this.#retired.push(known.space);
    const space = this.#deps.build(definition, facts);
    this.#built.set(name, { madeOf, space });
    space.then(
      (built) => {
        if (this.#built.get(name)?.space === space) this.#open.set(name, built);
      },
      () => {
        if (this.#built.get(name)?.space === space) this.#built.delete(name);
      },
    );
    return space;
  }

  /** Those that are open by now. */
  list(): Space[] {
    return [...this.#open.values()];
  }

  /** Of those that are open or being opened. */
  names(): string[] {
    return [...this.#built.keys()];
  }

  /** Nothing happens where the space is not open; one that cannot be closed is logged. */
  async close(name: string): Promise<void> {
    const built = this.#built.get(name);
    this.#built.delete(name);
    this.#open.delete(name);
    await built?.space
      .then((space) => space.close())
      .catch((err: unknown) => this.#deps.log.warn({ err }, `closing ${name}`));
  }

  async closeAll(): Promise<void> {
    for (const name of this.names()) await this.close(name);
    for (const space of this.#retired.splice(0)) await space.then((old) => old.close()).catch(() => undefined);
  }
}
