// Opens an exported model folder as the service does and compares its embeddings with torch's own.
// node --import tsx verify.mjs MODEL reference.json     (reference.json: export.py --reference)
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { resolveModel } from '../../../src/embedding/model-files.ts';
import { createWorkerEmbedder } from '../../../src/embedding/worker-embedder.ts';

/** An image tower that counts in whole numbers may round a number the other way than torch does. */
const CLOSE = { pictures: 1e-2, texts: 1e-3 };
const MOST_ROUNDED = 0.999;
const [model, referenceFile] = process.argv.slice(2);
const reference = JSON.parse(await readFile(referenceFile, 'utf8'));
const folder = await resolveModel({ model: resolve(model), modelsDirectory: '', cacheDirectory: '' });
const embedder = await createWorkerEmbedder({ folder, threads: 1 });

const unit = (row) => {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
};
const difference = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
const cosine = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

let failed = 0;
function check(what, good, value) {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${what}: ${value}`);
  if (!good) failed += 1;
}

const { side, pixels, stored, trained, texts, pieces } = reference;
const area = side * side * 3;
const pictures = Array.from({ length: pixels.length / area }, (_, i) => {
  return { width: side, height: side, data: Uint8Array.from(pixels.slice(i * area, (i + 1) * area)) };
});
const found = {
  pictures: (await embedder.embedPixels(pictures, 'query')).map((vector) => [...vector]),
  texts: (await embedder.embedTexts(texts, 'query')).map((vector) => [...vector]),
};
for (const kind of ['pictures', 'texts']) {
  const worst = Math.max(...found[kind].map((row, i) => difference(row, unit(stored[kind][i]))));
  const rounded = Math.min(...found[kind].map((row, i) => cosine(row, unit(trained[kind][i]))));
  check(`${kind}, greatest difference to torch`, worst < CLOSE[kind], worst.toExponential(2));
  check(`${kind}, least cosine to the weights before rounding`, rounded > MOST_ROUNDED, rounded.toFixed(6));
}
const alone = (await embedder.embedTexts([texts[2]], 'query'))[0];
const apart = difference([...alone], found.texts[2]);
check('a text alone and among others', apart < CLOSE.texts, apart.toExponential(2));
const counts = await embedder.countTokens(texts);
const cut = pieces.map(({ length }, i) => length === counts[i] || length === embedder.model.contextLength);
check('pieces of each text', cut.every(Boolean), counts.join(' '));
await embedder.close();
process.exit(failed === 0 ? 0 : 1);
