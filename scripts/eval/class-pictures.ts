// Pictures by class, for fitting: a folder of class folders, or the training pack (index.tsv beside its shards).
// It knows no model; it hands out pictures, and the words their classes go by.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { seededRandom } from './random.ts';

export interface ClassPicture {
  readonly className: string;
  /** Names the picture in a cache. */
  readonly id: string;
  readonly open: () => Sharp;
}

const PICTURE_FILE = /\.(jpe?g|png|webp|avif|gif|tiff?)$/i;

/** At most `perClass` pictures of each class, drawn by the seed, in a fixed order. */
export function readClassPictures(folder: string, perClass: number, seed: number): ClassPicture[] {
  const all = existsSync(join(folder, 'index.tsv')) ? readPack(folder) : readFolders(folder);
  const random = seededRandom(seed);
  return [...all.keys()].sort().flatMap((name) => random.shuffle(all.get(name) ?? []).slice(0, perClass));
}

/** Every picture at or below the folder, each a class of its own that its file name spells. */
export function readNamedPictures(folder: string): ClassPicture[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => PICTURE_FILE.test(path))
    .sort()
    .map((path) => fromFile(basename(path).replace(PICTURE_FILE, '').toLowerCase(), join(folder, path)));
}

function readFolders(folder: string): Map<string, ClassPicture[]> {
  const all = new Map<string, ClassPicture[]>();
  for (const name of readdirSync(folder).sort()) {
    if (!statSync(join(folder, name)).isDirectory()) continue;
    const className = name.replaceAll('_', ' ');
    const files = readdirSync(join(folder, name))
      .filter((file) => PICTURE_FILE.test(file))
      .sort();
    all.set(
      className,
      files.map((file) => fromFile(className, join(folder, name, file))),
    );
  }
  return all;
}

function fromFile(className: string, path: string): ClassPicture {
  return { className, id: path, open: () => sharp(path).autoOrient() };
}

/** The pack's README names its columns. Pictures without a class (captioned ones) are left out. */
function readPack(folder: string): Map<string, ClassPicture[]> {
  const names = new Map(
    table(join(folder, 'soft-label-classes.tsv')).map(([, id, name]) => [id as string, name as string]),
  );
  const shards = new Map<string, Buffer>();
  const all = new Map<string, ClassPicture[]>();
  for (const [shard, offset, bytes, dataset, classId, file] of table(join(folder, 'index.tsv')).slice(1)) {
    if (!classId || dataset === 'pacs') continue;
    const known = names.get(classId) ?? (/^n\d{8}$/.test(classId) ? undefined : classId);
    if (known === undefined) continue;
    const className = known.replaceAll(/[_/]/g, ' ').trim().toLowerCase();
    const open = (): Sharp => {
      const path = join(folder, `train-${String(shard).padStart(2, '0')}.bin`);
      const data = shards.get(path) ?? readFileSync(path);
      shards.set(path, data);
      return sharp(data.subarray(Number(offset), Number(offset) + Number(bytes)));
    };
    all.set(className, [...(all.get(className) ?? []), { className, id: `${dataset}/${file}`, open }]);
  }
  return all;
}

function table(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
}
