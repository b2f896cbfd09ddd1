// Writes test/fixtures/golden-starter.json: vectors of the starter model by transformers.js alone (its tokenizer, its
// processor, its models), with none of our code in between. Run it when the model changes: npx tsx scripts/golden.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AutoProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  RawImage,
} from '@huggingface/transformers';
import { syntheticPixels } from '../test/support/synthetic-pixels.ts';

const TEXTS = [
  'a photo of a dog',
  'cat',
  'A red CAR on the street.',
  'two people walking on a beach at sunset',
  "a child's drawing of a house, 3 trees & the sun",
  'naïve café — crème brûlée',
  '犬 🐶',
  'mountains',
];
/** Of the starter model's pictures. */
const SIDE = 80;

/** Little-endian Float32, base64. */
function unitRow(data: Float32Array): string {
  const length = Math.hypot(...data);
  return Buffer.from(data.map((value) => value / length).buffer).toString('base64');
}

async function main(): Promise<void> {
  env.allowRemoteModels = false;
  env.localModelPath = fileURLToPath(new URL('../models/', import.meta.url));
  const tokenizer = await AutoTokenizer.from_pretrained('starter');
  const processor = await AutoProcessor.from_pretrained('starter', {});
  const text = await CLIPTextModelWithProjection.from_pretrained('starter', { dtype: 'fp32' });
  const vision = await CLIPVisionModelWithProjection.from_pretrained('starter', { dtype: 'fp32' });

  const texts = [];
  for (const sentence of TEXTS) {
    const { text_embeds } = await text(await tokenizer([sentence], { padding: true, truncation: true }));
    texts.push({ text: sentence, vector: unitRow(text_embeds.data) });
  }
  const pictures = [];
  for (const seed of [1, 2]) {
    const image = new RawImage(syntheticPixels(seed, SIDE, SIDE).data, SIDE, SIDE, 3);
    const { image_embeds } = await vision(await processor([image]));
    pictures.push({ seed, side: SIDE, vector: unitRow(image_embeds.data) });
  }
  const target = new URL('../test/fixtures/golden-starter.json', import.meta.url);
  writeFileSync(target, `${JSON.stringify({ texts, pictures }, null, 2)}\n`);
}

await main();
