// From what a network puts out to one vector a picture. Pure; knows shapes only.
import type { Layout, Pooling } from '../tower-messages.ts';

/** What each pooling reads, for messages. */
export const POOLING_READS: Readonly<Record<Pooling, string>> = {
  none: 'any shape with the pictures first',
  cls: '[pictures, tokens, width]',
  mean: '[pictures, tokens, width]',
  gap: '[pictures, channels, rows, columns] (NHWC: channels last)',
};

/** True where an output of these dimensions (pictures first) can be pooled so. */
export function canPool(pooling: Pooling, dims: readonly number[]): boolean {
  if (pooling === 'none') return dims.length >= 2;
  return dims.length === (pooling === 'gap' ? 4 : 3);
}

/**
 * One row a picture, packed. `dims` has the pictures first and fits `pooling`; `layout` is that of feature maps.
 * Lengths: none: the product of what follows the pictures; cls, mean: the width; gap: the channels.
 */
export function pool(
  data: Float32Array,
  dims: readonly number[],
  pooling: Pooling,
  layout: Layout,
): Float32Array<ArrayBuffer> {
  const pictures = dims[0] as number;
  const size = data.length / pictures;
  const row = (picture: number): Float32Array => data.subarray(picture * size, (picture + 1) * size);
  if (pooling === 'none') return new Float32Array(data);
  if (pooling === 'gap' && layout === 'NCHW') {
    const channels = dims[1] as number;
    return packRows(pictures, channels, (picture, out) => meanOfPlanes(row(picture), channels, out));
  }
  const width = dims[dims.length - 1] as number;
  if (pooling === 'cls') return packRows(pictures, width, (picture, out) => out.set(row(picture).subarray(0, width)));
  return packRows(pictures, width, (picture, out) => meanOfRows(row(picture), width, out));
}

function packRows(
  rows: number,
  width: number,
  fill: (row: number, out: Float32Array) => void,
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) fill(i, packed.subarray(i * width, (i + 1) * width));
  return packed;
}

/** `data` holds `channels` planes one after another. Sums in double precision: a plane may have 50,000 places. */
function meanOfPlanes(data: Float32Array, channels: number, out: Float32Array): void {
  const area = data.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let i = channel * area; i < (channel + 1) * area; i++) sum += data[i] as number;
    out[channel] = sum / area;
  }
}

/** `data` holds rows of `width`: tokens, or the places of a map with its channels last. */
function meanOfRows(data: Float32Array, width: number, out: Float32Array): void {
  const sums = new Float64Array(width);
  for (let i = 0; i < data.length; i++) {
    const column = i % width;
    sums[column] = (sums[column] as number) + (data[i] as number);
  }
  for (let column = 0; column < width; column++) out[column] = ((sums[column] as number) * width) / data.length;
}
