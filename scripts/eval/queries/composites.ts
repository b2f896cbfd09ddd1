// Pictures with two things in them, put together from two labelled photographs by a fixed seed: the hard cases of focus
// and of views. Their cuts keep off the edges of our windows, so that no window is handed the answer.
import sharp from 'sharp';
import { type Region, WHOLE_REGION } from '../../../src/core/pixels.ts';
import type { Vector } from '../../../src/core/vector.ts';
import { FOCUS_WINDOWS, regionOfView, WHOLE } from '../../../src/core/views.ts';
import { cachedVectors } from '../embedding-cache.ts';
import { type Random, seededRandom } from '../random.ts';
import type { ModelPixels, ReferenceEmbedder } from '../reference-embedder.ts';
import type { LabelledPhotos } from './photos.ts';
import { areSiblings } from './siblings.ts';

export const LAYOUTS = ['beside', 'above', 'inset', 'blended'] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface Composite {
  readonly layout: Layout;
  /** Row of the photo whose class is asked for, and of the other one. */
  readonly wanted: number;
  readonly other: number;
  readonly wantedRegion: Region;
  readonly otherRegion: Region;
  /** Width of the soft border as a fraction of the side; 0 is a hard cut. */
  readonly feather: number;
  /** In pixels. Things beside one another lie in a wide picture, over one another in a tall one: 3:2, as cameras make them. */
  readonly width: number;
  readonly height: number;
}

export interface EmbeddedComposite extends Composite {
  /** The whole, then the windows of FOCUS_WINDOWS: 19 unit vectors. */
  readonly views: readonly Vector[];
  /** What a perfect detector would hand over: the wanted photo's own region. */
  readonly trueCrop: Vector;
}

const LONG_SIDE_PX = 288;
const SHORT_SIDE_PX = 192;
const WIDE = { width: LONG_SIDE_PX, height: SHORT_SIDE_PX };
const TALL = { width: SHORT_SIDE_PX, height: LONG_SIDE_PX };
/** Edges of the windows inside the picture, as fractions of the side. */
const WINDOW_EDGES = [0.2, 0.3, 0.4, 0.6, 0.7, 0.8];
const EDGE_CLEARANCE = 0.02;

/** `count` pictures of two classes each, the four layouts in turn. */
export function drawComposites(labelled: LabelledPhotos, count: number, seed: number): Composite[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const wanted = random.below(labelled.photos.length);
    let other = wanted;
    while (sameThing(labelled, wanted, other)) other = random.below(labelled.photos.length);
    return { wanted, other, ...drawLayout(LAYOUTS[i % LAYOUTS.length] as Layout, random) };
  });
}

/** Paints and embeds the pictures, every view of each. */
export async function embedComposites(
  embedder: ReferenceEmbedder,
  labelled: LabelledPhotos,
  composites: readonly Composite[],
): Promise<EmbeddedComposite[]> {
  const regions = [WHOLE, ...FOCUS_WINDOWS].map(regionOfView);
  const each = regions.length + 1;
  const recipe = { composites, regions };
  const vectors = await cachedVectors(embedder.key, 'composites', recipe, embedder.dimension, async () => {
    const pixels: ModelPixels[] = [];
    for (const composite of composites) {
      const picture = await paint(labelled, composite);
      for (const region of [...regions, composite.wantedRegion])
        pixels.push(await cut(embedder, picture, composite, region));
    }
    return embedder.embedPixels(pixels);
  });
  return composites.map((composite, i) => {
    const own = vectors.slice(i * each, (i + 1) * each);
    return { ...composite, views: own.slice(0, -1), trueCrop: own[each - 1] as Vector };
  });
}

function sameThing({ classes, photos }: LabelledPhotos, a: number, b: number): boolean {
  const nameOf = (photo: number): string => classes[photos[photo]?.classIndex ?? 0] as string;
  return areSiblings(nameOf(a), nameOf(b));
}

