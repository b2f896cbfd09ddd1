// The part of compose.ts that finds the files of the configured model and starts its towers. Split off for length only.
import { join } from 'node:path';
import type { Config } from './config.ts';
import { cacheTexts } from './embedding/cached-embedder.ts';
import type { DownloadProgress } from './embedding/download-file.ts';
import type { Embedder } from './embedding/embedder.ts';
import { resolveModel } from './embedding/model-files.ts';
import type { ModelFolder } from './embedding/model-folder.ts';
import { createWorkerEmbedder } from './embedding/worker-embedder.ts';
import { ROOT } from './root.ts';

/** The embedder that the configuration names; whoever loads it closes it. Throws MODEL_UNAVAILABLE. */
export async function loadModel(config: Config): Promise<Embedder> {
  return openModel(await findModel(config), config);
}

/** Where the configured model lies; fetched where that is allowed and needed. Throws MODEL_UNAVAILABLE. */
export function findModel(config: Config, onDownload?: (progress: DownloadProgress) => void): Promise<ModelFolder> {
  return resolveModel({
    model: config.model,
    dtype: config.dtype,
    modelsDirectory: join(ROOT, 'models'),
    cacheDirectory: config.cacheDirectory,
    onProgress: onDownload,
  });
}

/** Both towers, each in a worker, behind a cache of texts. Throws MODEL_UNAVAILABLE. */
export async function openModel(folder: ModelFolder, { threads }: { readonly threads: number }): Promise<Embedder> {
  return cacheTexts(await createWorkerEmbedder({ folder, threads }));
}
