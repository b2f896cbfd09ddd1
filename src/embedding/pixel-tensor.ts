// 8-bit pixels to the tensor of an image tower: rescale, mean and deviation, once each. Pure.
import type { PixelSpec } from '../core/pixels.ts';
import type { Layout } from './tower-messages.ts';

/** For each channel the tensor's value of each of the 256 levels. */
export type LevelTables = readonly [Float32Array, Float32Array, Float32Array];

export function levelTables({ mean, deviation, rescale }: PixelSpec): LevelTables {
  const table = (m: number, d: number): Float32Array =>
    Float32Array.from({ length: 256 }, (_, level) => (level * rescale - m) / d);
  return [table(mean[0], deviation[0]), table(mean[1], deviation[1]), table(mean[2], deviation[2])];
}

/**
 * RGB interleaved, pictures one after another (length pictures * area * 3), to planes: [picture][channel][row][column]
 * in one new Float32Array of the same length. `area` is width * height.
 */
export function toPlanes(data: Uint8Array, area: number, [red, green, blue]: LevelTables): Float32Array {
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += 3 * area) {
    for (let i = 0, from = start, to = start; i < area; i++, from += 3, to++) {
      out[to] = red[data[from] as number] as number;
      out[to + area] = green[data[from + 1] as number] as number;
      out[to + 2 * area] = blue[data[from + 2] as number] as number;
    }
  }
  return out;
}

/**
 * The same for any network: `layout` puts the channels before or after rows and columns, `channels` names their order.
 * Mean and deviation belong to the colour, wherever it stands.
 */
export function toTensorOrder(
  data: Uint8Array,
  area: number,
  tables: LevelTables,
  layout: Layout,
  channels: 'RGB' | 'BGR',
): Float32Array {
  const isReversed = channels === 'BGR';
  if (layout === 'NCHW' && !isReversed) return toPlanes(data, area, tables);
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const colour = i % 3;
    const channel = isReversed ? 2 - colour : colour;
    const pixel = (i - colour) / 3;
    const picture = Math.floor(pixel / area);
    const to = layout === 'NHWC' ? i - colour + channel : (3 * picture + channel) * area + (pixel % area);
    out[to] = tables[colour as 0 | 1 | 2][data[i] as number] as number;
  }
  return out;
}
