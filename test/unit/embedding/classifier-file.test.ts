import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClassifier } from '../../../src/embedding/encoders/classifier-file.ts';

const CLASSES = ['cat', 'dog'];
const ROWS = [
  [1, 2, 3],
  [4, 5, 6.5],
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-classifier-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** As np.save writes it, version 1. */
function npy(descr: string, shape: string, values: Uint8Array): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), values]);
}

const bytesOf = (values: Float32Array | Float64Array): Uint8Array => new Uint8Array(values.buffer);
const SINGLE = bytesOf(Float32Array.from(ROWS.flat()));
const DOUBLE = bytesOf(Float64Array.from(ROWS.flat()));

describe("a classifier's files", () => {
  it.each([
    ['w.npy', npy('<f4', '2, 3', SINGLE)],
    ['w.npy', npy('<f8', '2, 3', DOUBLE)],
    ['w.f32', SINGLE],
    ['w.json', JSON.stringify(ROWS)],
  ])('give one row a class: %s', async (name, content) => {
    const { weights } = await readClassifier({ weights: await file(name, content), classes: CLASSES }, 3);
    expect(weights).toEqual({ rows: 2, dimension: 3, data: Float32Array.from(ROWS.flat()) });
  });

  it.each([
    ['names.txt', 'cat\r\ndog\n\n'],
    ['names.json', '["cat", "dog"]'],
  ])('give the names: %s', async (name, content) => {
    const files = { weights: await file('w.f32', SINGLE), classes: await file(name, content) };
    expect((await readClassifier(files, 3)).classes).toEqual(CLASSES);
  });

  it.each([
    ['w.npy', npy('<f4', '3, 2', SINGLE), /Expected 2 classes x 3 features .*got 3 x 2\. Transpose/],
    ['w.npy', npy('<i4', '2, 3', SINGLE), /float16, float32 or float64, got "<i4"/],
    ['w.npy', npy('<f4', '6,', SINGLE), /got 1 x 6\. Use the layer/],
    ['w.npy', npy('<f4', '2, 3', SINGLE.slice(4)), /it is cut off/],
    ['w.npy', npy('<f4', '2, 3', bytesOf(Float32Array.of(1, 2, 3, 4, Number.NaN, 6))), /Expected finite numbers/],
    ['w.npy', 'something else', /does not begin as a \.npy file does|it is cut off/],
    ['w.npy', npy('<f4', '6, 1', SINGLE), /got 6 x 1\. Use the layer/],
    ['w.f32', SINGLE.slice(4), /rows of 12 bytes .*got 20 bytes/],
    ['w.bin', SINGLE, /Expected \.npy, \.json, or \.f32/],
    ['w.json', '[[1, 2], [3]]', /rows of one length/],
    ['w.json', '{', /Expected JSON/],
  ])('are refused with the reason: %s, %#', async (name, content, message) => {
    const files = { weights: await file(name, content), classes: CLASSES };
    await expect(readClassifier(files, 3)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringMatching(message),
    });
  });
});
