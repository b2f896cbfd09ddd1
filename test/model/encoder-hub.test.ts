// Encoders in the Hugging Face layout, fetched from a hub on this machine or read from a folder, against PyTorch's own features.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageEncoder } from '../../src/embedding/embedder.ts';
import { expectGolden, FIXTURES, featuresOf, MODELS, openEncoder, unavailable } from '../support/encoders.ts';
import { HUB_COMMIT, type LoopbackHub, startLoopbackHub } from '../support/loopback-hub.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-encoder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The files that transformers.js' exports hold. */
async function hubFiles(fixture: string, type: string): Promise<Record<string, string | Buffer>> {
  const preprocessor = {
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
    size: { height: 32, width: 32 },
    resample: 2,
  };
  return {
    'config.json': JSON.stringify({ model_type: type }),
    'preprocessor_config.json': JSON.stringify(preprocessor),
    'onnx/model.onnx': await readFile(join(FIXTURES, fixture, 'model.onnx')),
  };
}

describe('a model in the Hugging Face layout', () => {
  let hub: LoopbackHub | undefined;
  afterEach(async () => {
    await hub?.close();
    hub = undefined;
  });

  async function fetched(files: Record<string, string | Buffer>, source = 'owner/name'): Promise<ImageEncoder> {
    hub = await startLoopbackHub(files);
    return openEncoder(source, { hubUrl: hub.url, cacheDirectory: folder });
  }

  it("is fetched by its id and read by its family: a ViT's class token", async () => {
    const encoder = await fetched({ ...(await hubFiles('vit', 'vit')), 'model.safetensors': 'not needed' });
    expect(encoder.model).toMatchObject({ id: 'owner/name', revision: HUB_COMMIT, dtype: 'fp32', dimension: 16 });
    expect(encoder.description).toBe('owner/name (vit). Output last_hidden_state, pooled: cls; 16 numbers.');
    expectGolden(await featuresOf(encoder), 'vit', 'cls');
    expect(hub?.requests.filter((path) => path.includes('/resolve/')).map((path) => path.split('/').at(-1))).toEqual([
      'config.json',
      'preprocessor_config.json',
      'model.onnx',
    ]);
  });

  it('is read as well from a folder, without the hub', async () => {
    const path = join(folder, 'copy');
    await mkdir(join(path, 'onnx'), { recursive: true });
    for (const [name, data] of Object.entries(await hubFiles('vit', 'dinov2'))) await writeFile(join(path, name), data);
    const encoder = await openEncoder(path);
    expect(encoder.model.id).toBe('copy');
    expectGolden(await featuresOf(encoder), 'vit', 'cls');
  });

  it('pools tokens by their mean where the family is not known for a class token', async () => {
    expectGolden(await featuresOf(await fetched(await hubFiles('vit', 'unheard-of'))), 'vit', 'mean');
  });

  it('takes class scores where there is nothing else, and says so', async () => {
    const encoder = await fetched(await hubFiles('logits-only', 'vit'));
    expect(encoder.description).toMatch(/class scores \(logits\) as features/);
    expectGolden(await featuresOf(encoder), 'logits-only', 'logits');
  });

  it('takes the dtype that there is, and says so', async () => {
    const { 'onnx/model.onnx': weights, ...rest } = await hubFiles('vit', 'vit');
    const encoder = await fetched({ ...rest, 'onnx/model_quantized.onnx': weights as Buffer });
    await encoder.close();
    expect(encoder.model.dtype).toBe('q8');
    expect(encoder.description).toMatch(/no fp32 weights; using q8/);
  });

  it("fetches a CLIP model's image tower and none of its texts", async () => {
    const read = (name: string): Promise<Buffer> => readFile(join(MODELS, 'starter', name));
    const names = ['config.json', 'preprocessor_config.json', 'onnx/vision_model.onnx'];
    const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
    const encoder = await fetched({ ...files, 'onnx/text_model.onnx': 'texts' }, 'owner/name:image');
    await encoder.close();
    expect(encoder.model).toMatchObject({ id: 'owner/name:image', dimension: 256 });
    expect(hub?.requests.filter((path) => path.includes('text_model'))).toEqual([]);
  });

  it('names what the hub lacks', async () => {
    const { 'onnx/model.onnx': _, ...rest } = await hubFiles('vit', 'vit');
    await expect(fetched({ ...rest, 'model.safetensors': 'x' })).rejects.toMatchObject(
      unavailable(/lacks onnx\/model\.onnx .*exported to ONNX.*encoder\.json/),
    );
  });
});
