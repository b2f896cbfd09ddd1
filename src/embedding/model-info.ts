// What a model's own files say of it: family, dimension, context, preprocessing; and the fingerprint made of them.
// Reads JSON only; that the weights keep the promise is checked when the towers first run.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { Fingerprint, ModelInfo } from '../core/model-info.ts';
import type { PixelSpec } from '../core/pixels.ts';
import type { Dtype } from './model-dtype.ts';
import type { ModelFolder } from './model-folder.ts';
import { parsePixelSpec, pixelFacts } from './pixel-spec.ts';

/** CLIP pads a batch to its longest text and projects; SigLIP pads to the full context and pools. */
export type ModelFamily = 'clip' | 'siglip';

export interface ModelConfig {
  readonly family: ModelFamily;
  /** Absent where config.json does not say; the towers' first output does. */
  readonly declaredDimension: number | undefined;
  readonly contextLength: number;
  readonly logitScale: number;
  readonly pixels: PixelSpec;
  readonly vocabularyFile: string | undefined;
}

/** ln 100: where CLIP's training ends and what files without `logit_scale` mean. */
const DEFAULT_LOGIT_SCALE = Math.log(100);
const DEFAULT_CONTEXT: Readonly<Record<ModelFamily, number>> = { clip: 77, siglip: 64 };
/** Raise when the way from pixels to a vector changes in this code. */
const FINGERPRINT_FORMAT = 1;

/** Reads config.json and preprocessor_config.json. Throws MODEL_UNAVAILABLE for a model that is no CLIP and no SigLIP. */
export async function readModelConfig(folder: ModelFolder): Promise<ModelConfig> {
  const [config, preprocessor, tokenizer] = await Promise.all([
    readJson(folder.path, 'config.json'),
    readJson(folder.path, 'preprocessor_config.json'),
    readJson(folder.path, 'tokenizer_config.json'),
  ]);
  const family = parseFamily(config.model_type);
  const text = asObject(config.text_config);
  const vocabularyFile = join(folder.path, 'vocabulary.txt');
  const logitScale = asNumber(config.logit_scale) ?? DEFAULT_LOGIT_SCALE;
  return {
    family,
    declaredDimension:
      family === 'clip'
        ? (asNumber(config.projection_dim) ?? asNumber(text.projection_dim))
        : (asNumber(text.projection_size) ?? asNumber(text.hidden_size)),
    // A tokenizer without a limit says 1e30.
    contextLength: Math.min(
      asNumber(text.max_position_embeddings) ?? DEFAULT_CONTEXT[family],
      asNumber(tokenizer.model_max_length) ?? Number.POSITIVE_INFINITY,
    ),
    logitScale: Math.exp(logitScale),
    pixels: parsePixelSpec(preprocessor, family),
    vocabularyFile: existsSync(vocabularyFile) ? vocabularyFile : undefined,
  };
}

/** The facts for the rest of the service. `dimension` is the measured length of the towers' output. */
export function describeModel(folder: ModelFolder, config: ModelConfig, dimension: number): ModelInfo {
  const { id, revision, dtype } = folder;
  const { pixels, contextLength, logitScale, vocabularyFile } = config;
  return {
    id,
    revision,
    dtype,
    dimension,
    pixels,
    contextLength,
    logitScale,
    fingerprint: fingerprintOf(revision, dtype, dimension, pixels),
    ...(vocabularyFile === undefined ? {} : { vocabularyFile }),
  };
}

/**
 * 32 hex digits over everything that changes a vector. The id is not part of it: the same weights under another name
 * or in another folder give the same vectors.
 */
export function fingerprintOf(revision: string, dtype: Dtype, dimension: number, pixels: PixelSpec): Fingerprint {
  const content = JSON.stringify([FINGERPRINT_FORMAT, revision, dtype, dimension, ...pixelFacts(pixels)]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32) as Fingerprint;
}

function parseFamily(type: unknown): ModelFamily {
  if (type === 'clip' || type === 'siglip') return type;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `Expected a model of type clip or siglip, but config.json says ${JSON.stringify(type)}. Set SEMBLANCE_MODEL to starter or e.g. Xenova/clip-vit-base-patch32.`,
  );
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON file of a model's folder; anything but an object reads as {}. Throws MODEL_UNAVAILABLE. */
export async function readJson(folder: string, name: string): Promise<JsonObject> {
  const path = join(folder, name);
  try {
    return asObject(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new AppError('MODEL_UNAVAILABLE', `Expected JSON in ${path}, but it cannot be read. Copy the file again.`, {
      cause,
    });
  }
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
