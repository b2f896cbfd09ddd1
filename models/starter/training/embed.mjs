// Embeds pictures and texts with a model folder exactly as the service does, for evaluate.py and verify by hand.
// node --import tsx embed.mjs MODEL JOB.json OUT
// JOB.json: { pictures: [path], texts: [text], jpegQuality? }. Writes OUT.pictures.f32, OUT.texts.f32 and OUT.json (milliseconds);
// with a quality each picture is saved as JPEG at the model's size before it is embedded.
import { open, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { resolveModel } from '../../../src/embedding/model-files.ts';
import { createWorkerEmbedder } from '../../../src/embedding/worker-embedder.ts';
import { readPicture } from '../../../src/media/picture.ts';

const BATCH = 32;
const [model, jobFile, out] = process.argv.slice(2);
const job = JSON.parse(await readFile(jobFile, 'utf8'));
const folder = await resolveModel({ model: resolve(model), modelsDirectory: '', cacheDirectory: '' });
const embedder = await createWorkerEmbedder({ folder, threads: 1 });

async function pixelsOf(path) {
  const { pixels } = await readPicture(await readFile(path), embedder.model.pixels);
  if (job.jpegQuality === undefined) return pixels[0];
  const { data, width, height } = pixels[0];
  const saved = await sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality: job.jpegQuality }).toBuffer();
  return { width, height, data: await sharp(saved).raw().toBuffer() };
}

async function writeAll(items, embed, path) {
  const file = await open(path, 'w');
  for (let i = 0; i < items.length; i += BATCH) {
    for (const vector of await embed(items.slice(i, i + BATCH))) {
      await file.write(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
    }
  }
  await file.close();
}

async function median(call, times) {
  const laps = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await call();
    laps.push(performance.now() - start);
  }
  return Number(laps.sort((a, b) => a - b)[times >> 1].toFixed(2));
}

await writeAll(
  job.pictures,
  async (paths) => embedder.embedPixels(await Promise.all(paths.map(pixelsOf)), 'ingest'),
  `${out}.pictures.f32`,
);
await writeAll(job.texts, (texts) => embedder.embedTexts(texts, 'ingest'), `${out}.texts.f32`);
const { width, height } = embedder.model.pixels;
const grey = { width, height, data: new Uint8Array(width * height * 3).fill(128) };
await writeFile(
  `${out}.json`,
  JSON.stringify({
    dimension: embedder.model.dimension,
    msPerText: await median(() => embedder.embedTexts(['a photo of a dog on the beach'], 'query'), 40),
    msPerPicture: await median(() => embedder.embedPixels([grey], 'query'), 40),
  }),
);
await embedder.close();
