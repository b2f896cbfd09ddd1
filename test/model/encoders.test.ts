// Tiny networks of the real architectures behind the real worker, against PyTorch's own features of the same pictures
// (scripts/encoders/fixtures.py), and CLIP's image tower against the CLIP embedder.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dot, row, unit, type Vector } from '../../src/core/vector.ts';
import { resolveModel } from '../../src/embedding/model-files.ts';
import { createWorkerEmbedder } from '../../src/embedding/worker-embedder.ts';
import {
  expectGolden,
  FIXTURES,
  featuresOf,
  MODELS,
  openEncoder,
  openFixture,
  unavailable,
} from '../support/encoders.ts';
import { syntheticPixels } from '../support/synthetic-pixels.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-encoder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A copy of a fixture whose encoder.json has other fields. */
async function variant(name: string, fields: object): Promise<string> {
  const path = join(folder, name);
  await cp(join(FIXTURES, name), path, { recursive: true });
  const manifest = JSON.parse(await readFile(join(path, 'encoder.json'), 'utf8'));
  await writeFile(join(path, 'encoder.json'), JSON.stringify({ ...manifest, ...fields }));
  return path;
}

describe('a network described by encoder.json', () => {
  it.each([
    ['vgg16-fc2', 'fc2', {}],
    ['vgg16-fc2', 'fc1', { output: 'fc1', classifier: undefined }],
    ['vgg16-caffe-maps', 'maps', {}],
    ['mobilenet', 'pooled', {}],
    ['mobilenet', 'maps', { output: 'maps', pooling: 'gap' }],
    ['vit', 'cls', {}],
    ['vit', 'mean', { pooling: 'mean' }],
    ['logits-only', 'logits', {}],
    ['one-at-a-time', 'features', {}],
    ['three-at-a-time', 'features', {}],
    ['falsely-any', 'features', {}],
  ])("gives PyTorch's features: %s, %s", async (name, feature, fields) => {
    const encoder = await openEncoder(await variant(name, fields));
    expectGolden(await featuresOf(encoder), name, feature);
  });

  it('flattens maps that nobody pools', async () => {
    const encoder = await openEncoder(await variant('mobilenet', { output: 'maps', pooling: 'none' }));
    expect(encoder.model.dimension).toBe(32);
    expectGolden(await featuresOf(encoder), 'mobilenet', 'maps');
  });

  it('brings the classifier whose columns read its features', async () => {
    const encoder = await openFixture('vgg16-fc2');
    await encoder.close();
    expect(encoder.classifier?.classes).toEqual(['cat', 'dog', 'truck', 'ship', 'frog']);
    expect(encoder.classifier?.weights).toMatchObject({ rows: 5, dimension: 64 });
    expect(row(encoder.classifier?.weights ?? { rows: 0, dimension: 0, data: new Float32Array() }, 4)).toHaveLength(64);
  });

  it('says in its description which output it took', async () => {
    const encoder = await openFixture('vit');
    await encoder.close();
    expect(encoder.description).toMatch(
      /Random weights.*Licence: Apache-2\.0\. Output last_hidden_state, pooled: cls; 16/,
    );
  });

  it('has a fingerprint that follows everything that changes a vector, and no more', async () => {
    const fingerprint = async (fields: object): Promise<string> => {
      const encoder = await openEncoder(await variant('mobilenet', fields));
      await encoder.close();
      return encoder.model.fingerprint;
    };
    const { pixels } = JSON.parse(await readFile(join(FIXTURES, 'mobilenet/encoder.json'), 'utf8'));
    const base = await fingerprint({});
    expect(await fingerprint({ id: 'other', description: 'other', licence: 'other' })).toBe(base);
    const others = [
      await fingerprint({ output: 'maps', pooling: 'gap' }),
      await fingerprint({ output: 'maps', pooling: 'none' }),
      await fingerprint({ input: { channels: 'BGR' } }),
      await fingerprint({ pixels: { ...pixels, mean: 0.5 } }),
      await fingerprint({ pixels: { ...pixels, kernel: 'cubic' } }),
    ];
    expect(new Set([base, ...others]).size).toBe(others.length + 1);
  });
});

