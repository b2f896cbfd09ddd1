// Which of Twemoji's drawings go into the demo gallery, and how their files are called. Reads the two packages'
// lists; draws nothing.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '../core/errors.ts';

export interface Drawing {
  /** The SVG file. */
  readonly svg: string;
  /** `animals & nature/cat face.png`, with a slash on every system. */
  readonly path: string;
}

interface EmojiEntry {
  readonly label: string;
  readonly hexcode: string;
  readonly group?: number;
  readonly subgroup?: number;
}

interface EmojiGroups {
  readonly groups: Readonly<Record<string, string>>;
  readonly subgroups: Readonly<Record<string, string>>;
}

/**
 * About 1,400 drawings in the order of the emoji list: one of each thing. Left out: parts (skin tones, hair, letters of flags),
 * flags of countries (they show no thing), and of people whatever repeats another drawing: the same person as man and
 * woman, or facing the other way. Throws FILE_NOT_FOUND where a package is not installed.
 */
export async function listDrawings(): Promise<Drawing[]> {
  const folder = join(dirname(resolvePackageFile('@discordapp/twemoji/package.json')), 'dist', 'svg');
  const [files, entries, groups] = await Promise.all([
    readdir(folder),
    readJson<EmojiEntry[]>('emojibase-data/en/data.json'),
    readJson<EmojiGroups>('emojibase-data/meta/groups.json'),
  ]);
  const known = new Set(files);
  const drawings = new Map<string, Drawing>();
  for (const entry of entries) {
    const file = fileNames(entry.hexcode).find((name) => known.has(name));
    const group = groups.groups[String(entry.group)];
    if (file === undefined || group === undefined || isLeftOut(entry, group, groups)) continue;
    const path = `${folderName(group)}/${fileName(entry.label)}.png`;
    // Two labels that differ only in signs that a file name cannot hold: the first one stays.
    if (!drawings.has(path)) drawings.set(path, { svg: join(folder, file), path });
  }
  return [...drawings.values()];
}

/** Absolute path of a file of an installed package. Throws FILE_NOT_FOUND. */
export function resolvePackageFile(specifier: string): string {
  try {
    return createRequire(import.meta.url).resolve(specifier);
  } catch (cause) {
    throw new AppError(
      'FILE_NOT_FOUND',
      `The demo gallery needs "${specifier}", which is not installed. Run "npm ci", or give a folder of your own pictures.`,
      { cause },
    );
  }
}

function isLeftOut(entry: EmojiEntry, group: string, { subgroups }: EmojiGroups): boolean {
  if (group === 'component') return true;
  if (group === 'flags') return subgroups[String(entry.subgroup)] !== 'flag';
  if (entry.label.includes(': facing right')) return true;
  if (/^keycap|^input |^Japanese “/.test(entry.label)) return true;
  return group === 'people-body' && /^(?:man|woman|men|women)\b./.test(entry.label);
}

/** Twemoji names files by code points without leading zeros, and leaves out the variation selector of most. */
function fileNames(hexcode: string): string[] {
  const name = hexcode.toLowerCase().replace(/^0+/, '');
  return [`${name}.svg`, `${name.replaceAll('-fe0f', '')}.svg`];
}

/** `animals-nature` -> `animals & nature`. */
function folderName(group: string): string {
  return group.replaceAll('-', ' & ');
}

/** A label without what some file system refuses: `keycap: *` -> `keycap`. */
function fileName(label: string): string {
  return label
    .replace(/[<>:"/\\|?*“”]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

async function readJson<T>(specifier: string): Promise<T> {
  return JSON.parse(await readFile(resolvePackageFile(specifier), 'utf8')) as T;
}
