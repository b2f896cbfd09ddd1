import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelFolder } from '../../../src/embedding/model-folder.ts';
import { describeModel, fingerprintOf, readModelConfig } from '../../../src/embedding/model-info.ts';
import { FAKE_MODEL } from '../../support/fake-embedder.ts';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'semblance-config-'));
});
afterEach(() => rm(path, { recursive: true, force: true }));

async function read(config: unknown, tokenizer: unknown = {}): ReturnType<typeof readModelConfig> {
  await writeFile(join(path, 'config.json'), JSON.stringify(config));
  await writeFile(join(path, 'tokenizer_config.json'), JSON.stringify(tokenizer));
  await writeFile(join(path, 'preprocessor_config.json'), '{"size":224}');
  return readModelConfig(folder());
}

function folder(): ModelFolder {
  return { id: 'any', path, revision: 'r1', dtype: 'fp32', notices: [] };
}

describe('config.json', () => {
  it('of CLIP ViT-B/32: a projection at the top, a tokenizer of 77', async () => {
    const clip = { model_type: 'clip', projection_dim: 512, text_config: { model_type: 'clip_text_model' } };
    expect(await read({ ...clip, logit_scale_init_value: 2.6592 }, { model_max_length: 77 })).toMatchObject({
      family: 'clip',
      declaredDimension: 512,
      contextLength: 77,
      logitScale: expect.closeTo(100),
      vocabularyFile: undefined,
    });
  });

  it('of CLIP without a dimension leaves it to the towers', async () => {
    expect((await read({ model_type: 'clip' })).declaredDimension).toBeUndefined();
  });

  it('of SigLIP: a hidden size, 64 tokens though the tokenizer has no limit', async () => {
    const siglip = { model_type: 'siglip', text_config: { hidden_size: 768 } };
    expect(await read(siglip, { model_max_length: 1e30 })).toMatchObject({
      family: 'siglip',
      declaredDimension: 768,
      contextLength: 64,
    });
  });

  it('of another kind of model is refused with MODEL_UNAVAILABLE', async () => {
    await expect(read({ model_type: 'bert' })).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('that is torn is refused with MODEL_UNAVAILABLE and its path', async () => {
    await read({ model_type: 'clip' });
    await writeFile(join(path, 'config.json'), '{"model_type":');
    await expect(readModelConfig(folder())).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringContaining(join(path, 'config.json')),
    });
  });
});

describe('the fingerprint', () => {
  const { pixels } = FAKE_MODEL;

  it('differs with everything that changes a vector', () => {
    const prints = [
      fingerprintOf('r1', 'fp32', 512, pixels),
      fingerprintOf('r2', 'fp32', 512, pixels),
      fingerprintOf('r1', 'q8', 512, pixels),
      fingerprintOf('r1', 'fp32', 256, pixels),
      fingerprintOf('r1', 'fp32', 512, { ...pixels, kernel: 'cubic' }),
      fingerprintOf('r1', 'fp32', 512, { ...pixels, mean: [0.5, 0, 0] }),
      fingerprintOf('r1', 'fp32', 512, { ...pixels, resize: { width: 16, height: 16 } }),
    ];
    expect(new Set(prints).size).toBe(prints.length);
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{32}$/);
  });

  it('does not know the name of the model', async () => {
    const config = await read({ model_type: 'clip' });
    const here = describeModel(folder(), config, 512);
    const there = describeModel({ ...folder(), id: 'other' }, config, 512);
    expect(here.id).not.toBe(there.id);
    expect(here.fingerprint).toBe(there.fingerprint);
  });
});
