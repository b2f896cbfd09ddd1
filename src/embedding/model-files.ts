// From the setting SEMBLANCE_MODEL to a folder whose files are all there: the starter model, a folder of the user's, or
// a hub id fetched once. Knows files only; what they mean is model-info.ts, what runs them clip-towers.ts.
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { DownloadProgress } from './download-file.ts';
import { fetchFromHub, HUB_URL, parseHubId } from './hub-download.ts';
import { type ModelFolder, planFiles, TWO_TOWERS, weightsOf } from './model-folder.ts';
import { hashOfWeights } from './weights-hash.ts';

export interface ResolveModelOptions {
  /** `starter`, a folder (absolute, ./, ../, or existing) or a hub id `owner/name[@revision]`. */
  readonly model: string;
  /** Default: fp32, else the nearest that the model has. */
  readonly dtype?: string | undefined;
  /** Holds `starter`. */
  readonly modelsDirectory: string;
  /** Fetched models go to cacheDirectory/owner/name/commit. */
  readonly cacheDirectory: string;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Base address of the hub. */
  readonly hubUrl?: string | undefined;
}

/**
 * Finds or fetches the model. Reads the network only for a hub id that is not complete in the cache.
 * Throws MODEL_UNAVAILABLE naming each missing file and the remedy.
 */
export async function resolveModel(options: ResolveModelOptions): Promise<ModelFolder> {
  const { model, dtype, modelsDirectory, cacheDirectory, onProgress } = options;
  if (model === 'starter') return readFolder('starter', join(modelsDirectory, 'starter'), dtype);
  if (isPath(model)) return readFolder(basename(resolve(model)), model, dtype);

  const hubId = parseHubId(model);
  if (hubId === undefined) {
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `Expected SEMBLANCE_MODEL to be "starter", an existing folder or a hub id like owner/name, got "${model}".`,
    );
  }
  return fetchFromHub({
    hubId,
    cacheDirectory,
    onProgress,
    hubUrl: options.hubUrl ?? HUB_URL,
    plan: (where, files) => planFiles(where, files, dtype, TWO_TOWERS),
  });
}

/** Anything that exists, and anything that cannot be a hub id. */
export function isPath(text: string): boolean {
  return isAbsolute(text) || /^\.\.?([/\\]|$)/.test(text) || existsSync(text);
}

/** A local folder: its revision is a hash of the weights, because nothing else tells that they were exchanged. */
async function readFolder(id: string, folder: string, asked: string | undefined): Promise<ModelFolder> {
  const path = resolve(folder);
  const files = await listFiles(path);
  const { dtype, notices } = planFiles(`The model in ${path}`, files, asked, TWO_TOWERS);
  // The tokenizer is hashed too: with another one the same words give other vectors.
  const revision = await hashOfWeights(path, [...weightsOf(dtype, files, TWO_TOWERS.networks), 'tokenizer.json']);
  return { id, path, revision, dtype, notices };
}

/** Names in the folder and in its onnx/. Throws MODEL_UNAVAILABLE where there is no folder. */
export async function listFiles(path: string): Promise<Set<string>> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `Expected a folder with a model at ${path}, found none. Set SEMBLANCE_MODEL to starter, to a hub id like Xenova/clip-vit-base-patch32, or to a folder that exists.`,
    );
  }
  const onnx = existsSync(join(path, 'onnx')) ? await readdir(join(path, 'onnx')) : [];
  return new Set([...(await readdir(path)), ...onnx.map((name) => `onnx/${name}`)]);
}
