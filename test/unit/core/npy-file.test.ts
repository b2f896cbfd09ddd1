// .npy files: those of numpy are understood or refused by name, and what is written here comes back.
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNpy, readNpy, writeNpy } from '../../../src/core/npy-file.ts';
import type { Matrix } from '../../../src/core/vector.ts';
import {
  BIG_ENDIAN,
  CUBE,
  EMPTY,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  FORTRAN,
  HALVES,
  INTEGERS,
  OBJECTS,
  ONE_ROW,
  RECORDS,
} from './numpy-arrays.ts';

const MATRIX = [1.5, -2, 0.25, 1000, 0, -0.125];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-npy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('readNpy', () => {
  it.each([
    ['float32, version 1.0', FLOAT32],
    ['float64, version 2.0', FLOAT64],
    ['float16, version 3.0', FLOAT16],
    ['Fortran order', FORTRAN],
  ])('reads what numpy wrote: %s', async (_, base64) => {
    const { rows, dimension, data } = await readNpy(await file(base64));
    expect([rows, dimension]).toEqual([2, 3]);
    expect([...data]).toEqual(MATRIX);
  });

  it('takes a one-dimensional array for one row, and no rows for none', async () => {
    expect(await readNpy(await file(ONE_ROW))).toEqual({ rows: 1, dimension: 3, data: Float32Array.of(1.5, -2, 0.25) });
    expect(await readNpy(await file(EMPTY))).toEqual({ rows: 0, dimension: 3, data: new Float32Array(0) });
  });

  it('reads the smallest, the largest and the odd numbers of float16', async () => {
    const { data } = await readNpy(await file(HALVES));
    expect([...data]).toEqual([2 ** -24, 65504, -0, Number.POSITIVE_INFINITY, Math.fround(0.00006097555160522461)]);
  });

  it.each([
    ['pickled objects', OBJECTS, 'never loaded'],
    ['big-endian numbers', BIG_ENDIAN, 'got ">f4"'],
    ['integers', INTEGERS, 'got "<i8"'],
    ['records', RECORDS, 'a record type'],
    ['three dimensions', CUBE, 'shape (1, 1, 2)'],
    ['a zip', Buffer.from('PK\u0003\u0004 and so on').toString('base64'), '.npz'],
    ['nothing', '', 'cut off'],
  ])('refuses %s and says why', async (_, base64, words) => {
    await expect(readNpy(await file(base64))).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining(words),
    });
  });

  it('refuses a file that is cut off anywhere, before any row is read', async () => {
    const path = await file(FLOAT32);
    for (const size of [151, 128, 100, 11, 5]) {
      await truncate(path, size);
      await expect(openNpy(path)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    }
  });

  it('names a file that is not there', async () => {
    await expect(readNpy(join(folder, 'absent.npy'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

describe('openNpy', () => {
  it.each([
    ['C order', FLOAT32],
    ['Fortran order', FORTRAN],
  ])('hands out batches of the size asked for: %s', async (_, base64) => {
    const opened = await openNpy(await file(base64));
    const batches: number[][] = [];
    for await (const { rows, dimension, data } of opened.batches(1)) {
      expect([rows, dimension]).toEqual([1, 3]);
      batches.push([...data]);
    }
    await opened.close();
    expect(batches).toEqual([MATRIX.slice(0, 3), MATRIX.slice(3)]);
  });
});

describe('writeNpy', () => {
  it('gives back every number, however the rows came', async () => {
    const shape = fc.record({
      dimension: fc.integer({ min: 1, max: 7 }),
      batches: fc.array(fc.nat(5), { maxLength: 5 }),
      values: fc.infiniteStream(fc.float()),
    });
    const path = join(folder, 'written.npy');
    await fc.assert(
      fc.asyncProperty(shape, async ({ dimension, batches, values }) => {
        const matrices: Matrix[] = batches.map((rows) => {
          const data = Float32Array.from({ length: rows * dimension }, () => values.next().value as number);
          return { rows, dimension, data };
        });
        const rows = batches.reduce((sum, each) => sum + each, 0);
        expect(await writeNpy(path, dimension, matrices)).toBe(rows);
        const read = await readNpy(path);
        expect([read.rows, read.dimension]).toEqual([rows, dimension]);
        expect([...read.data]).toEqual(matrices.flatMap(({ data }) => [...data]));
      }),
      { seed: 41, numRuns: 50 },
    );
  });

  it('aligns the numbers as numpy does and says the shape that it wrote', async () => {
    const path = join(folder, 'shape.npy');
    await writeNpy(path, 2, [{ rows: 3, dimension: 2, data: new Float32Array(6) }]);
    const bytes = await readFile(path);
    expect(bytes.length).toBe(128 + 24);
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]));
    expect(bytes.subarray(10, 128).toString('latin1')).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(3, 2\), \} *\n$/,
    );
  });

  it('leaves neither a part nor a change behind when it fails', async () => {
    const path = join(folder, 'kept.npy');
    await writeNpy(path, 1, [{ rows: 1, dimension: 1, data: Float32Array.of(7) }]);
    const before = await readdir(folder);
    const failing = writeNpy(path, 1, [
      { rows: 1, dimension: 1, data: Float32Array.of(8) },
      { rows: 1, dimension: 2, data: new Float32Array(2) },
    ]);
    await expect(failing).rejects.toMatchObject({ code: 'INTERNAL' });
    expect([...(await readNpy(path)).data]).toEqual([7]);
    expect(await readdir(folder)).toEqual(before);
  });
});

async function file(base64: string): Promise<string> {
  const path = join(folder, 'array.npy');
  await writeFile(path, Buffer.from(base64, 'base64'));
  return path;
}

describe('a .npy file whose shape no file can have', () => {
  it.each(['999999999999999, 0', '0,', '900000000000000, 900000000000000'])('is refused: (%s)', async (shape) => {
    const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
    const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
    const path = join(await mkdtemp(join(tmpdir(), 'semblance-npy-')), 'empty.npy');
    await writeFile(path, Buffer.concat([start, Buffer.from(`${dict}\n`)]));
    await expect(readNpy(path)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(/shape/),
    });
    await rm(dirname(path), { recursive: true });
  });
});
