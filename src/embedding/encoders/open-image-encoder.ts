// The one way to an image encoder: from the name that a user gives to something that turns pictures into vectors.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { DownloadProgress } from '../download-file.ts';
import type { ImageEncoder } from '../embedder.ts';
import { parseHubId } from '../hub-download.ts';
import { isPath } from '../model-files.ts';
import { MANIFEST_FILE, readEncoderManifest } from './encoder-manifest.ts';
import type { EncoderSource } from './encoder-source.ts';
import { fetchHuggingFaceEncoder, readHuggingFaceFolder } from './hugging-face-encoder.ts';
import { createOnnxEncoder } from './onnx-encoder.ts';
import { createRawPixels, parseRawPixels } from './raw-pixels.ts';

export interface OpenImageEncoderOptions {
  /**
   * - `pixels` or `pixels:N`: the picture itself at 32 (N) pixels a side, no network;
   * - the name of a folder under modelsDirectory with an encoder.json (`autoencoder`), or of a model there;
   * - the path of a folder with an encoder.json, of the .onnx beside one, or of a folder in the Hugging Face layout;
   * - a hub id `owner/name[@revision]` (`Xenova/dinov2-small`);
   * - any CLIP or SigLIP model of these with `:image` behind it (`starter:image`): its image tower alone.
   */
  readonly source: string;
  /** Of hub ids and Hugging Face folders; default fp32, else the nearest there is. An encoder.json names its own file. */
  readonly dtype?: string | undefined;
  readonly modelsDirectory: string;
  /** Fetched models go to cacheDirectory/owner/name/commit. */
  readonly cacheDirectory: string;
  /** Threads of ONNX Runtime within one operator. */
  readonly threads: number;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Base address of the hub. */
  readonly hubUrl?: string | undefined;
}

/**
 * Finds or fetches the network, starts its worker and resolves when it has run once. The encoder's vectors are raw
 * features, not normalised; `model.fingerprint` changes with everything that changes a vector; close it when done.
 * Reads the network (the internet) only for a hub id that is not in the cache. Throws MODEL_UNAVAILABLE.
 */
export async function openImageEncoder(options: OpenImageEncoderOptions): Promise<ImageEncoder> {
  const side = parseRawPixels(options.source);
  if (side !== undefined) return createRawPixels(side);
  return createOnnxEncoder(await findEncoder(options), options.threads);
}

/** Everything but the raw pixels. */
async function findEncoder(options: OpenImageEncoderOptions): Promise<EncoderSource> {
  const imageTower = options.source.endsWith(':image');
  const name = imageTower ? options.source.slice(0, -':image'.length) : options.source;
  const { dtype, modelsDirectory, cacheDirectory, onProgress, hubUrl } = options;

  const shipped = join(modelsDirectory, name);
  const isShipped = /^[\w-][\w.-]*$/.test(name) && existsSync(shipped);
  if (isShipped || isPath(name)) {
    const path = resolve(isShipped ? shipped : name);
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) return readManifestOf(path);
    if (!imageTower && existsSync(join(path, MANIFEST_FILE))) return readEncoderManifest(path);
    return readHuggingFaceFolder(path, { imageTower, dtype });
  }

  const hubId = parseHubId(name);
  if (hubId !== undefined) {
    return fetchHuggingFaceEncoder(hubId, { imageTower, dtype, cacheDirectory, onProgress, hubUrl });
  }
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `Expected an encoder (pixels, starter:image, a folder of ${modelsDirectory}, a path, or a hub id like Xenova/dinov2-small), got "${options.source}".`,
  );
}

/** A network named by its own file: the encoder.json beside it must be about that file. */
async function readManifestOf(file: string): Promise<EncoderSource> {
  const folder = dirname(file);
  const source = await readEncoderManifest(folder);
  if (source.path === file) return source;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `Expected ${MANIFEST_FILE} in ${folder} to describe ${basename(file)}, but it describes ${basename(source.path)}. Name that file, or give ${basename(file)} a folder and an ${MANIFEST_FILE} of its own.`,
  );
}
