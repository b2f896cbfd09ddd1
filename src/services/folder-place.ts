// Where a picture lies among its neighbours on disk: its folder and the pictures before and after it there.
import { dirname, sep } from 'node:path';
import type { ImageId } from '../core/views.ts';
import type { Catalog } from '../store/catalog.ts';

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

/** By the first of its files in a folder that was indexed; null where it lies in none (an upload). Throws STORAGE_FAILED. */
export async function folderPlaceOf(catalog: Catalog, id: ImageId): Promise<FolderPlace | null> {
  const [files, indexed] = await Promise.all([catalog.filesOf(id), catalog.folders()]);
  const file = files.find(({ path }) => indexed.some((folder) => path === folder || path.startsWith(withEnd(folder))));
  if (file === undefined) return null;
  const folder = dirname(file.path);
  const beside = [...(await catalog.filesUnder(folder))]
    .filter(([path]) => dirname(path) === folder)
    .sort(([a], [b]) => byName.compare(a, b));
  const at = beside.findIndex(([path]) => path === file.path);
  const idAt = (index: number) => beside[index]?.[1].imageId ?? null;
  return {
    path: folder,
    position: at + 1,
    count: beside.length,
    previous: at > 0 ? idAt(at - 1) : null,
    next: idAt(at + 1),
  };
}

function withEnd(folder: string): string {
  return folder.endsWith(sep) ? folder : `${folder}${sep}`;
}
