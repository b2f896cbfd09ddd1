// Holds the pixels of media/ against the model's reference processor: the embedding of the one must be the embedding
// of the other. The reference is transformers.js itself (RawImage and AutoProcessor), loaded here on purpose.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AutoProcessor,
  CLIPVisionModelWithProjection,
  env,
  type PreTrainedModel,
  type Processor,
  RawImage,
  Tensor,
} from '@huggingface/transformers';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { PixelSpec, Pixels } from '../../src/core/pixels.ts';
import { WHOLE_REGION } from '../../src/core/pixels.ts';
import { readPicture } from '../../src/media/picture.ts';

const models = fileURLToPath(new URL('../../models/', import.meta.url));
const photos = fileURLToPath(new URL('../../../shared/photos/captioned/', import.meta.url));
const MIN_COSINE = 0.995;
const PHOTOS = 50;

/** models/starter/preprocessor_config.json, written out; resample 1 is Lanczos. */
const SPEC: PixelSpec = {
  resize: { shortestEdge: 80 },
  kernel: 'lanczos3',
  width: 80,
  height: 80,
  mean: [0.48, 0.45, 0.41],
  deviation: [0.26, 0.26, 0.27],
  rescale: 1 / 255,
};

vi.setConfig({ testTimeout: 60_000 });

let processor: Processor;
let tower: PreTrainedModel;

beforeAll(async () => {
  env.allowRemoteModels = false;
  env.localModelPath = models;
  processor = await AutoProcessor.from_pretrained('starter', {});
  tower = await CLIPVisionModelWithProjection.from_pretrained('starter', { dtype: 'fp32' });
}, 60_000);

describe.skipIf(!existsSync(photos))('on photographs (skipped where ../shared/photos is absent)', () => {
  const names = existsSync(photos) ? readdirSync(photos).sort() : [];
  const step = Math.floor(names.length / PHOTOS);
  const chosen = Array.from({ length: PHOTOS }, (_, i) => names[i * step] ?? '');

  it('gives the embedding of the reference processor on each of 50', async () => {
    for (const name of chosen) {
      expect(await agreement(readFileSync(photos + name)), name).toBeGreaterThanOrEqual(MIN_COSINE);
    }
  });

  const photo = () => sharp(readFileSync(photos + (names[7] ?? '')));

  it('does so for a photo that EXIF turns', async () => {
    for (const orientation of [3, 6, 8]) {
      const turned = await photo().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
      expect(await agreement(turned), `orientation ${orientation}`).toBeGreaterThanOrEqual(MIN_COSINE);
    }
  });

  it('does so for a grey photo', async () => {
    expect(await agreement(await photo().greyscale().toColourspace('b-w').jpeg().toBuffer())).toBeGreaterThanOrEqual(
      MIN_COSINE,
    );
  });

  it('does so for a tiny picture, a panorama and a PNG', async () => {
    const shapes = {
      tiny: photo().resize(10, 10, { fit: 'fill' }).png(),
      panorama: photo().resize(1000, 100, { fit: 'fill' }).jpeg({ quality: 95 }),
      tower: photo().resize(100, 1000, { fit: 'fill' }).png(),
      PNG: photo().png(),
      WebP: photo().webp({ quality: 90 }),
    };
    for (const [shape, made] of Object.entries(shapes)) {
      expect(await agreement(await made.toBuffer()), shape).toBeGreaterThanOrEqual(MIN_COSINE);
    }
  });

  it('does so for a photo of 12 megapixels', async () => {
    const large = await photo().resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();
    expect(await agreement(large)).toBeGreaterThanOrEqual(MIN_COSINE);
  });

  it('gives the same embedding whether a picture is read alone or beside its windows', async () => {
    const window = { x: 0.4, y: 0.4, width: 0.6, height: 0.6 };
    for (const name of chosen.slice(0, 10)) {
      const bytes = readFileSync(photos + name);
      const [alone] = (await readPicture(bytes, SPEC, [WHOLE_REGION])).pixels;
      const [beside] = (await readPicture(bytes, SPEC, [WHOLE_REGION, window])).pixels;
      const [a, b] = [await embedOurs(alone), await embedOurs(beside)];
      expect(cosine(a, b), name).toBeGreaterThanOrEqual(MIN_COSINE);
    }
  });

  it('gives a window the embedding of the reference processor on the cut-out', async () => {
    const window = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };
    for (const name of chosen.slice(0, 10)) {
      const bytes = readFileSync(photos + name);
      const picture = await readPicture(bytes, SPEC, [WHOLE_REGION, window]);
      const box = {
        left: Math.round(picture.width * 0.2),
        top: Math.round(picture.height * 0.2),
        width: Math.round(picture.width * 0.8) - Math.round(picture.width * 0.2),
        height: Math.round(picture.height * 0.8) - Math.round(picture.height * 0.2),
      };
      const cutOut = await sharp(bytes).extract(box).png().toBuffer();
      expect(cosine(await embedOurs(picture.pixels[1]), await embedReference(cutOut)), name).toBeGreaterThanOrEqual(
        MIN_COSINE,
      );
    }
  });
});

async function agreement(bytes: Uint8Array): Promise<number> {
  const { pixels } = await readPicture(bytes, SPEC, [WHOLE_REGION]);
  return cosine(await embedOurs(pixels[0]), await embedReference(bytes));
}

async function embedReference(bytes: Uint8Array): Promise<Float32Array> {
  const image = await RawImage.fromBlob(new Blob([new Uint8Array(bytes)]));
  const { pixel_values: pixels } = await processor(image);
  return embed(pixels);
}

async function embedOurs(pixels: Pixels | undefined): Promise<Float32Array> {
  if (pixels === undefined) throw new Error('expected pixels');
  const { width, height, data } = pixels;
  const planes = new Float32Array(3 * width * height);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < width * height; i++) {
      const value = (data[i * 3 + channel] as number) * SPEC.rescale;
      planes[channel * width * height + i] =
        (value - (SPEC.mean[channel] as number)) / (SPEC.deviation[channel] as number);
    }
  }
  return embed(new Tensor('float32', planes, [1, 3, height, width]));
}

async function embed(pixels: Tensor): Promise<Float32Array> {
  const { image_embeds: embeds } = await tower({ pixel_values: pixels });
  return embeds.data as Float32Array;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = b[i] as number;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
