// Where a picture lies among its neighbours on disk: its folder and the pictures before and after it there.
import { basename, dirname, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageId } from '../../core/views.ts';
import type { Catalog, FileInFolder } from '../../store/catalog.ts';

export interface FolderPlace {
  /** Absolute. */
  readonly path: string;
  /** 1 for the first. */
  readonly position: number;
  /** Pictures in this very folder. */
  readonly count: number;
  readonly previous: ImageId | null;
  readonly next: ImageId | null;
}

/** As people number their files: 2 before 10, upper and lower case alike. */
const byName = new Intl.Collator('en', { numeric: true });
/** Names compared before other work has its turn: some milliseconds. */
const NAMES_PER_STEP = 4000;

/** By the first of its files in a folder that was indexed; null where it lies in none (an upload). Throws STORAGE_FAILED. */
export async function folderPlaceOf(catalog: Catalog, id: ImageId): Promise<FolderPlace | null> {
  const [files, indexed] = await Promise.all([catalog.filesOf(id), catalog.folders()]);
  const file = files.find(({ path }) => indexed.some((folder) => path === folder || path.startsWith(withEnd(folder))));
  if (file === undefined) return null;
  const folder = dirname(file.path);
  const beside = await catalog.filesIn(folder);
  const own = basename(file.path);
  let position = 1;
  let previous: FileInFolder | undefined;
  let next: FileInFolder | undefined;
  // One pass, since a folder of 50,000 files is not worth sorting for two of them.
  for (const [i, file] of beside.entries()) {
    if (i % NAMES_PER_STEP === NAMES_PER_STEP - 1) await nextTurn();
    const { name } = file;
    const order = compareNames(name, own);
    if (order < 0) {
      position++;
      if (previous === undefined || compareNames(name, previous.name) > 0) previous = file;
    } else if (order > 0 && (next === undefined || compareNames(name, next.name) < 0)) next = file;
  }
  return {
    path: folder,
    position,
    count: beside.length,
    previous: previous?.imageId ?? null,
    next: next?.imageId ?? null,
  };
}

/** Names that differ only in leading zeros still have an order. */
function compareNames(a: string, b: string): number {
  return byName.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

function withEnd(folder: string): string {
  return folder.endsWith(sep) ? folder : `${folder}${sep}`;
}
