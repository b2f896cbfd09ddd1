// The demo gallery as a labelled set: what the README may show, for npm brings it. Classes are subgroups of the emoji list.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { makeDemoGallery } from '../../../src/media/demo-gallery.ts';
import { listDrawings, resolvePackageFile } from '../../../src/media/drawings.ts';
import type { LabelledPicture } from '../../../src/services/compare/compare-pictures.ts';

/** Subgroups whose drawings look as different as their names sound; the others hold signs, faces and single things. */
const CLASSES: Readonly<Record<string, string>> = {
  'animal-mammal': 'mammal',
  'animal-bird': 'bird',
  'animal-marine': 'fish',
  'animal-bug': 'insect',
  'plant-flower': 'flower',
  'plant-other': 'plant',
  'food-fruit': 'fruit',
  'food-vegetable': 'vegetable',
  'food-prepared': 'meal',
  'food-sweet': 'dessert',
  drink: 'drink',
  'place-building': 'building',
  'transport-ground': 'vehicle',
  'transport-water': 'boat',
  'transport-air': 'aircraft',
  'sky-weather': 'weather',
  sport: 'sport',
  'musical-instrument': 'instrument',
  clothing: 'clothing',
  tool: 'tool',
  'face-smiling': 'smile',
  'cat-face': 'cat',
  clock: 'clock',
  heart: 'heart',
};

interface EmojiEntry {
  readonly hexcode: string;
  readonly subgroup?: number;
}

/** Draws the gallery into `directory` where it is not there yet. */
export async function readDrawingClasses(directory: string): Promise<LabelledPicture[]> {
  await makeDemoGallery(directory);
  const entries = readJson<EmojiEntry[]>('emojibase-data/en/data.json');
  const { subgroups } = readJson<{ subgroups: Record<string, string> }>('emojibase-data/meta/groups.json');
  const subgroupOf = new Map(entries.map(({ hexcode, subgroup }) => [fileKey(hexcode), subgroups[String(subgroup)]]));
  return (await listDrawings()).flatMap(({ svg, path }) => {
    const className = CLASSES[subgroupOf.get(fileKey(basename(svg, '.svg'))) ?? ''];
    return className === undefined ? [] : [{ path: join(directory, path), className }];
  });
}

/** Twemoji leaves out leading zeros and most variation selectors. */
function fileKey(hexcode: string): string {
  return hexcode.toLowerCase().replace(/^0+/, '').replaceAll('-fe0f', '');
}

function readJson<T>(specifier: string): T {
  return JSON.parse(readFileSync(resolvePackageFile(specifier), 'utf8')) as T;
}
