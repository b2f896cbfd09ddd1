// `npm run calibrate -- FOLDER [--model FOLDER] [--out FOLDER]`: fits what a model needs beside its weights, the statistics of
// its space and the calibration of its scores, from any folder of class folders, and writes them into the model's folder.
// Judge the result on other pictures than these: `npm run eval:queries`.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/core/files.ts';
import { serialiseCalibrations } from '../src/query/calibration-file.ts';
import { serialiseStatistics } from '../src/query/statistics.ts';
import { fitCalibrations, fitStatistics, loadFittingSet } from './eval/queries/model-statistics.ts';
import { openReferenceEmbedder } from './eval/reference-embedder.ts';

/** Fewer classes, or fewer pictures in each, fit chance. */
const LEAST_CLASSES = 20;
const LEAST_PICTURES = 6;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string', default: 'models/starter' }, out: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined || !(await isFolder(folder))) {
  refuse('Name a folder that holds one folder of pictures for each class: npm run calibrate -- FOLDER');
} else {
  await calibrate(folder, values.model, values.out ?? values.model);
}

async function calibrate(pictures: string, model: string, out: string): Promise<void> {
  const set = await loadFittingSet(await openReferenceEmbedder(model), pictures);
  const usable = set.pictures.filter((own) => own.length >= LEAST_PICTURES).length;
  if (usable < LEAST_CLASSES) {
    refuse(
      `Calibration needs at least ${LEAST_CLASSES} classes of at least ${LEAST_PICTURES} pictures; ${pictures} has ${usable}.`,
    );
    return;
  }
  const statistics = fitStatistics(set);
  const calibrations = fitCalibrations(set, statistics);
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'statistics.bin'), [serialiseStatistics(statistics)]);
  await writeFileAtomic(join(out, 'calibration.json'), [serialiseCalibrations(calibrations)]);
  const { rows } = statistics.backgroundPictures;
  process.stdout.write(
    `${set.classes.length} classes, ${rows} background pictures: statistics.bin and calibration.json written to ${out}\n`,
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
