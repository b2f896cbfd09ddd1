import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadProgress } from '../../../src/embedding/download-file.ts';
import { type ResolveModelOptions, resolveModel } from '../../../src/embedding/model-files.ts';
import { HUB_COMMIT, type LoopbackHub, startLoopbackHub } from '../../support/loopback-hub.ts';

const WEIGHTS = Buffer.alloc(300_000, 'weights ');
const FILES = {
  'config.json': '{"model_type":"clip"}',
  'tokenizer.json': '{}',
  'tokenizer_config.json': '{}',
  'preprocessor_config.json': '{}',
  'onnx/text_model.onnx': 'text weights',
  'onnx/vision_model.onnx': WEIGHTS,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-model-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function resolveWith(model: string, more: Partial<ResolveModelOptions> = {}): ReturnType<typeof resolveModel> {
  const modelsDirectory = fileURLToPath(new URL('../../../models', import.meta.url));
  return resolveModel({ model, modelsDirectory, cacheDirectory: join(folder, 'cache'), ...more });
}

async function writeModel(path: string, files: Record<string, string | Buffer> = FILES): Promise<void> {
  await mkdir(join(path, 'onnx'), { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeFile(join(path, name), data);
}

const unavailable = (message: RegExp) => ({ code: 'MODEL_UNAVAILABLE', message: expect.stringMatching(message) });

describe('a model on disk', () => {
  it('is the starter model by its name', async () => {
    const found = await resolveWith('starter');
    expect(found).toMatchObject({ id: 'starter', dtype: 'fp32', notices: [] });
    expect(existsSync(join(found.path, 'onnx/text_model.onnx'))).toBe(true);
  });

  it('has a revision that follows its weights and nothing else', async () => {
    const [first, copy] = [join(folder, 'first'), join(folder, 'copy')];
    await writeModel(first);
    await writeModel(copy, { ...FILES, 'README.md': 'other words', 'config.json': '{"model_type":"clip","x":1}' });
    const before = await resolveWith(first);
    expect(before.id).toBe('first');
    expect((await resolveWith(copy)).revision).toBe(before.revision);

    const changed = Buffer.from(WEIGHTS);
    changed[150_000] = 0;
    await writeFile(join(copy, 'onnx/vision_model.onnx'), changed);
    expect((await resolveWith(copy)).revision).not.toBe(before.revision);
  });

  it('names every file that is missing, and a remedy', async () => {
    const { 'tokenizer.json': _, 'onnx/text_model.onnx': __, ...rest } = FILES;
    await writeModel(folder, rest);
    await expect(resolveWith(folder)).rejects.toMatchObject(
      unavailable(/lacks tokenizer\.json, onnx\/text_model\.onnx .*SEMBLANCE_MODEL/),
    );
  });

  it('says which dtypes exist where only the asked one is missing', async () => {
    await writeModel(folder);
    await expect(resolveWith(folder, { dtype: 'q8' })).rejects.toMatchObject(
      unavailable(/lacks onnx\/text_model_quantized\.onnx.*exist as fp32: set SEMBLANCE_DTYPE/),
    );
    await expect(resolveWith(folder, { dtype: 'fp8' })).rejects.toMatchObject(unavailable(/dtype out of fp32.*"fp8"/));
  });

  it('takes the dtype that exists where there is no fp32, and says so', async () => {
    const { 'onnx/text_model.onnx': text, 'onnx/vision_model.onnx': vision, ...rest } = FILES;
    await writeModel(folder, {
      ...rest,
      'onnx/text_model_quantized.onnx': text,
      'onnx/vision_model_quantized.onnx': vision,
    });
    const found = await resolveWith(folder);
    expect(found.dtype).toBe('q8');
    expect(found.notices).toEqual([expect.stringMatching(/no fp32 weights; using q8/)]);
  });

  it.each(['/nowhere/at/all', './nowhere', 'nowhere', 'a b/c', 'owner/name@../x'])('refuses %s', async (model) => {
    await expect(resolveWith(model)).rejects.toMatchObject(unavailable(/Expected .*SEMBLANCE_MODEL/));
  });
});

describe('a model of the hub', () => {
  let hub: LoopbackHub;
  beforeEach(async () => {
    hub = await startLoopbackHub({
      ...FILES,
      'onnx/vision_model.onnx_data': 'external',
      'onnx/text_model_fp16.onnx': 'half',
      'onnx/vision_model_fp16.onnx': 'half',
      'pytorch_model.bin': 'not needed',
    });
  });
  afterEach(() => hub.close());

  const get = (more: Partial<ResolveModelOptions> = {}) => resolveWith('owner/name', { hubUrl: hub.url, ...more });
  const home = () => join(folder, 'cache/owner/name', HUB_COMMIT);

  it('is fetched once, pinned to its commit, only the files needed, with progress', async () => {
    const seen: DownloadProgress[] = [];
    const found = await get({ onProgress: (progress) => seen.push(progress) });
    expect(found).toMatchObject({ id: 'owner/name', revision: HUB_COMMIT, dtype: 'fp32', path: home() });
    expect(WEIGHTS.equals(await readFile(join(home(), 'onnx/vision_model.onnx')))).toBe(true);
    expect((await readdir(join(home(), 'onnx'))).sort()).toEqual([
      'text_model.onnx',
      'vision_model.onnx',
      'vision_model.onnx_data',
    ]);
    expect(existsSync(join(home(), 'pytorch_model.bin'))).toBe(false);
    const last = seen.filter(({ file }) => file === 'onnx/vision_model.onnx').at(-1);
    expect(last).toEqual({ file: 'onnx/vision_model.onnx', doneBytes: 300_000, totalBytes: 300_000 });
  });

  it('works offline from then on', async () => {
    const first = await get();
    await hub.close();
    const count = hub.requests.length;
    expect(await get()).toEqual(first);
    expect(hub.requests).toHaveLength(count);
  });

  it('fetches only the weights when another dtype is asked for later', async () => {
    await get();
    const before = hub.requests.length;
    expect((await get({ dtype: 'fp16' })).dtype).toBe('fp16');
    expect(hub.requests.slice(before).map((path) => path.split('/').at(-1))).toEqual([
      'text_model_fp16.onnx',
      'vision_model_fp16.onnx',
    ]);
  });

  it('takes a commit as the revision', async () => {
    expect((await resolveWith(`owner/name@${HUB_COMMIT}`, { hubUrl: hub.url })).revision).toBe(HUB_COMMIT);
  });

  it('goes on with a download that broke off', async () => {
    hub.breakOnceAfter.set('onnx/vision_model.onnx', 100_000);
    await expect(get()).rejects.toMatchObject(unavailable(/broke off .*Start again/));
    expect(existsSync(join(home(), 'onnx/vision_model.onnx'))).toBe(false);
    await get();
    expect(WEIGHTS.equals(await readFile(join(home(), 'onnx/vision_model.onnx')))).toBe(true);
    expect(hub.requests.at(-2)).toMatch(/vision_model\.onnx bytes=[1-9]\d*-$/);
  });

  it('starts over where the server cannot go on', async () => {
    hub.breakOnceAfter.set('onnx/vision_model.onnx', 100_000);
    await expect(get()).rejects.toMatchObject(unavailable(/broke off/));
    hub.ignoresRanges = true;
    await get();
    expect(WEIGHTS.equals(await readFile(join(home(), 'onnx/vision_model.onnx')))).toBe(true);
  });

  it('starts over from a part that is longer than the file', async () => {
    await mkdir(join(home(), 'onnx'), { recursive: true });
    await writeFile(join(home(), 'onnx/vision_model.onnx.tmp'), Buffer.alloc(400_000));
    await get();
    expect(WEIGHTS.equals(await readFile(join(home(), 'onnx/vision_model.onnx')))).toBe(true);
  });

  it('refuses and deletes weights that are not the listed ones', async () => {
    await mkdir(join(home(), 'onnx'), { recursive: true });
    await writeFile(join(home(), 'onnx/vision_model.onnx.tmp'), Buffer.alloc(300_000, 'x'));
    await expect(get()).rejects.toMatchObject(unavailable(/not the file that the hub lists: its sha-256 differs/));
    expect(existsSync(join(home(), 'onnx/vision_model.onnx'))).toBe(false);
    await get();
    expect(WEIGHTS.equals(await readFile(join(home(), 'onnx/vision_model.onnx')))).toBe(true);
  });

  it('names the address and status of a file that is gone', async () => {
    hub.gone.add('tokenizer.json');
    await expect(get()).rejects.toMatchObject(unavailable(/tokenizer\.json, got HTTP 404/));
  });

  it('names the files that the hub does not list', async () => {
    hub.files.delete('onnx/text_model.onnx');
    await expect(get({ dtype: 'fp32' })).rejects.toMatchObject(
      unavailable(/hub's model owner\/name .*lacks onnx\/text_model\.onnx .*exist as fp16: set SEMBLANCE_DTYPE/),
    );
  });

  it('says that the hub is out of reach, and what needs none', async () => {
    await hub.close();
    await expect(get()).rejects.toMatchObject(unavailable(/out of reach.*SEMBLANCE_MODEL=starter/));
  });

  it('names an id that the hub does not know', async () => {
    await expect(resolveWith('owner/other', { hubUrl: hub.url })).rejects.toMatchObject(unavailable(/HTTP 404.*id/));
  });
});
