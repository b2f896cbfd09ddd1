// What a space is, as a person writes it down: its name, where its vectors come from, and how they are compared. Parses and
// checks; opens nothing.
import { AppError } from '../../core/errors.ts';
import { formatProjection, parseProjection } from '../../vectors/projections/make-projection.ts';
import type { IndexKind, Metric } from '../../vectors/vector-index.ts';

export interface SpaceDefinition {
  readonly name: string;
  /** `autoencoder`, a folder, a hub id, `starter:image`, `pixels:32`, `model:ID` for both towers of a model, or what another part made. */
  readonly encoder: string;
  readonly metric: Metric;
  /** Null: as SEMBLANCE_INDEX says. */
  readonly index: IndexKind | null;
  /** `pca:64`, `gaussian:64` or `sparse:64`; null: the index holds whole vectors. */
  readonly reduction: string | null;
}

/** The space that every library has: the configured model, by cosine. */
export const MAIN = 'main';

export const METRICS = ['cosine', 'dot', 'euclidean'] as const satisfies readonly Metric[];
export const INDEX_KINDS = [
  'usearch',
  'hnswlib',
  'exact',
  'lsh',
  'int8',
  'binary',
] as const satisfies readonly IndexKind[];

const NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/i;
const OPTIONS = ['metric', 'index', 'reduce'];

/** A space's name for the encoder alone is enough: `autoencoder` is the space and its encoder. Throws BAD_ARGUMENT. */
export function defineSpace(given: {
  readonly name: string;
  readonly encoder?: string | undefined;
  readonly metric?: string | undefined;
  readonly index?: string | undefined;
  readonly reduce?: string | undefined;
}): SpaceDefinition {
  const { name, encoder = name, metric = 'cosine', index, reduce } = given;
  assertName(name);
  if (encoder.trim() === '') throw badSpace(`An encoder is expected for the space "${name}", got nothing`);
  const reduction = parseProjection(reduce ?? 'none');
  return {
    name,
    encoder,
    metric: oneOf('metric', METRICS, metric),
    index: index === undefined ? null : oneOf('index', INDEX_KINDS, index),
    reduction: reduction === undefined ? null : formatProjection(reduction),
  };
}

/** Throws BAD_ARGUMENT for a name that cannot be a space's. */
export function assertName(name: string): void {
  if (!NAME.test(name))
    throw badSpace(`A space's name is 1 to 64 letters, digits, - and _ and does not start with -, got "${name}"`);
  if (name.toLowerCase() === MAIN)
    throw badSpace(`"${MAIN}" is the space of the configured model (SEMBLANCE_MODEL); choose another name`);
}

/**
 * SEMBLANCE_SPACES: entries separated by spaces or commas, each `name=encoder` or a name that is its own encoder, then
 * `?metric=euclidean&index=lsh&reduce=pca:64` as wanted. A space, comma, `?`, `&` or `%` inside a value is written as in a web
 * address (%20, %2C, %3F, %26, %25). Throws BAD_ARGUMENT.
 */
export function parseSpaces(text: string): SpaceDefinition[] {
  const spaces = text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseEntry);
  const names = spaces.map(({ name }) => name.toLowerCase());
  const double = spaces.find(({ name }, i) => names.indexOf(name.toLowerCase()) !== i);
  if (double !== undefined) throw badSpace(`The space "${double.name}" is defined twice`);
  return spaces;
}

function parseEntry(entry: string): SpaceDefinition {
  const [, head = '', query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(entry) ?? [];
  const [, name = '', encoder] = /^([^=]*)(?:=(.*))?$/s.exec(head) ?? [];
  const options = new Map<string, string>();
  for (const option of query.split('&').filter((part) => part !== '')) {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(option) ?? [];
    if (!OPTIONS.includes(key)) throw badSpace(`"${entry}" has the option "${key}"; there are ${OPTIONS.join(', ')}`);
    options.set(key, decoded(value));
  }
  return defineSpace({
    name,
    encoder: encoder === undefined ? undefined : decoded(encoder),
    metric: options.get('metric'),
    index: options.get('index'),
    reduce: options.get('reduce'),
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badSpace(`"${text}" has a % that begins no code such as %20`);
  }
}

function oneOf<T extends string>(what: string, choices: readonly T[], text: string): T {
  const choice = choices.find((candidate) => candidate === text.toLowerCase());
  if (choice === undefined) throw badSpace(`The ${what} of a space is one of ${choices.join(', ')}, got "${text}"`);
  return choice;
}

function badSpace(sentence: string): AppError {
  return new AppError('BAD_ARGUMENT', `${sentence}.`);
}
