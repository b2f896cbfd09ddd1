// An ONNX image encoder found on disk: everything that is needed to run it, wherever it was described (encoder.json, or
// the configuration of a Hugging Face folder). Opens nothing.
import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../core/model-info.ts';
import type { PixelSpec } from '../../core/pixels.ts';
import type { Dtype } from '../model-dtype.ts';
import { pixelFacts } from '../pixel-spec.ts';
import type { NetworkSetup, OutputChoice } from '../tower-messages.ts';

export interface ClassifierFiles {
  /** Absolute; .npy, .json or .f32. */
  readonly weights: string;
  /** The names, or the absolute path of a file with them. */
  readonly classes: string | readonly string[];
}

export interface EncoderSource {
  readonly id: string;
  /** Absolute path of the .onnx file. */
  readonly path: string;
  /** Commit of the hub with the file's name, or a hash of the weights. */
  readonly revision: string;
  readonly dtype: Dtype;
  readonly input: NetworkSetup['input'];
  /** The first that the file has in a fitting shape is taken. */
  readonly outputs: readonly OutputChoice[];
  readonly pixels: PixelSpec;
  readonly classifier?: ClassifierFiles;
  readonly description?: string;
}

/** Raise when the way from pixels to a vector changes in this code. */
const FINGERPRINT_FORMAT = 1;

/** 32 hex digits over everything that changes a vector; the id and the classifier are not part of it. */
export function fingerprintOfEncoder(
  { revision, dtype, input, pixels }: EncoderSource,
  output: Required<OutputChoice>,
  dimension: number,
): Fingerprint {
  const parts = ['network', FINGERPRINT_FORMAT, revision, dtype, dimension];
  const tensors = [input.layout, input.channels, output.name, output.pooling];
  const content = JSON.stringify([...parts, ...pixelFacts(pixels), ...tensors]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32) as Fingerprint;
}
