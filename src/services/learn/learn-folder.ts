// Reads what is learned from: a folder of class folders. Names become phrases with a word vector; those that have none are
// told with the nearest spellings. Knows no encoder.
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError, isAppError } from '../../core/errors.ts';
import type { Vector } from '../../core/vector.ts';
import { type ScannedFile, scanFolder } from '../../media/source.ts';
import { meaningOf, phraseOf } from '../../words/joint-head-phrases.ts';
import type { WordVectors } from '../../words/word-vectors.ts';

export interface ClassFolder {
  readonly phrase: string;
  /** Unit word vector. */
  readonly word: Vector;
  readonly files: readonly ScannedFile[];
}

export interface RefusedFolder {
  readonly folder: string;
  readonly reason: string;
}

export interface ClassFolders {
  /** By phrase, ascending. */
  readonly classes: readonly ClassFolder[];
  /** Names without word vectors, and folders without pictures. */
  readonly refused: readonly RefusedFolder[];
}

/** Pictures at any depth below a class folder are of its class. Throws FILE_NOT_FOUND, and BAD_ARGUMENT below two classes. */
export async function readClassFolders(root: string, words: WordVectors): Promise<ClassFolders> {
  const folder = resolve(root);
  const names = await subfolders(folder);
  const classes = new Map<string, ClassFolder>();
  const refused: RefusedFolder[] = [];
  for (const name of names) {
    const phrase = phraseOf(name);
    const word = meaningOrReason(words, phrase);
    if (typeof word === 'string') {
      refused.push({ folder: name, reason: word });
      continue;
    }
    const files: ScannedFile[] = [...(classes.get(phrase)?.files ?? [])];
    const before = files.length;
    for await (const file of scanFolder(join(folder, name))) files.push(file);
    if (files.length === before) refused.push({ folder: name, reason: 'It holds no pictures.' });
    else classes.set(phrase, { phrase, word, files });
  }
  if (classes.size < 2) {
    const why = refused
      .slice(0, 3)
      .map((one) => ` ${one.folder}: ${one.reason}`)
      .join('');
    throw new AppError(
      'BAD_ARGUMENT',
      `Expected at least two class folders with pictures in "${folder}", named by words that have vectors; got ${classes.size}.${why}`,
    );
  }
  return { classes: [...classes.values()].sort((a, b) => (a.phrase < b.phrase ? -1 : 1)), refused };
}

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    throw new AppError('FILE_NOT_FOUND', `Expected a folder of class folders at "${folder}", which cannot be read.`, {
      cause,
    });
  }
}

function meaningOrReason(words: WordVectors, phrase: string): Vector | string {
  try {
    return meaningOf(words, phrase);
  } catch (error) {
    if (isAppError(error, 'UNKNOWN_WORD')) return error.message;
    throw error;
  }
}
