// The ordered list of candidate tags and their vectors: read from a file, embedded once by each model, kept in the
// catalog, searched through an index of its own.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import type { Matrix } from '../../core/vector.ts';
import { pack, row } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { embedWithPrompts } from '../../embedding/prompts.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { VectorSource } from '../../vectors/vector-source.ts';

export interface Vocabulary {
  readonly words: readonly string[];
  /** Row i: unit vector of words[i], the mean over several prompts. */
  readonly vectors: Matrix;
  /** Names words and model together. */
  readonly version: string;
}

const MAX_WORDS = 100_000;

/**
 * Reads one word or phrase a line; blank lines and lines that start with # are passed over, doubles dropped. A file whose
 * first line is `+` adds to the model's own list. Throws FILE_NOT_FOUND, BAD_CONFIG.
 */
export async function readVocabulary(modelFile: string | undefined, userFile: string | undefined): Promise<string[]> {
  const own = modelFile === undefined ? [] : await readLines(modelFile);
  if (userFile === undefined) return unique(own);
  const given = await readLines(userFile);
  const words = unique(given[0] === '+' ? [...own, ...given.slice(1)] : given);
  if (words.length === 0 || words.length > MAX_WORDS) {
    throw new AppError(
      'BAD_CONFIG',
      `SEMBLANCE_VOCABULARY expects 1 to ${MAX_WORDS} words, one a line; ${userFile} holds ${words.length}.`,
    );
  }
  return words;
}

/** Embeds the words, or takes their vectors from the catalog where this model has embedded this very list before. */
export async function loadVocabulary(
  words: readonly string[],
  embedder: Embedder,
  catalog: Catalog,
): Promise<Vocabulary> {
  const { fingerprint, dimension } = embedder.model;
  const list = createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 16);
  const version = `${fingerprint}/${list}`;
  const key = `vocabulary/${version}`;
  const stored = await catalog.getArtifact(key);
  const vectors =
    stored !== undefined && stored.byteLength === words.length * dimension * 4
      ? { rows: words.length, dimension, data: new Float32Array(stored.slice().buffer) }
      : pack(await embedWithPrompts(embedder, words, 'ingest'), dimension);
  if (stored === undefined) await catalog.putArtifact(key, new Uint8Array(vectors.data.buffer));
  return { words, vectors, version };
}

/** The words, as the owner of their index's vectors. Labels are row numbers. */
export function vocabularySource(vocabulary: Vocabulary): VectorSource {
  const { vectors: matrix } = vocabulary;
  const labels = vocabulary.words.map((_, i) => i as Label);
  return {
    labels: async () => labels,
    get: async (wanted) => new Map(wanted.map((label) => [label, row(matrix, label)])),
    async *scan() {
      yield { labels, vectors: matrix };
    },
  };
}

async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError(
      'FILE_NOT_FOUND',
      `The vocabulary ${path} cannot be read; give a text file with one word a line.`,
      { cause },
    );
  });
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
