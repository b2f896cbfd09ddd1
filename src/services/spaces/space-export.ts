// The vectors of a space as files for other programs: an .npy array, one row a picture, and beside it a JSON list that says
// which picture each row is. `semblance space import` reads the pair again.
import { writeFileAtomic } from '../../core/files.ts';
import { writeNpy } from '../../core/npy-file.ts';
import { pickRows } from '../../core/vector.ts';
import { type ImageId, imageIdOf, viewOf, WHOLE } from '../../core/views.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { Space } from './space.ts';

const BATCH = 1024;

export interface ExportOutcome {
  readonly rows: number;
  readonly dimension: number;
  /** Path of the list. */
  readonly map: string;
}

/** `target` ends in .npy; the list gets the same name with .json. Vectors are as stored: of unit length in a cosine space. */
export async function exportSpace(
  catalog: Catalog,
  { vectors, encoder }: Space,
  target: string,
): Promise<ExportOutcome> {
  const { dimension } = encoder.model;
  const ids: ImageId[] = [];
  async function* wholes() {
    for await (const batch of catalog.scanVectors(vectors.model, BATCH)) {
      const rows = batch.labels.flatMap((label, i) => (viewOf(label) === WHOLE ? [{ id: imageIdOf(label), i }] : []));
      ids.push(...rows.map(({ id }) => id));
      yield pickRows(
        batch.vectors,
        rows.map(({ i }) => i),
      );
    }
  }
  const rows = await writeNpy(target, dimension, wholes());
  const map = target.replace(/\.npy$/, '.json');
  const images = await catalog.getImages(ids);
  const list = await Promise.all(
    ids.map(async (id, i) => ({
      id: String(id),
      path: (await catalog.filesOf(id))[0]?.path ?? images[i]?.name ?? '',
      sha256: images[i]?.sha256 ?? '',
    })),
  );
  await writeFileAtomic(map, [`${JSON.stringify(list, null, 1)}\n`]);
  return { rows, dimension, map };
}
