// `npm run calibrate -- FOLDER... [--named FOLDER] [--model FOLDER] [--out FOLDER]`: fits what a model needs beside its weights,
// the statistics of its space and the calibration of its scores, from any folders of class folders, and writes them into the
// model's folder. Folders given with --named hold pictures whose file names say what they show; only text queries learn from
// them. Judge the result on other pictures than these: `npm run eval:queries`.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { writeFileAtomic } from '../src/core/files.ts';
import { serialiseCalibrations } from '../src/query/calibration-file.ts';
import { serialiseStatistics } from '../src/query/statistics.ts';
import {
  fitCalibrations,
  fitStatistics,
  loadFittingSet,
  loadNamedSet,
  mergeSets,
} from './eval/queries/model-statistics.ts';
import { openReferenceEmbedder } from './eval/reference-embedder.ts';

/** Fewer classes, or fewer pictures in each, fit chance. */
const LEAST_CLASSES = 20;
const LEAST_PICTURES = 6;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    named: { type: 'string', multiple: true, default: [] },
    model: { type: 'string', default: 'models/starter' },
    out: { type: 'string' },
  },
});
const folders = [...positionals, ...values.named];
const unusable = (await Promise.all(folders.map(async (path) => ((await isFolder(path)) ? [] : [path])))).flat();
if (positionals.length === 0 || unusable.length > 0) {
  const wrong = unusable.length > 0 ? ` No folder: ${unusable.join(', ')}.` : '';
  refuse(`Name a folder that holds one folder of pictures for each class: npm run calibrate -- FOLDER.${wrong}`);
} else {
  await calibrate(positionals, values.named, values.model, values.out ?? values.model);
}

async function calibrate(
  classFolders: readonly string[],
  namedFolders: readonly string[],
  model: string,
  out: string,
): Promise<void> {
  const embedder = await openReferenceEmbedder(model);
  const set = mergeSets(await pMap(classFolders, (folder) => loadFittingSet(embedder, folder), { concurrency: 1 }));
  const named = await pMap(namedFolders, (folder) => loadNamedSet(embedder, folder), { concurrency: 1 });
  const usable = set.pictures.filter((own) => own.length >= LEAST_PICTURES).length;
  if (usable < LEAST_CLASSES) {
    refuse(
      `Calibration needs at least ${LEAST_CLASSES} classes of at least ${LEAST_PICTURES} pictures; ${classFolders.join(', ')} has ${usable}.`,
    );
    return;
  }
  const statistics = fitStatistics(set);
  const calibrations = fitCalibrations([set, ...named], statistics);
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'statistics.bin'), [serialiseStatistics(statistics)]);
  await writeFileAtomic(join(out, 'calibration.json'), [serialiseCalibrations(calibrations)]);
  const { rows } = statistics.backgroundPictures;
  const also = named.length === 0 ? '' : ` and ${named.reduce((sum, { classes }) => sum + classes.length, 0)} named`;
  process.stdout.write(
    `${set.classes.length} classes${also}, ${rows} background pictures: statistics.bin and calibration.json written to ${out}\n`,
  );
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
