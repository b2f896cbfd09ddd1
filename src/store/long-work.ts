// Work on many rows, cut into steps that let other work in between: the driver is synchronous, and a step takes a few
// milliseconds. The SQL itself is in the tables' files.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fingerprint } from '../core/model-info.ts';
import type { ImageId } from '../core/views.ts';
import type { Catalog, FileInFolder } from './catalog.ts';
import type { Connection } from './connection.ts';
import { deleteFiles, type LinkedFile, readFilesIn, readFilesUnder } from './files-table.ts';
import { deleteImages } from './images-table.ts';
import { deleteVectors, findModel, readVectorsAfter } from './vectors-table.ts';

/** Rows that one step reads or deletes. */
const FILES_PER_STEP = 2000;
const NAMES_PER_STEP = 10_000;
const REMOVALS_PER_STEP = 100;
const DROPPED_VECTORS_PER_STEP = 1000;

/** Returns how many existed. */
export async function removeImages(connection: Connection, ids: readonly ImageId[]): Promise<number> {
  let removed = 0;
  for await (const step of inSteps(ids, REMOVALS_PER_STEP)) {
    removed += connection.transaction(() => deleteImages(connection, step));
  }
  return removed;
}

/** Returns the pictures that are left without any file, which go too. */
export async function unlinkFiles(connection: Connection, paths: readonly string[]): Promise<ImageId[]> {
  const removed: ImageId[] = [];
  for await (const step of inSteps(paths, REMOVALS_PER_STEP)) {
    removed.push(...connection.transaction(() => deleteFiles(connection, step)));
  }
  return removed;
}

/** All files at or below the folder, by path. */
export async function readAllUnder(connection: Connection, folder: string): Promise<Map<string, LinkedFile>> {
  const found = new Map<string, LinkedFile>();
  let from: string | undefined;
  for (;;) {
    const step = readFilesUnder(connection, folder, FILES_PER_STEP, from);
    for (const file of step) found.set(file.path, file);
    if (step.length < FILES_PER_STEP) return found;
    from = step.at(-1)?.path;
    await nextTurn();
  }
}

/** All files in this very folder, by path. */
export async function readAllIn(connection: Connection, folder: string): Promise<FileInFolder[]> {
  const found: FileInFolder[] = [];
  for (;;) {
    const step = readFilesIn(connection, folder, NAMES_PER_STEP, found.at(-1)?.name);
    found.push(...step);
    if (step.length < NAMES_PER_STEP) return found;
    await nextTurn();
  }
}

/** All vectors of the model by ascending label, `batch` at a time; nothing for a model that stored none. */
export async function* scanVectors(
  connection: Connection,
  model: Fingerprint,
  batch: number,
): ReturnType<Catalog['scanVectors']> {
  const stored = findModel(connection, model);
  let after = -1;
  while (stored !== undefined) {
    const step = readVectorsAfter(connection, stored, after, batch);
    const last = step.labels.at(-1);
    if (last === undefined) return;
    yield step;
    after = last;
    await nextTurn();
  }
}

/** Deletes all vectors of the model, and the model. */
export async function dropModel(connection: Connection, model: Fingerprint): Promise<void> {
  const stored = findModel(connection, model);
  if (stored === undefined) return;
  const drop = () => deleteVectors(connection, stored, DROPPED_VECTORS_PER_STEP);
  while (connection.transaction(drop) === DROPPED_VECTORS_PER_STEP) await nextTurn();
}

async function* inSteps<Item>(items: readonly Item[], size: number): AsyncGenerator<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await nextTurn();
    yield items.slice(from, from + size);
  }
}
