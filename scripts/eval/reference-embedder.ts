// A model folder in the Hugging Face layout, used in the simplest way: for measuring, on the main thread, in batches.
// It knows no service code, so that what it measures is the model and the mathematics, not our plumbing.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  Tensor,
} from '@huggingface/transformers';
import type { Sharp } from 'sharp';
import { unit, type Vector } from '../../src/core/vector.ts';

/** Upright RGB, 8 bit, of exactly the model's size: length size * size * 3. */
export type ModelPixels = Uint8Array;

export interface ReferenceEmbedder {
  /** The folder's name and a hash of its weights: names a cache. */
  readonly key: string;
  readonly folder: string;
  readonly dimension: number;
  /** Side of the square the model reads, in pixels. */
  readonly size: number;
  /** The model's own tags, best known first; empty where the folder brings none. */
  readonly vocabulary: readonly string[];
  readonly toPixels: (picture: Sharp) => Promise<ModelPixels>;
  readonly embedPixels: (pictures: readonly ModelPixels[]) => Promise<Vector[]>;
  readonly embedTexts: (texts: readonly string[]) => Promise<Vector[]>;
}

interface Preprocessor {
  readonly crop_size: { readonly height: number };
  readonly image_mean: readonly number[];
  readonly image_std: readonly number[];
  readonly resample?: number;
}

const IMAGE_BATCH = 16;
const TEXT_BATCH = 64;

/** Opens a model folder. Nothing is fetched. */
export async function openReferenceEmbedder(folder: string): Promise<ReferenceEmbedder> {
  const path = resolve(folder);
  env.localModelPath = dirname(path);
  env.allowRemoteModels = false;
  const name = basename(path);
  const options = { dtype: 'fp32', session_options: { intraOpNumThreads: 2 } } as const;
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const textModel = await CLIPTextModelWithProjection.from_pretrained(name, options);
  const visionModel = await CLIPVisionModelWithProjection.from_pretrained(name, options);
  const preprocessor = JSON.parse(readFileSync(join(path, 'preprocessor_config.json'), 'utf8')) as Preprocessor;
  const config = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as { projection_dim: number };
  const size = preprocessor.crop_size.height;
  const words = join(path, 'vocabulary.txt');

  const embedPixels = (pictures: readonly ModelPixels[]): Promise<Vector[]> =>
    inBatches(pictures, IMAGE_BATCH, async (batch) => {
      const pixel_values = new Tensor('float32', toPlanes(batch, size, preprocessor), [batch.length, 3, size, size]);
      return rows((await visionModel({ pixel_values })).image_embeds, config.projection_dim);
    });
  const embedTexts = (texts: readonly string[]): Promise<Vector[]> =>
    inBatches(texts, TEXT_BATCH, async (batch) =>
      rows(
        (await textModel(await tokenizer([...batch], { padding: true, truncation: true }))).text_embeds,
        config.projection_dim,
      ),
    );
  return {
    key: `${name}-${weightsHash(path)}`,
    folder: path,
    dimension: config.projection_dim,
    size,
    vocabulary: existsSync(words) ? readFileSync(words, 'utf8').split('\n').filter(Boolean) : [],
    toPixels: (picture) =>
      picture
        .resize(size, size, { fit: 'cover', kernel: preprocessor.resample === 1 ? 'lanczos3' : 'cubic' })
        .flatten({ background: '#fff' })
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer(),
    embedPixels,
    embedTexts,
  };
}

/** The prompts whose mean stands for a class: a bare word alone is a little worse (.452 against .454). */
export const PROMPTS = ['{}', 'a photo of a {}', 'a picture of a {}'] as const;

/** One unit vector for each class name: the mean of its prompts. */
export async function embedClasses(
  embedder: Pick<ReferenceEmbedder, 'embedTexts'>,
  names: readonly string[],
): Promise<Vector[]> {
  const texts = names.flatMap((name) => PROMPTS.map((prompt) => prompt.replace('{}', name)));
  const vectors = await embedder.embedTexts(texts);
  return names.map((_, i) => {
    const sum = new Float32Array(vectors[0]?.length ?? 0);
    for (const vector of vectors.slice(i * PROMPTS.length, (i + 1) * PROMPTS.length)) {
      vector.forEach((value, d) => {
        sum[d] = (sum[d] as number) + value;
      });
    }
    return unit(sum);
  });
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  embed: (batch: readonly T[]) => Promise<Vector[]>,
): Promise<Vector[]> {
  const out: Vector[] = [];
  for (let i = 0; i < items.length; i += size) out.push(...(await embed(items.slice(i, i + size))));
  return out;
}

function rows(tensor: Tensor, dimension: number): Vector[] {
  const data = Float32Array.from(tensor.data as Float32Array);
  return Array.from({ length: data.length / dimension }, (_, i) =>
    unit(data.subarray(i * dimension, (i + 1) * dimension)),
  );
}

/** Interleaved bytes to the planes of a tensor, normalised per channel. */
function toPlanes(pictures: readonly ModelPixels[], size: number, spec: Preprocessor): Float32Array {
  const area = size * size;
  const out = new Float32Array(pictures.length * 3 * area);
  pictures.forEach((picture, p) => {
    for (let channel = 0; channel < 3; channel++) {
      const mean = spec.image_mean[channel] as number;
      const deviation = spec.image_std[channel] as number;
      const offset = (p * 3 + channel) * area;
      for (let i = 0; i < area; i++) out[offset + i] = ((picture[i * 3 + channel] as number) / 255 - mean) / deviation;
    }
  });
  return out;
}

function weightsHash(folder: string): string {
  const hash = createHash('sha256');
  for (const file of ['vision_model.onnx', 'text_model.onnx']) hash.update(readFileSync(join(folder, 'onnx', file)));
  return hash.digest('hex').slice(0, 12);
}
