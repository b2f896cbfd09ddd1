// The last layer of a network, from the files that encoder.json names: a matrix of classes x dimension and the names.
import { readFile } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import { readNpy } from '../../core/npy-file.ts';
import type { Matrix } from '../../core/vector.ts';
import type { Classifier } from '../embedder.ts';
import type { ClassifierFiles } from './encoder-source.ts';

/**
 * `dimension` is the length of the encoder's features. Weights: .npy (2-d), .json (rows of numbers) or .f32 (little-endian,
 * row after row). Names: a list, a .json list, or a text file with one a line. Throws MODEL_UNAVAILABLE naming the file.
 */
export async function readClassifier(files: ClassifierFiles, dimension: number): Promise<Classifier> {
  const classes = await readClasses(files.classes);
  const weights = await readWeights(files.weights, dimension);
  if (!weights.data.every(Number.isFinite))
    throw unusable(files.weights, 'finite numbers', 'NaN or Infinity among them', 'Save the weights again.');
  if (weights.rows === classes.length && weights.dimension === dimension) return { classes, weights };
  const isTurned = weights.rows === dimension && weights.dimension === classes.length;
  throw unusable(
    files.weights,
    `${classes.length} classes x ${dimension} features`,
    `${weights.rows} x ${weights.dimension}`,
    isTurned ? 'Transpose it: one row a class.' : 'Use the layer that reads the very output that encoder.json names.',
  );
}

async function readClasses(classes: string | readonly string[]): Promise<readonly string[]> {
  if (typeof classes !== 'string') return classes;
  const text = await readFile(classes, 'utf8');
  if (!classes.endsWith('.json')) return text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const list = parseJson(text, classes);
  if (Array.isArray(list) && list.every((name) => typeof name === 'string')) return list;
  throw unusable(classes, 'a JSON list of names', text.slice(0, 40), 'Write ["cat", "dog", ...].');
}

async function readWeights(path: string, dimension: number): Promise<Matrix> {
  if (path.endsWith('.npy')) {
    return readNpy(path).catch((cause: Error) => {
      throw unusable(
        path,
        'a matrix of classes x features',
        `a file that is none: ${cause.message}`,
        'Save it by np.save.',
      );
    });
  }
  const bytes = await readFile(path);
  if (path.endsWith('.json')) return matrixOfRows(parseJson(bytes.toString(), path), path);
  const rows = bytes.length / 4 / dimension;
  if (!path.endsWith('.f32') || !Number.isInteger(rows)) {
    const expected = `.npy, .json, or .f32 with rows of ${dimension * 4} bytes`;
    throw unusable(path, expected, `${bytes.length} bytes`, 'Save it by np.save.');
  }
  const data = Float32Array.from({ length: rows * dimension }, (_, i) => bytes.readFloatLE(i * 4));
  return { rows, dimension, data };
}

function matrixOfRows(content: unknown, path: string): Matrix {
  const rows = Array.isArray(content) ? (content as unknown[]) : [];
  const dimension = Array.isArray(rows[0]) ? rows[0].length : 0;
  const isMatrix = rows.every(
    (row) => Array.isArray(row) && row.length === dimension && row.every((value) => Number.isFinite(value)),
  );
  if (dimension === 0 || !isMatrix) {
    throw unusable(
      path,
      'a JSON list of rows of one length',
      JSON.stringify(content).slice(0, 40),
      'Write [[...], ...].',
    );
  }
  return { rows: rows.length, dimension, data: Float32Array.from((rows as number[][]).flat()) };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable(path, 'JSON', text.slice(0, 40), 'Write the file again.');
  }
}

function unusable(path: string, expected: string, came: string, remedy: string): AppError {
  return new AppError('MODEL_UNAVAILABLE', `Expected ${expected} in ${path}, got ${came}. ${remedy}`);
}
