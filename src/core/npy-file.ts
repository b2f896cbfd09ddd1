// Vectors in and out as .npy, numpy's format, a batch of rows at a time: a matrix larger than memory goes through.
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from './errors.ts';
import {
  NPY_PREFIX_BYTES,
  type NpyHeader,
  type NpyType,
  npyHeaderLength,
  parseNpyHeader,
  refused,
  writtenNpyHeader,
} from './npy-header.ts';
import type { Matrix } from './vector.ts';

const BYTES: Readonly<Record<NpyType, number>> = { float16: 2, float32: 4, float64: 8 };
const ROWS_AT_ONCE = 1024;

export interface NpyFile extends Pick<NpyHeader, 'rows' | 'dimension' | 'type'> {
  /** All rows in order; each batch is a copy of its own. Throws BAD_ARGUMENT if the file ends too early. */
  batches(rowsAtOnce?: number): AsyncGenerator<Matrix>;
  close(): Promise<void>;
}

/** Opens a file for reading; the caller closes it. Throws FILE_NOT_FOUND, and BAD_ARGUMENT naming what is wrong with it. */
export async function openNpy(path: string): Promise<NpyFile> {
  const name = basename(path);
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('FILE_NOT_FOUND', `The file ${path} cannot be opened; expected a .npy file.`, { cause });
  });
  try {
    const prefix = await readAt(file, 0, NPY_PREFIX_BYTES, name);
    const header = parseNpyHeader(await readAt(file, 0, npyHeaderLength(prefix, name), name), name);
    const expected = header.offset + header.rows * header.dimension * BYTES[header.type];
    const { size } = await file.stat();
    if (size < expected) throw refused(name, `it is cut off: expected ${expected} bytes, got ${size}`);
    const { rows, dimension, type } = header;
    const batches = (rowsAtOnce = ROWS_AT_ONCE): AsyncGenerator<Matrix> => readBatches(file, header, rowsAtOnce, name);
    return { rows, dimension, type, batches, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The whole array, as Float32. Throws what `openNpy` throws. */
export async function readNpy(path: string): Promise<Matrix> {
  const file = await openNpy(path);
  try {
    const { rows, dimension } = file;
    const data = new Float32Array(rows * dimension);
    let at = 0;
    for await (const batch of file.batches()) {
      data.set(batch.data, at);
      at += batch.data.length;
    }
    return { rows, dimension, data };
  } finally {
    await file.close();
  }
}

/**
 * Writes the batches one after another as one float32 array of shape (rows, dimension) and returns the rows. The file is
 * whole or absent. Throws INTERNAL for a batch of another dimension, and what the batches throw.
 */
export async function writeNpy(
  path: string,
  dimension: number,
  batches: AsyncIterable<Matrix> | Iterable<Matrix>,
): Promise<number> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const rows = await writeAll(temporary, dimension, batches);
    await rename(temporary, path);
    return rows;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeAll(
  path: string,
  dimension: number,
  batches: AsyncIterable<Matrix> | Iterable<Matrix>,
): Promise<number> {
  const file = await open(path, 'w');
  try {
    let rows = 0;
    await file.writeFile(writtenNpyHeader(rows, dimension));
    for await (const batch of batches) {
      if (batch.dimension !== dimension) {
        throw new AppError('INTERNAL', `The file expects rows of dimension ${dimension}, got ${batch.dimension}.`);
      }
      const { buffer, byteOffset, byteLength } = batch.data;
      await file.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
      rows += batch.rows;
    }
    await file.write(writtenNpyHeader(rows, dimension), 0, undefined, 0);
    await file.sync();
    return rows;
  } finally {
    await file.close();
  }
}

async function* readBatches(
  file: FileHandle,
  { rows, dimension, type, isFortran, offset }: NpyHeader,
  rowsAtOnce: number,
  name: string,
): AsyncGenerator<Matrix> {
  const size = BYTES[type];
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - from);
    if (!isFortran) {
      const bytes = await readAt(file, offset + from * dimension * size, count * dimension * size, name);
      yield { rows: count, dimension, data: numbersOf(bytes, type) };
      continue;
    }
    const data = new Float32Array(count * dimension);
    for (let column = 0; column < dimension; column++) {
      const bytes = await readAt(file, offset + (column * rows + from) * size, count * size, name);
      numbersOf(bytes, type).forEach((value, i) => {
        data[i * dimension + column] = value;
      });
    }
    yield { rows: count, dimension, data };
  }
}

async function readAt(
  file: FileHandle,
  position: number,
  length: number,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw refused(name, 'it is cut off');
    done += bytesRead;
  }
  return bytes;
}

/** Little-endian, as every machine is that Node has binaries for. */
function numbersOf({ buffer }: Uint8Array<ArrayBuffer>, type: NpyType): Float32Array {
  if (type === 'float32') return new Float32Array(buffer);
  if (type === 'float64') return Float32Array.from(new Float64Array(buffer));
  return Float32Array.from(new Uint16Array(buffer), halfToNumber);
}

/** IEEE 754 binary16: one sign bit, five of exponent, ten of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
