// Reads what the evaluation runs on: a folder of class folders, a folder with captions, or one that holds both.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Photo {
  readonly path: string;
  /** Name of the class folder, underscores as spaces; undefined for photos that only have captions. */
  readonly label: string | undefined;
  readonly captions: readonly string[];
}

const PICTURE = /\.(jpe?g|png|webp|gif|avif|tiff?)$/i;

/**
 * `labels.tsv` (path, label, ...) and `captions.tsv` (path, caption; several lines a photo) are used where they are there;
 * else each sub-folder is a class. Throws an Error that says what was expected.
 */
export function readPhotoSet(folder: string): Photo[] {
  const captions = readCaptions(join(folder, 'captions.tsv'));
  const labels = existsSync(join(folder, 'labels.tsv'))
    ? readLabels(folder)
    : readClassFolders(folder, new Set(captions.keys()));
  const captioned = [...captions].map(
    ([path, texts]): Photo => ({ path: join(folder, path), label: undefined, captions: texts }),
  );
  const photos = [...labels, ...captioned];
  if (photos.length === 0) throw new Error(`${folder} holds no class folders, no labels.tsv and no captions.tsv.`);
  return photos;
}

function readLabels(folder: string): Photo[] {
  return readTable(join(folder, 'labels.tsv')).map(([path = '', label = '']) => ({
    path: join(folder, path),
    label,
    captions: [],
  }));
}

function readCaptions(file: string): Map<string, string[]> {
  const captions = new Map<string, string[]>();
  for (const [path = '', caption = ''] of existsSync(file) ? readTable(file) : []) {
    captions.set(path, [...(captions.get(path) ?? []), caption]);
  }
  return captions;
}

function readClassFolders(folder: string, captioned: ReadonlySet<string>): Photo[] {
  const classes = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return classes.flatMap(({ name }) =>
    readdirSync(join(folder, name))
      .filter((file) => PICTURE.test(file) && !captioned.has(join(name, file)))
      .sort()
      .map((file) => ({ path: join(folder, name, file), label: basename(name).replaceAll('_', ' '), captions: [] })),
  );
}

function readTable(file: string): string[][] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => line.split('\t'));
}