function drawLayout(layout: Layout, random: Random): Omit<Composite, 'wanted' | 'other'> {
  if (layout === 'inset') {
    const side = random.between(0.38, 0.58);
    const inset = {
      x: random.between(0.02, 0.98 - side),
      y: random.between(0.02, 0.98 - side),
      width: side,
      height: side,
    };
    const wantedInside = random.next() < 0.5;
    return {
      layout,
      wantedRegion: wantedInside ? inset : WHOLE_REGION,
      otherRegion: wantedInside ? WHOLE_REGION : inset,
      feather: 0,
      ...(random.next() < 0.5 ? WIDE : TALL),
    };
  }
  let at = random.between(0.35, 0.65);
  while (WINDOW_EDGES.some((edge) => Math.abs(edge - at) < EDGE_CLEARANCE)) at = random.between(0.35, 0.65);
  const upright = layout === 'beside' || (layout === 'blended' && random.next() < 0.5);
  const first = upright ? { x: 0, y: 0, width: at, height: 1 } : { x: 0, y: 0, width: 1, height: at };
  const second = upright ? { x: at, y: 0, width: 1 - at, height: 1 } : { x: 0, y: at, width: 1, height: 1 - at };
  const wantedFirst = random.next() < 0.5;
  return {
    layout,
    wantedRegion: wantedFirst ? first : second,
    otherRegion: wantedFirst ? second : first,
    feather: layout === 'blended' ? random.between(0.1, 0.2) : 0,
    ...(upright ? WIDE : TALL),
  };
}

async function paint(labelled: LabelledPhotos, composite: Composite): Promise<Buffer> {
  const { wantedRegion, otherRegion } = composite;
  const wantedLies = wantedRegion.width * wantedRegion.height >= otherRegion.width * otherRegion.height;
  const layers = [
    { photo: composite.wanted, region: wantedRegion },
    { photo: composite.other, region: otherRegion },
  ];
  if (!wantedLies) layers.reverse();
  const canvas = new Uint8Array(composite.width * composite.height * 3);
  for (const [i, layer] of layers.entries()) {
    const soft = composite.feather > 0;
    const region = soft ? grow(layer.region, composite.feather / 2) : layer.region;
    const box = toBox(region, composite);
    const path = labelled.photos[layer.photo]?.path as string;
    const pixels = await sharp(path)
      .autoOrient()
      .resize(box.width, box.height, { fit: 'cover' })
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer();
    lay(canvas, composite, pixels, box, soft && i === 1 ? { region, feather: composite.feather } : null);
  }
  return Buffer.from(canvas);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Copies a tile on the canvas; a soft one fades in over `feather` of the side, from its edge inside the picture. */
function lay(
  canvas: Uint8Array,
  size: Size,
  tile: Uint8Array,
  box: Box,
  soft: { region: Region; feather: number } | null,
): void {
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const opacity =
        soft === null
          ? 1
          : opacityAt(soft.region, soft.feather, (box.left + x) / size.width, (box.top + y) / size.height);
      for (let channel = 0; channel < 3; channel++) {
        const at = ((box.top + y) * size.width + box.left + x) * 3 + channel;
        const value = tile[(y * box.width + x) * 3 + channel] as number;
        canvas[at] = Math.round(opacity * value + (1 - opacity) * (canvas[at] as number));
      }
    }
  }
}

function opacityAt(region: Region, feather: number, x: number, y: number): number {
  const distances: number[] = [];
  if (region.x > 0) distances.push(x - region.x);
  if (region.y > 0) distances.push(y - region.y);
  if (region.x + region.width < 0.999) distances.push(region.x + region.width - x);
  if (region.y + region.height < 0.999) distances.push(region.y + region.height - y);
  return Math.min(1, Math.max(0, Math.min(...distances) / feather));
}

function grow(region: Region, by: number): Region {
  const x = Math.max(0, region.x - by);
  const y = Math.max(0, region.y - by);
  const right = Math.min(1, region.x + region.width + by);
  const bottom = Math.min(1, region.y + region.height + by);
  return { x, y, width: right - x, height: bottom - y };
}

function cut(embedder: ReferenceEmbedder, picture: Buffer, size: Size, region: Region): Promise<ModelPixels> {
  const raw = { width: size.width, height: size.height, channels: 3 as const };
  return embedder.toPixels(sharp(picture, { raw }).extract(toBox(region, size)));
}

function toBox(region: Region, size: Size): Box {
  const left = Math.round(region.x * size.width);
  const top = Math.round(region.y * size.height);
  return {
    left,
    top,
    width: Math.min(size.width - left, Math.round(region.width * size.width)),
    height: Math.min(size.height - top, Math.round(region.height * size.height)),
  };
}
