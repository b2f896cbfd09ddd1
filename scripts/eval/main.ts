// `npm run eval -- FOLDER`: how good the service's answers are on a folder whose classes or captions are known.
// Everything goes through the product's own parts: its pixels, its towers, its prompts, its tags.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import { compose } from '../../src/compose.ts';
import { loadModel } from '../../src/compose-model.ts';
import { readConfig } from '../../src/config.ts';
import { WHOLE_REGION } from '../../src/core/pixels.ts';
import type { Vector } from '../../src/core/vector.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { embedWithPrompts } from '../../src/embedding/prompts.ts';
import { readPicture } from '../../src/media/picture.ts';
import { readFileLimited } from '../../src/media/source.ts';
import { type Photo, readPhotoSet } from './photo-set.ts';
import { captionRecall, type EmbeddedPhoto, imageToImage, type Row, textToImage, zeroShot } from './retrieval.ts';
import { isSameThing } from './same-thing.ts';
import { synonymRows } from './synonyms.ts';
import { tagRows } from './tag-hits.ts';
import { bridgeRows, tagSourcesOf } from './tag-sources.ts';

const folder = process.argv[2] ?? '../shared/photos';
const photos = readPhotoSet(folder);
const scratch = await mkdtemp(join(tmpdir(), 'semblance-eval-'));
const config = readConfig({ data: scratch, index: 'exact' });
const embedder = await loadModel(config);
// The model's background lies beside its vocabulary.
const { vocabularyFile } = embedder.model;
const app = await compose(config, {
  embedder,
  ...(vocabularyFile === undefined ? {} : { modelFolder: dirname(vocabularyFile) }),
});
try {
  const embedded = await embedPhotos(photos, embedder);
  const labels = [...new Set(photos.flatMap(({ label }) => label ?? []))].sort();
  const classVectors = new Map(zip(labels, await embedWithPrompts(embedder, labels, 'query')));
  const labelled = embedded.filter(({ label }) => label !== undefined);
  const captioned = embedded.filter(({ captions }) => captions.length > 0);
  const rows: Row[] = [];
  if (labelled.length > 0) {
    rows.push(...textToImage(labelled, classVectors));
    if (captioned.length > 0) rows.push(...textToImage(embedded, classVectors));
    rows.push(...imageToImage(embedded), ...zeroShot(embedded, classVectors));
    rows.push(...tagRows(labelled, await tagSourcesOf(app, embedder.model.logitScale), isSameThing));
    rows.push(...bridgeRows(app));
  }
  rows.push(...(await synonymRows(embedded, byTower, byService)));
  if (captioned.length > 0) rows.push(...captionRecall(captioned, await embedCaptions(captioned, embedder)));
  process.stdout.write(report(rows, embedder));
} finally {
  await app.close();
  await rm(scratch, { recursive: true, force: true });
}

function byTower(texts: readonly string[]): Promise<Vector[]> {
  return embedWithPrompts(embedder, texts, 'query');
}

async function byService(texts: readonly string[]): Promise<Vector[]> {
  const read = await pMap(texts, (text) => app.services.queryVectors.ofText(text), { concurrency: 4 });
  return read.map(({ vector }) => vector);
}

async function embedPhotos(list: readonly Photo[], towers: Embedder): Promise<EmbeddedPhoto[]> {
  const vectors = await pMap(
    list,
    async ({ path }) => {
      const { pixels } = await readPicture(await readFileLimited(path), towers.model.pixels, [WHOLE_REGION]);
      return (await towers.embedPixels(pixels, 'ingest'))[0] as Vector;
    },
    { concurrency: 16 },
  );
  return zip(list, vectors).map(([{ label, captions }, vector]) => ({ label, captions, vector }));
}

/** Captions are sentences: they are embedded as they are, as a long query is. */
async function embedCaptions(list: readonly EmbeddedPhoto[], towers: Embedder): Promise<Vector[][]> {
  return pMap(list, ({ captions }) => towers.embedTexts(captions, 'query'), { concurrency: 4 });
}

function report(rows: readonly Row[], { model }: Embedder): string {
  const lines = rows.map(({ measure, value, over }) => `| ${measure} | ${value.toFixed(3)} | ${over} |`);
  return [
    `Model ${model.id} (${model.dtype}, ${model.fingerprint}), photos: ${folder}`,
    '',
    '| measure | value | over |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

function zip<A, B>(a: readonly A[], b: readonly B[]): [A, B][] {
  return a.map((value, i) => [value, b[i] as B]);
}
