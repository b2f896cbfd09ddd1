// What a tower's worker and the main thread say to each other. Plain values and typed arrays only.
import type { PixelSpec } from '../core/pixels.ts';
import type { Dtype } from './model-dtype.ts';
import type { ModelFamily } from './model-info.ts';

/** A worker runs one tower, so that a text never waits for pictures. */
export type TowerName = 'text' | 'image';

/** Passed as workerData. */
export interface TowerSetup {
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

export type TowerRequest =
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'count'; readonly texts: readonly string[] }
  /** `data`: pictures one after another, RGB interleaved; its memory moves to the worker. */
  | { readonly kind: 'pixels'; readonly data: Uint8Array<ArrayBuffer> };

export type ToTower =
  | { readonly kind: 'ask'; readonly id: number; readonly request: TowerRequest }
  | { readonly kind: 'end' };

export type FromTower =
  | { readonly kind: 'ready'; readonly dimension: number }
  | { readonly kind: 'unusable'; readonly problem: string }
  /** Unit vectors row after row for texts and pixels, one number a text for count. */
  | { readonly kind: 'answer'; readonly id: number; readonly data: Float32Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: string };
