// What a folder must hold to be a model, and how it is said that it does not. Knows file names only.
import { AppError } from '../core/errors.ts';
import { availableDtypes, chooseDtype, type Dtype, type NetworkName, weightFile } from './model-dtype.ts';

/** A model whose files were all found. */
export interface ModelFolder {
  /** `starter`, the hub id, or the folder's name. */
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** Commit of the hub, or a hash of the weights. */
  readonly revision: string;
  readonly dtype: Dtype;
  /** What the user should hear, e.g. that another dtype stands in for the default. */
  readonly notices: readonly string[];
}

/** What one kind of model needs of its folder. */
export interface ModelParts {
  readonly configs: readonly string[];
  readonly networks: readonly NetworkName[];
  /** What to do where files are missing. */
  readonly remedy: string;
}

/** Both towers of a CLIP or SigLIP model. */
export const TWO_TOWERS: ModelParts = {
  configs: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'preprocessor_config.json'],
  networks: ['text_model', 'vision_model'],
  remedy:
    'Copy them there, or set SEMBLANCE_MODEL to starter or to a CLIP or SigLIP model in ONNX form, e.g. Xenova/clip-vit-base-patch32.',
};

/** The files of a model that are to be fetched or read. */
export interface FilePlan {
  readonly dtype: Dtype;
  readonly notices: readonly string[];
  /** Configuration first, then weights and their external data; relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Chooses among `files` (of a folder, or of a listing of the hub): see chooseDtype. `where` begins the message.
 * Throws MODEL_UNAVAILABLE naming each missing file, and the dtypes that would work where only weights are missing.
 */
export function planFiles(
  where: string,
  files: ReadonlySet<string>,
  asked: string | undefined,
  parts: ModelParts,
): FilePlan {
  const { dtype, notices } = chooseDtype(asked, files, parts.networks);
  const needed = [...parts.configs, ...weightsOf(dtype, files, parts.networks)];
  const missing = needed.filter((file) => !files.has(file));
  if (missing.length === 0) return { dtype, notices, files: needed };
  const others = availableDtypes(files, parts.networks);
  const remedy =
    others.length > 0 && missing.every((file) => file.startsWith('onnx/'))
      ? `Its weights exist as ${others.join(', ')}: set SEMBLANCE_DTYPE to one of them.`
      : parts.remedy;
  throw new AppError('MODEL_UNAVAILABLE', `${where} lacks ${missing.join(', ')} (dtype ${dtype}). ${remedy}`, {
    details: { missing },
  });
}

/** The weights of the networks, and among `files` their external data. */
export function weightsOf(dtype: Dtype, files: ReadonlySet<string>, networks: readonly NetworkName[]): string[] {
  const weights = networks.map((network) => weightFile(network, dtype));
  return [...weights, ...externalData(weights, files)];
}

/** Files in which exporters put weights that do not fit into one: x.onnx_data, x.onnx.data. */
export function externalData(weights: readonly string[], files: ReadonlySet<string>): string[] {
  const belongs = (file: string): boolean =>
    weights.some((weight) => file.startsWith(`${weight}_data`) || file.startsWith(`${weight}.data`));
  return [...files].filter(belongs).sort();
}
