// What crosses between media (makes pixels) and embedding (reads them): sizes, regions and the pixels themselves.

/** A box in fractions of the upright picture: 0 <= x, y; 0 < width, height; x + width <= 1, y + height <= 1. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const WHOLE_REGION: Region = { x: 0, y: 0, width: 1, height: 1 };

/** How a model wants its pictures, read from preprocessor_config.json. */
export interface PixelSpec {
  /** Shorter side scaled to `shortestEdge`, aspect kept; or both sides forced. */
  readonly resize: { readonly shortestEdge: number } | { readonly width: number; readonly height: number };
  readonly kernel: 'nearest' | 'linear' | 'cubic' | 'lanczos3';
  /** Centre crop after the resize; also the size of the tensor. */
  readonly width: number;
  readonly height: number;
  /** Per channel, on values already multiplied by `rescale`. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  /** Usually 1/255. */
  readonly rescale: number;
}

/** Upright sRGB pixels, 8 bit, RGB interleaved, row by row: data.length = width * height * 3. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
