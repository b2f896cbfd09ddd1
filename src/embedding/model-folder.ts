// What a folder must hold to be a model, and how it is said that it does not. Knows file names only.
import { AppError } from '../core/errors.ts';
import { availableDtypes, type Dtype, weightFile } from './model-dtype.ts';

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

/** What the towers need beside their weights. */
export const CONFIG_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'preprocessor_config.json'];

/** The weights of both towers, and among `files` their external data. */
export function weightsOf(dtype: Dtype, files: ReadonlySet<string>): string[] {
  const weights = [weightFile('text', dtype), weightFile('vision', dtype)];
  const data = [...files].filter((file) => weights.some((weight) => file.startsWith(`${weight}_data`))).sort();
  return [...weights, ...data];
}

/** Throws MODEL_UNAVAILABLE naming each missing file, and the dtypes that would work where only weights are missing. */
export function assertComplete(where: string, files: ReadonlySet<string>, dtype: Dtype): void {
  const missing = [...CONFIG_FILES, ...weightsOf(dtype, files)].filter((file) => !files.has(file));
  if (missing.length === 0) return;
  const others = availableDtypes(files);
  const remedy =
    others.length > 0 && missing.every((file) => file.startsWith('onnx/'))
      ? `Its weights exist as ${others.join(', ')}: set SEMBLANCE_DTYPE to one of them.`
      : 'Copy them there, or set SEMBLANCE_MODEL to starter or to a CLIP or SigLIP model in ONNX form, e.g. Xenova/clip-vit-base-patch32.';
  throw new AppError('MODEL_UNAVAILABLE', `${where} lacks ${missing.join(', ')} (dtype ${dtype}). ${remedy}`, {
    details: { missing },
  });
}
