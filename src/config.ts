// Environment and flags become one checked, frozen Config. The only file that reads process.env; all faults are
// reported at once, and an unknown key is refused, so that a misspelling never passes for a default.
import { resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { AppError } from './core/errors.ts';
import { INDEX_KINDS, parseSpaces, type SpaceDefinition } from './services/spaces/space-definition.ts';
import type { IndexKind } from './vectors/vector-index.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Absolute. Catalog, thumbnails, uploaded originals and index files. */
  readonly dataDirectory: string;
  readonly model: string;
  /** Undefined: the model's default. */
  readonly dtype: string | undefined;
  /** Absolute. Where models from the hub are kept. */
  readonly cacheDirectory: string;
  readonly index: IndexKind;
  /** Beside those that were added to the library. */
  readonly spaces: readonly SpaceDefinition[];
  readonly views: 'whole' | 'windows';
  /** Absolute; undefined: the list that the model brings. */
  readonly vocabularyFile: string | undefined;
  /** Absolute; undefined: the vectors that ship in models/words; `none`: no word vectors. */
  readonly wordsFile: string | undefined;
  /** onnxruntime threads of each tower. */
  readonly threads: number;
  readonly apiKeys: readonly string[];
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

interface Setting<T> {
  readonly key: string;
  readonly meaning: string;
  readonly fallback: string;
  /** Returns the value, or throws a plain sentence that says what was expected. */
  parse(text: string): T;
}

const oneOf =
  <T extends string>(...choices: readonly T[]) =>
  (text: string): T => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new Error(`expects one of ${choices.join(', ')}`);
    return choice;
  };

const integer =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new Error(`expects a whole number ${least}..${most}`);
    return value;
  };

const optional =
  <T>(parse: (text: string) => T) =>
  (text: string): T | undefined =>
    text === '' ? undefined : parse(text);

const nonEmpty = (text: string): string => {
  if (text.trim() === '') throw new Error('expects a value, got nothing');
  return text;
};

const path = (text: string): string => resolve(nonEmpty(text));

/** One row a setting: the README's table is held against it by a test. Flags are `--port` for SEMBLANCE_PORT. */
export const SETTINGS = {
  port: {
    key: 'SEMBLANCE_PORT',
    fallback: '4000',
    meaning: 'port to listen on; 0 takes a free one',
    parse: integer(0, 65535),
  },
  host: { key: 'SEMBLANCE_HOST', fallback: '127.0.0.1', meaning: 'address to listen on', parse: nonEmpty },
  dataDirectory: {
    key: 'SEMBLANCE_DATA',
    fallback: './.semblance',
    meaning: 'catalog, thumbnails, uploads and index files',
    parse: path,
  },
  model: {
    key: 'SEMBLANCE_MODEL',
    fallback: 'starter',
    meaning: '`starter`, a hub id (`owner/name`, `owner/name@revision`) or a folder',
    parse: nonEmpty,
  },
  dtype: {
    key: 'SEMBLANCE_DTYPE',
    fallback: '',
    meaning: "number format of the weights; empty: the model's default",
    parse: optional(oneOf('fp32', 'fp16', 'q8', 'q4')),
  },
  cacheDirectory: {
    key: 'SEMBLANCE_CACHE',
    fallback: './.cache/models',
    meaning: 'models fetched from the hub',
    parse: path,
  },
  index: {
    key: 'SEMBLANCE_INDEX',
    fallback: 'usearch',
    meaning: 'nearest-neighbour index: usearch, hnswlib, exact, lsh, int8 or binary',
    parse: oneOf(...INDEX_KINDS),
  },
  spaces: {
    key: 'SEMBLANCE_SPACES',
    fallback: '',
    meaning:
      'further spaces, separated by spaces or commas: `dino=Xenova/dinov2-small auto=autoencoder?metric=euclidean&index=lsh&reduce=pca:64`',
    parse: (text: string) => {
      try {
        return parseSpaces(text);
      } catch (error) {
        throw new Error(`expects name=encoder entries: ${(error as Error).message.replace(/\.$/, '')}`);
      }
    },
  },
  views: {
    key: 'SEMBLANCE_VIEWS',
    fallback: 'whole',
    meaning: '`windows`: five windows of each picture are indexed too',
    parse: oneOf('whole', 'windows'),
  },
  vocabularyFile: {
    key: 'SEMBLANCE_VOCABULARY',
    fallback: '',
    meaning: "tags, one a line; a first line `+` adds them to the model's own list",
    parse: optional(path),
  },
  wordsFile: {
    key: 'SEMBLANCE_WORDS',
    fallback: '',
    meaning:
      'word vectors: a GloVe, word2vec or fastText text file (.txt, .vec, .gz, .zip); empty: those that ship; `none`: without',
    parse: optional((text) => (text === 'none' ? text : path(text))),
  },
  threads: {
    key: 'SEMBLANCE_THREADS',
    fallback: '1',
    meaning: 'threads of each tower; one is best on two cores',
    parse: integer(1, 64),
  },
  apiKeys: {
    key: 'SEMBLANCE_API_KEYS',
    fallback: '',
    meaning: 'comma-separated keys; required when the host is not loopback',
    parse: (text: string) =>
      text
        .split(',')
        .map((key) => key.trim())
        .filter((key) => key !== ''),
  },
  logLevel: {
    key: 'SEMBLANCE_LOG',
    fallback: 'warn',
    meaning: 'silent, error, warn, info or debug; JSON lines on standard error',
    parse: oneOf('silent', 'error', 'warn', 'info', 'debug'),
  },
} as const satisfies { [K in keyof Config]: Setting<Config[K]> };

/** `--data` for SEMBLANCE_DATA, `--api-keys` for SEMBLANCE_API_KEYS. */
export function flagOf(setting: { readonly key: string }): string {
  return setting.key.slice('SEMBLANCE_'.length).toLowerCase().replaceAll('_', '-');
}

/** Flags, by the name that `flagOf` gives without its dashes, win over the environment. Throws BAD_CONFIG with every fault in one message. */
export function readConfig(
  flags: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const faults: string[] = [...unknownKeys(environment)];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const text = flags[flagOf(setting)] ?? environment[setting.key] ?? setting.fallback;
    try {
      values[name] = setting.parse(text);
    } catch (error) {
      faults.push(`${setting.key} ${(error as Error).message}, got "${text}"`);
    }
  }
  const config = values as unknown as Config;
  if (faults.length === 0 && !isLoopback(config.host) && config.apiKeys.length === 0) {
    faults.push(
      `SEMBLANCE_HOST ${config.host} is reachable from outside, so SEMBLANCE_API_KEYS must name at least one key`,
    );
  }
  if (config.apiKeys?.some((key) => key.length < 16))
    faults.push('SEMBLANCE_API_KEYS expects keys of 16 characters or more');
  if (faults.length > 0) {
    throw new AppError('BAD_CONFIG', `The configuration has ${faults.length} fault(s): ${faults.join('; ')}.`);
  }
  return Object.freeze(config);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function unknownKeys(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known: string[] = Object.values(SETTINGS).map((setting) => setting.key);
  return Object.keys(environment)
    .filter((key) => key.startsWith('SEMBLANCE_') && !known.includes(key))
    .map((key) => {
      const nearest = known.toSorted((a, b) => distance(a, key) - distance(b, key))[0];
      return `${key} is no setting; did you mean ${nearest}`;
    });
}
