// Statistics and a calibration for the fake embedder, written as `npm run calibrate` writes them for a real model.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unit, type Vector } from '../../src/core/vector.ts';
import { serialiseCalibrations } from '../../src/query/calibration-file.ts';
import { serialiseStatistics } from '../../src/query/statistics.ts';
import { createFakeEmbedder, FAKE_MODEL } from './fake-embedder.ts';

/** On the cosine alone: 1/2 at .6, cuts below it, at it and near 1. */
const CALIBRATION = {
  features: ['cosine' as const],
  model: { means: [0.6], deviations: [0.1], weights: [2], bias: 0 },
  cuts: { LOOSE: 0.4, NORMAL: 0.6, STRICT: 0.97 },
};
const WORDS = ['red', 'green', 'blue', 'white', 'black', 'yellow'];

/** Returns the folder. */
export async function writeFakeCalibration(folder: string): Promise<string> {
  const words = await createFakeEmbedder().embedTexts(WORDS, 'query');
  const zero = new Float32Array(FAKE_MODEL.dimension);
  const pictures: Vector[] = words.map((word) => unit(word.map((value, i) => value + (i > 28 ? 0.05 : 0))));
  await mkdir(folder, { recursive: true });
  const statistics = {
    dimension: FAKE_MODEL.dimension,
    imageMean: zero,
    textMean: zero,
    backgroundPictures: { rows: pictures.length, dimension: zero.length, data: flatten(pictures) },
    backgroundWords: { rows: words.length, dimension: zero.length, data: flatten(words) },
  };
  await writeFile(join(folder, 'statistics.bin'), serialiseStatistics(statistics));
  await writeFile(
    join(folder, 'calibration.json'),
    serialiseCalibrations({ textToImage: CALIBRATION, imageToImage: CALIBRATION }),
  );
  return folder;
}

function flatten(vectors: readonly Vector[]): Float32Array {
  return Float32Array.from(vectors.flatMap((vector) => [...vector]));
}
