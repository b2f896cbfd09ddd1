// Number formats of weights and the file names they go by. Knows names only, never opens a file.
import { AppError } from '../core/errors.ts';

/** Ends of ONNX file names by dtype, in the order in which a missing fp32 is replaced: nearest to it first. */
export const DTYPE_SUFFIXES = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const;

export type Dtype = keyof typeof DTYPE_SUFFIXES;

/** The networks that a folder in the Hugging Face layout may hold: CLIP's two towers, or one whole network. */
export type NetworkName = 'text_model' | 'vision_model' | 'model';

/** The file of one network, relative to the model's folder. */
export function weightFile(network: NetworkName, dtype: Dtype): string {
  return `onnx/${network}${DTYPE_SUFFIXES[dtype]}.onnx`;
}

/** Parses the setting; throws MODEL_UNAVAILABLE for a name that no model uses. */
function parseDtype(name: string): Dtype {
  if (Object.hasOwn(DTYPE_SUFFIXES, name)) return name as Dtype;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `Expected a dtype out of ${Object.keys(DTYPE_SUFFIXES).join(', ')}, got "${name}". Set SEMBLANCE_DTYPE to one of them or leave it unset.`,
  );
}

/** The dtypes for which every one of `networks` has a file among `files`. */
export function availableDtypes(files: ReadonlySet<string>, networks: readonly NetworkName[]): Dtype[] {
  const all = Object.keys(DTYPE_SUFFIXES) as Dtype[];
  return all.filter((dtype) => networks.every((network) => files.has(weightFile(network, dtype))));
}

/**
 * The dtype asked for, or fp32, or where that is absent the nearest one that exists, with a sentence that says so.
 * Does not check that a dtype asked for exists: the caller names missing files.
 */
export function chooseDtype(
  asked: string | undefined,
  files: ReadonlySet<string>,
  networks: readonly NetworkName[],
): { dtype: Dtype; notices: string[] } {
  if (asked !== undefined) return { dtype: parseDtype(asked), notices: [] };
  const available = availableDtypes(files, networks);
  const nearest = available[0];
  if (nearest === undefined || nearest === 'fp32') return { dtype: 'fp32', notices: [] };
  const notice = `The model has no fp32 weights; using ${nearest} (it has ${available.join(', ')}).`;
  return { dtype: nearest, notices: [notice] };
}
