// A program that adds pictures until it is killed. Arguments: catalog file, number of the first picture. After each
// batch that the catalog acknowledged it prints the numbers of its pictures on one line.
import { writeSync } from 'node:fs';
import type { View } from '../../../src/core/views.ts';
import { openSqliteCatalog } from '../../../src/store/sqlite-catalog.ts';
import { MODEL, modelTag, newPicture, TAG_VERSION, vectorOf } from '../../contract/catalog-pictures.ts';

export const BATCH = 8;
export const WRITTEN_VIEWS = [0, 1, 3, 5, 7, 9] as View[];

/** Large enough that a batch fills many pages. */
const DIMENSION = 512;

export function writtenPicture(number: number) {
  return newPicture(number, {
    views: WRITTEN_VIEWS.map((view) => ({ view, vector: vectorOf(number, view, DIMENSION) })),
    tags: [modelTag(`number ${number}`, 0.9), modelTag('common', 0.5)],
  });
}

async function writeForever(path: string, first: number): Promise<never> {
  const catalog = openSqliteCatalog({ path });
  for (let from = first; ; from += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, i) => from + i);
    await catalog.addPictures(MODEL, TAG_VERSION, numbers.map(writtenPicture));
    // Synchronously, so that a printed line is never ahead of its commit nor lost behind it.
    writeSync(1, `${numbers.join(' ')}\n`);
  }
}

const [, program, path, first] = process.argv;
if (program?.includes('endless-writer') && path !== undefined) await writeForever(path, Number(first));
