import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEncoderManifest } from '../../../src/embedding/encoders/encoder-manifest.ts';

const SMALLEST = { format: 1, id: 'mine', file: 'net.onnx', pixels: { width: 64, height: 48 } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-manifest-'));
  await writeFile(join(folder, 'net.onnx'), 'weights');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(manifest: unknown): ReturnType<typeof readEncoderManifest> {
  await writeFile(join(folder, 'encoder.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return readEncoderManifest(folder);
}

async function faultsOf(manifest: unknown): Promise<unknown> {
  const outcome = await read(manifest).then(
    () => undefined,
    (error) => error,
  );
  expect(outcome).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  return outcome.details.faults;
}

describe('encoder.json', () => {
  it('needs no more than a file and the size of its picture', async () => {
    expect(await read(SMALLEST)).toEqual({
      id: 'mine',
      path: join(folder, 'net.onnx'),
      revision: expect.stringMatching(/^[0-9a-f]{32}$/),
      dtype: 'fp32',
      input: { layout: 'NCHW', channels: 'RGB' },
      outputs: [{ pooling: 'none' }],
      pixels: {
        width: 64,
        height: 48,
        resize: { width: 64, height: 48 },
        kernel: 'linear',
        mean: [0, 0, 0],
        deviation: [1, 1, 1],
        rescale: 1 / 255,
      },
    });
  });

  it('does not follow a link out of its folder, nor read a folder as a file', async () => {
    await writeFile(join(folder, 'last.npy'), '');
    await symlink('/etc/hostname', join(folder, 'out.txt'));
    const linked = { ...SMALLEST, classifier: { weights: 'last.npy', classes: 'out.txt' } };
    expect(await faultsOf(linked)).toEqual([expect.stringContaining('which this link leaves')]);
    const nested = { ...SMALLEST, classifier: { weights: '.', classes: ['cat'] } };
    expect(await faultsOf(nested)).toEqual([expect.stringContaining('a file, and no folder')]);
  });

  it('says everything else where it is asked to', async () => {
    await writeFile(join(folder, 'last.npy'), '');
    const pixels = {
      width: 224,
      height: 224,
      resize: { shortestEdge: 256 },
      kernel: 'cubic',
      mean: [123, 116, 103],
      deviation: 2,
      rescale: 1,
    };
    const full = {
      ...SMALLEST,
      pixels,
      input: { name: 'data', layout: 'NHWC', channels: 'BGR' },
      output: 'fc2',
      pooling: 'gap',
      classifier: { weights: 'last.npy', classes: ['cat', 'dog'] },
      dtype: 'q8',
      licence: 'MIT',
      description: 'Ours.',
    };
    expect(await read(full)).toMatchObject({
      dtype: 'q8',
      input: { name: 'data', layout: 'NHWC', channels: 'BGR' },
      outputs: [{ name: 'fc2', pooling: 'gap' }],
      pixels: { ...pixels, deviation: [2, 2, 2] },
      classifier: { weights: join(folder, 'last.npy'), classes: ['cat', 'dog'] },
      description: 'Ours. Licence: MIT.',
    });
  });

  it('has the revision of its weights and of nothing else', async () => {
    const before = (await read(SMALLEST)).revision;
    expect((await read({ ...SMALLEST, id: 'other', pooling: 'gap' })).revision).toBe(before);
    await writeFile(join(folder, 'net.onnx.data'), 'external');
    const withData = (await read(SMALLEST)).revision;
    await writeFile(join(folder, 'net.onnx.data'), 'External');
    expect(new Set([before, withData, (await read(SMALLEST)).revision]).size).toBe(3);
  });

  it('finds weights in a folder within', async () => {
    await mkdir(join(folder, 'onnx'));
    await writeFile(join(folder, 'onnx/net.onnx'), 'weights');
    await writeFile(join(folder, 'onnx/net.onnx_data'), 'external');
    const before = await read({ ...SMALLEST, file: 'onnx/net.onnx' });
    expect(before.path).toBe(join(folder, 'onnx/net.onnx'));
    await writeFile(join(folder, 'onnx/net.onnx_data'), 'External');
    expect((await read({ ...SMALLEST, file: 'onnx/net.onnx' })).revision).not.toBe(before.revision);
  });

  it('is told all its faults at once: field, what was expected, what came', async () => {
    const faults = await faultsOf({
      format: 2,
      file: '../net.onnx',
      input: { layout: 'CHW', chanels: 'RGB' },
      pixels: { width: 0, resize: { shortestEdge: 'big' }, kernel: 'box', mean: [1, 2], deviation: [1, 0, 1] },
      pooling: 'max',
      classifier: { weights: 'gone.npy', classes: 7 },
      licence: 3,
    });
    expect(faults).toEqual([
      'format: expected 1, got 2',
      'id: expected a text, got nothing',
      `file: expected a file within the folder of encoder.json, got "../net.onnx"`,
      'input.layout: expected NCHW or NHWC, got "CHW"',
      'input.chanels: expected no such field (known: name, layout, channels), got "RGB"',
      'pixels.width: expected a whole number from 1 to 2048, got 0',
      'pixels.height: expected a whole number from 1 to 2048, got nothing',
      'pixels.resize.shortestEdge: expected a whole number from 1 to 2048, got "big"',
      'pixels.kernel: expected nearest or linear or cubic or lanczos3, got "box"',
      'pixels.mean: expected three numbers (red, green, blue) from -1000000 to 1000000, or one for all, got [1,2]',
      'pixels.deviation: expected three numbers (red, green, blue) from 1e-9 to 1000000, or one for all, got [1,0,1]',
      'pooling: expected none or cls or mean or gap, got "max"',
      'classifier.weights: expected a file that exists, got "gone.npy"',
      'classifier.classes: expected a list of names, or a file (.json or a name a line), got 7',
      'licence: expected a text, got 3',
    ]);
  });

  it.each([
    [{ ...SMALLEST, file: '/etc/net.onnx' }, /^file: expected a file within/],
    [{ ...SMALLEST, file: 'a/../../net.onnx' }, /^file: expected a file within/],
    [{ ...SMALLEST, file: 'encoder.json' }, /^file: expected a name that ends in \.onnx/],
    [{ ...SMALLEST, pixels: undefined }, /^pixels: expected an object, got nothing/],
    [{ ...SMALLEST, pixels: { width: 1, height: 1, resize: 7 } }, /^pixels\.resize: expected an object, got 7/],
    [{ ...SMALLEST, classifier: 'weights.npy' }, /^classifier: expected an object/],
    [[], /^expected a JSON object, got \[\]/],
  ])('is refused with one fault: %j', async (manifest, message) => {
    expect(await faultsOf(manifest)).toEqual([expect.stringMatching(message)]);
  });

  it('is refused where it is missing or no JSON', async () => {
    await expect(readEncoderManifest(folder)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringMatching(/encoder\.json, but it cannot be read/),
    });
    await expect(read('{')).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringMatching(/is not JSON/),
    });
  });
});
