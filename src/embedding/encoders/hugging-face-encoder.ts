// A folder in the Hugging Face layout, or a hub id, as an image encoder: which of its networks, how its pixels are made
// and which output holds the features, all read from its own configuration.
import { basename, join, resolve } from 'node:path';
import type { DownloadProgress } from '../download-file.ts';
import { fetchFromHub, HUB_URL, type HubId } from '../hub-download.ts';
import { DTYPE_SUFFIXES, type Dtype, type NetworkName, weightFile } from '../model-dtype.ts';
import { listFiles } from '../model-files.ts';
import { type FilePlan, type ModelFolder, type ModelParts, planFiles, weightsOf } from '../model-folder.ts';
import { type JsonObject, readJson } from '../model-info.ts';
import { parsePixelSpec } from '../pixel-spec.ts';
import type { OutputChoice } from '../tower-messages.ts';
import { hashOfWeights } from '../weights-hash.ts';
import type { EncoderSource } from './encoder-source.ts';

const CONFIGS = ['config.json', 'preprocessor_config.json'];
const REMEDY =
  'Name a model that was exported to ONNX for transformers.js (e.g. Xenova/dinov2-small), or describe the network by an encoder.json.';

/** Where the network is and how it is asked for. */
export interface HuggingFaceOptions {
  /** Take CLIP's image tower (onnx/vision_model), not the whole network; without it, whichever the folder has. */
  readonly imageTower: boolean;
  readonly dtype: string | undefined;
}

/** A local folder with config.json, preprocessor_config.json and onnx/. Throws MODEL_UNAVAILABLE. */
export async function readHuggingFaceFolder(folder: string, options: HuggingFaceOptions): Promise<EncoderSource> {
  const path = resolve(folder);
  const files = await listFiles(path);
  const network = chooseNetwork(files, options);
  const { dtype, notices } = plan(network, options)(`The model in ${path}`, files);
  const revision = await hashOfWeights(path, weightsOf(dtype, files, [network]));
  return describeFolder({ id: basename(path), path, revision, dtype, notices }, network);
}

/** A hub id, fetched once: only the configuration and the one network. Throws MODEL_UNAVAILABLE. */
export async function fetchHuggingFaceEncoder(
  hubId: HubId,
  options: HuggingFaceOptions & {
    readonly cacheDirectory: string;
    readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
    readonly hubUrl: string | undefined;
  },
): Promise<EncoderSource> {
  const { cacheDirectory, onProgress, hubUrl = HUB_URL } = options;
  let network: NetworkName = 'model';
  const folder = await fetchFromHub({
    hubId,
    cacheDirectory,
    onProgress,
    hubUrl,
    plan(where, files) {
      network = chooseNetwork(files, options);
      return plan(network, options)(where, files);
    },
  });
  return describeFolder(folder, network);
}

function chooseNetwork(files: ReadonlySet<string>, { imageTower }: HuggingFaceOptions): NetworkName {
  const hasTower = (Object.keys(DTYPE_SUFFIXES) as Dtype[]).some((dtype) =>
    files.has(weightFile('vision_model', dtype)),
  );
  return imageTower || hasTower ? 'vision_model' : 'model';
}

function plan(network: NetworkName, { dtype }: HuggingFaceOptions): (w: string, f: ReadonlySet<string>) => FilePlan {
  const parts: ModelParts = { configs: CONFIGS, networks: [network], remedy: REMEDY };
  return (where, files) => planFiles(where, files, dtype, parts);
}

/** The notice that another dtype stands in is part of the description: it changes the vectors. */
async function describeFolder(folder: ModelFolder, network: NetworkName): Promise<EncoderSource> {
  const { path, dtype, notices } = folder;
  const [config, preprocessor] = await Promise.all([
    readJson(path, 'config.json'),
    readJson(path, 'preprocessor_config.json'),
  ]);
  const type = modelType(config);
  const isTower = network === 'vision_model';
  const family = type === 'clip' ? 'clip' : 'network';
  const name = isTower ? `The image tower of ${folder.id} alone` : `${folder.id} (${type})`;
  return {
    id: isTower ? `${folder.id}:image` : folder.id,
    path: join(path, weightFile(network, dtype)),
    revision: folder.revision,
    dtype,
    input: { layout: 'NCHW', channels: 'RGB' },
    outputs: isTower ? TOWER_OUTPUTS : outputsOf(type),
    pixels: parsePixelSpec(preprocessor, family),
    description: [`${name}.`, ...notices].join(' '),
  };
}

/** CLIP's projection into the space of texts, SigLIP's pooled output. */
const TOWER_OUTPUTS: readonly OutputChoice[] = [
  { name: 'image_embeds', pooling: 'none' },
  { name: 'pooler_output', pooling: 'none' },
];

/**
 * Families whose sequence begins with a class token that was trained to stand for the picture. Their pooler is a layer on
 * top of it that some exports leave untrained (ViT's) or that repeats it (DINOv2's), so the token itself is taken.
 */
const CLASS_TOKEN_FAMILIES = new Set([
  'vit',
  'deit',
  'dinov2',
  'dinov2_with_registers',
  'dinov3_vit',
  'vit_msn',
  'vit_hybrid',
]);

/** Logits come last: features that a head was trained on tell more than the head's scores. */
function outputsOf(type: string): OutputChoice[] {
  const logits: OutputChoice = { name: 'logits', pooling: 'none' };
  const pooled: OutputChoice = { name: 'pooler_output', pooling: 'none' };
  if (CLASS_TOKEN_FAMILIES.has(type)) return [{ name: 'last_hidden_state', pooling: 'cls' }, pooled, logits];
  // Convolutional networks and Swin pool by a mean, whose export is exact where there is one.
  return [
    pooled,
    { name: 'last_hidden_state', pooling: 'gap' },
    { name: 'last_hidden_state', pooling: 'mean' },
    logits,
  ];
}

function modelType({ model_type: type }: JsonObject): string {
  return typeof type === 'string' ? type : 'unknown';
}
