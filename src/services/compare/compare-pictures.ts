// A labelled folder for a comparison: one sub-folder a class, whatever lies deeper belongs to it. Reads names only; which of
// the files are pictures is found out when they are decoded.
import { relative, resolve, sep } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { scanFolder } from '../../media/source.ts';

export interface LabelledPicture {
  /** Absolute. */
  readonly path: string;
  /** Name of its class folder. */
  readonly className: string;
}

export interface SkippedFile {
  /** Relative to the folder. */
  readonly name: string;
  readonly code: string;
  readonly reason: string;
}

export interface LabelledFolder {
  readonly root: string;
  /** By class, then by name: the same order in each run. */
  readonly pictures: readonly LabelledPicture[];
  /** Files in no class folder, and what could not be looked at. */
  readonly skipped: readonly SkippedFile[];
}

/** Throws FILE_NOT_FOUND, or BAD_ARGUMENT where the folder has no class folders or one class only. */
export async function readLabelledFolder(folder: string): Promise<LabelledFolder> {
  const root = resolve(folder);
  const pictures: LabelledPicture[] = [];
  const skipped: SkippedFile[] = [];
  const onUnreadable = (path: string, error: AppError) => {
    skipped.push({ name: relative(root, path), code: error.code, reason: error.message });
  };
  for await (const { path, name } of scanFolder(root, { onUnreadable })) {
    const [className = '', ...below] = relative(root, path).split(sep);
    if (below.length > 0) pictures.push({ path, className });
    else skipped.push({ name, code: 'BAD_ARGUMENT', reason: 'The file lies in no class folder.' });
  }
  assertClasses(pictures, root);
  return { root, pictures, skipped };
}

/** Throws BAD_ARGUMENT unless two classes have two pictures each: less says nothing about neighbours. */
export function assertClasses(pictures: readonly LabelledPicture[], root: string): void {
  const counts = countByClass(pictures);
  const names = [...counts.keys()];
  const shape = `a folder with a sub-folder for each class, such as ${root}${sep}cat and ${root}${sep}dog`;
  if (names.length === 0) {
    throw new AppError(
      'BAD_ARGUMENT',
      `Expected ${shape}; "${root}" has no pictures in sub-folders. Sort some into them.`,
    );
  }
  if (names.length === 1) {
    throw new AppError('BAD_ARGUMENT', `Expected ${shape}; "${root}" has one class only, "${names[0]}". Add another.`);
  }
  const usable = [...counts.values()].filter((count) => count > 1).length;
  if (usable < 2) {
    throw new AppError(
      'BAD_ARGUMENT',
      `Expected two classes or more with two readable pictures each, got ${usable} of ${names.length} in "${root}". Add pictures: each one is asked for others of its class.`,
    );
  }
}

export function countByClass(pictures: readonly LabelledPicture[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { className } of pictures) counts.set(className, (counts.get(className) ?? 0) + 1);
  return counts;
}