describe('a network that is not what encoder.json says', () => {
  it.each([
    [{ output: 'fc3' }, /expected an output fc3 .*the file has fc1 float32 \[1,64\], fc2 float32 \[1,64\]/],
    [
      { output: 'fc2', pooling: 'gap' },
      /fc2 for pooling gap: float32 \[pictures, channels, rows, columns\].*the file has/,
    ],
    [{ input: { name: 'x' } }, /expected an input named x; the file has pixel_values float32 \[pictures,3,32,32\]/],
    [{ input: { layout: 'NHWC' } }, /expected a float32 input \[pictures,32,32,3\] \(NHWC.*the file has pixel_values/],
    [{ pixels: { width: 64, height: 64 } }, /\[pictures,3,64,64\].*the file has pixel_values .*\[pictures,3,32,32\]/],
    [
      { output: 'fc1', classifier: { weights: 'classifier.npy', classes: ['a'] } },
      /Expected 1 classes x 64 .*got 5 x 64/,
    ],
  ])('is refused with MODEL_UNAVAILABLE and what the file has: %j', async (fields, message) => {
    const path = await variant('vgg16-fc2', fields);
    await expect(openEncoder(path)).rejects.toMatchObject(unavailable(message));
  });

  it('is refused where the file holds no network', async () => {
    const path = await variant('vit', {});
    await writeFile(join(path, 'model.onnx'), 'no weights');
    await expect(openEncoder(path)).rejects.toMatchObject(unavailable(/cannot be run: .*encoder\.json/));
  });
});

describe("CLIP's image tower as an encoder", () => {
  it('points where the CLIP embedder points, at a length of its own', async () => {
    const encoder = await openEncoder('starter:image');
    const modelFolder = await resolveModel({ model: 'starter', modelsDirectory: MODELS, cacheDirectory: folder });
    const embedder = await createWorkerEmbedder({ folder: modelFolder });
    try {
      expect(encoder.model.pixels).toEqual(embedder.model.pixels);
      const { width, height } = encoder.model.pixels;
      const pictures = [1, 2, 3].map((seed) => syntheticPixels(seed, width, height));
      const raw = await encoder.embedPixels(pictures, 'query');
      const units = await embedder.embedPixels(pictures, 'query');
      for (const [i, vector] of raw.entries()) {
        expect(dot(unit(vector), units[i] as Vector)).toBeGreaterThan(0.9999);
        expect(Math.hypot(...vector)).toBeGreaterThan(1.1);
      }
    } finally {
      await Promise.all([encoder.close(), embedder.close()]);
    }
  });
});

describe('the name of an encoder', () => {
  it('may be the .onnx file itself', async () => {
    const encoder = await openEncoder(join(FIXTURES, 'vit/model.onnx'));
    await encoder.close();
    expect(encoder.model.id).toBe('vit');
  });

  it('may be a folder of the models directory', async () => {
    const encoder = await openEncoder('vit', { modelsDirectory: FIXTURES });
    await encoder.close();
    expect(encoder.model.id).toBe('vit');
  });

  it.each([
    ['no such thing', /Expected an encoder .*got "no such thing"/],
    ['/nowhere/at/all', /Expected a folder with a model at \/nowhere\/at\/all/],
    ['words', /model in .*words lacks config\.json/],
    ['pixels:0', /pixels:N with N from 1 to 64/],
    ['pixels:many', /pixels:N with N from 1 to 64/],
  ])('is refused where there is none: %s', async (source, message) => {
    await expect(openEncoder(source)).rejects.toMatchObject(unavailable(message));
  });

  it('is refused for a file that its encoder.json does not describe', async () => {
    const path = await variant('vit', {});
    await cp(join(path, 'model.onnx'), join(path, 'other.onnx'));
    await expect(openEncoder(join(path, 'other.onnx'))).rejects.toMatchObject(
      unavailable(/to describe other\.onnx, but it describes model\.onnx/),
    );
  });
});
