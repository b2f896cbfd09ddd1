// What a tower's worker and the main thread say to each other. Plain values and typed arrays only.
import type { PixelSpec } from '../core/pixels.ts';
import type { Dtype } from './model-dtype.ts';
import type { ModelFamily } from './model-info.ts';

/** A worker runs one tower, so that a text never waits for pictures. */
export type TowerName = 'text' | 'image';

/** One tower of a CLIP or SigLIP model, run by transformers.js. */
export interface ClipSetup {
  readonly tower: TowerName;
  /** Absolute path of the model's folder. */
  readonly path: string;
  readonly dtype: Dtype;
  readonly family: ModelFamily;
  readonly contextLength: number;
  readonly pixels: PixelSpec;
  /** Threads of ONNX Runtime within one operator. */
  readonly threads: number;
}

/** How a network's tensor is laid out: channels before or after rows and columns. */
export type Layout = 'NCHW' | 'NHWC';

/** none: everything after the batch, in a row; cls: the first token; mean: over tokens; gap: over rows and columns. */
export type Pooling = 'none' | 'cls' | 'mean' | 'gap';

export interface OutputChoice {
  /** Absent: the file's first output. */
  readonly name?: string;
  readonly pooling: Pooling;
}

/** Any ONNX network that reads one picture, run by ONNX Runtime itself. */
export interface NetworkSetup {
  readonly tower: 'network';
  /** Absolute path of the .onnx file. */
  readonly path: string;
  readonly dtype: Dtype;
  readonly input: { readonly name?: string; readonly layout: Layout; readonly channels: 'RGB' | 'BGR' };
  /** The first that the file has in a fitting shape is taken. */
  readonly outputs: readonly OutputChoice[];
  readonly pixels: PixelSpec;
  readonly threads: number;
}

/** Passed as workerData. */
export type TowerSetup = ClipSetup | NetworkSetup;

export type TowerRequest =
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'count'; readonly texts: readonly string[] }
  /** `data`: pictures one after another, RGB interleaved; its memory moves to the worker. */
  | { readonly kind: 'pixels'; readonly data: Uint8Array<ArrayBuffer> };

export type ToTower =
  | { readonly kind: 'ask'; readonly id: number; readonly request: TowerRequest }
  | { readonly kind: 'end' };

/** What a tower says of itself once it has run. */
export interface TowerFacts {
  /** Length of the tower's vectors. */
  readonly dimension: number;
  /** The output that was taken; networks only. */
  readonly output?: Required<OutputChoice>;
}

export type FromTower =
  | ({ readonly kind: 'ready' } & TowerFacts)
  | { readonly kind: 'unusable'; readonly problem: string }
  /** Vectors row after row for texts and pixels (of unit length from CLIP's towers), one number a text for count. */
  | { readonly kind: 'answer'; readonly id: number; readonly data: Float32Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: string };
