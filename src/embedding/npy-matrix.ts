// A matrix in NumPy's .npy format: what np.save writes of a 2-d array. Pure; opens no file.
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import type { Matrix } from '../core/vector.ts';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/** Reads float32 and float64, 2-d, little-endian, row order. Throws an Error that says what was expected and what came. */
export function parseNpyMatrix(bytes: Buffer): Matrix {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('expected a .npy file, got other bytes');
  const isFirstVersion = bytes[6] === 1;
  const start = isFirstVersion ? 10 : 12;
  const length = isFirstVersion ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const header = bytes.toString('latin1', start, start + length);
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\((\d+),\s*(\d+),?\)/.exec(header);
  const isRowOrder = /'fortran_order':\s*False/.test(header);
  const size = type === '<f4' ? 4 : type === '<f8' ? 8 : undefined;
  if (size === undefined || shape === null || !isRowOrder) {
    throw new Error(`expected a 2-d array of float32 or float64 in row order, got ${header.trim()}`);
  }
  const [rows, dimension] = [Number(shape[1]), Number(shape[2])];
  const values = bytes.subarray(start + length);
  const data = new Float32Array(rows * dimension);
  if (values.length !== data.length * size) {
    throw new Error(`expected ${data.length * size} bytes for ${rows} x ${dimension}, got ${values.length}`);
  }
  for (let i = 0; i < data.length; i++) data[i] = size === 4 ? values.readFloatLE(i * 4) : values.readDoubleLE(i * 8);
  return { rows, dimension, data };
}
