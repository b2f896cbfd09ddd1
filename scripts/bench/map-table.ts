// What the map costs: drawing it, telling it to a page, and moving it in a browser, for several sizes of library.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type App, compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { type Matrix, row } from '../../src/core/vector.ts';
import { WHOLE } from '../../src/core/views.ts';
import { makeDemoGallery } from '../../src/media/demo-gallery.ts';
import type { NewPicture } from '../../src/store/catalog.ts';
import { trustworthiness } from '../../test/support/trustworthiness.ts';
import { clusters } from './clustered-vectors.ts';

export interface MapTableOptions {
  /** Sizes of synthetic libraries beside the demo gallery. */
  readonly sizes: readonly number[];
  readonly seed: number;
}

/** Rows at which nearness is judged; all of 50,000 would take hours. */
const JUDGED = 400;
const NEIGHBORS = 10;

export async function mapTable({ sizes, seed }: MapTableOptions): Promise<string> {
  const rows = [await measure('demo gallery, starter model', fillWithGallery)];
  for (const size of sizes) {
    const name = `${size.toLocaleString('en')} synthetic`;
    rows.push(await measure(name, (app) => fillWithClusters(app, size, seed)));
  }
  return [
    `256-d; trustworthiness of the ${NEIGHBORS} nearest on the plane, ${JUDGED} pictures judged (1: all of them are near in the space, .5: chance);`,
    'event loop: the longest that the service was held up while the map was drawn and while it was told',
    '',
    '| library | pictures | drawn in, s | trustworthiness | at random | event loop drawing, ms | told in, ms | event loop telling, ms | packed, KB | as lists, ms | KB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

async function measure(name: string, fill: (app: App) => Promise<void>): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  const app = await compose(readConfig({ data, index: 'usearch' }, {}));
  try {
    await fill(app);
    await app.indexesSettled();
    const begun = performance.now();
    const drawing = await longestDelay(async () => {
      const job = app.services.map.compute();
      await job.ended;
      const { state, error } = job.snapshot();
      if (state !== 'DONE') throw new Error(error?.message);
    });
    const seconds = (performance.now() - begun) / 1000;
    let told = 0;
    const telling = await longestDelay(async () => {
      const asked = performance.now();
      await app.services.map.view();
      told = performance.now() - asked;
    });
    const { ids, places } = await app.services.map.view();
    const vectors = await vectorsOf(app);
    const judge = (where: Float32Array) => trustworthiness(vectors, where, { neighbors: NEIGHBORS, judged: JUDGED });
    const asLists = performance.now();
    const lists = JSON.stringify({
      ids: ids.map(String),
      x: ids.map((_, i) => places[2 * i]),
      y: ids.map((_, i) => places[2 * i + 1]),
    });
    const listing = performance.now() - asLists;
    const packed = (ids.length * 12 * 4) / 3;
    const cells = [
      name,
      ids.length.toLocaleString('en'),
      seconds.toFixed(1),
      judge(places).toFixed(3),
      judge(shuffled(places)).toFixed(3),
      drawing.toFixed(0),
      told.toFixed(0),
      telling.toFixed(0),
      (packed / 1000).toFixed(0),
      listing.toFixed(0),
      (lists.length / 1000).toFixed(0),
    ];
    return `| ${cells.join(' | ')} |`;
  } finally {
    await app.close();
    await rm(data, { recursive: true, force: true });
  }
}

async function fillWithGallery(app: App): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-gallery-'));
  await makeDemoGallery(folder);
  await app.services.ingest.indexFolder(folder).ended;
  await rm(folder, { recursive: true, force: true });
}

/** Pictures without files, their vectors in groups as embeddings lie. */
export async function fillWithClusters(app: App, size: number, seed: number): Promise<void> {
  const { catalog, library, tags } = app.services;
  const { model } = await library.status();
  const { draw } = clusters({ dimension: model.dimension, count: 300, spread: 0.7, seed });
  for (let from = 0; from < size; from += 1000) {
    const vectors = draw(Math.min(1000, size - from));
    const pictures = Array.from({ length: vectors.rows }, (_, i) => fakePicture(from + i, row(vectors, i)));
    await catalog.addPictures(model.fingerprint, tags.version, pictures);
  }
  await app.rebuildIndex();
}

function fakePicture(i: number, vector: Float32Array): NewPicture {
  return {
    sha256: i.toString(16).padStart(64, '0'),
    perceptualHash: i.toString(16).padStart(16, '0'),
    placeholder: new Uint8Array(25),
    format: 'jpeg',
    width: 640,
    height: 480,
    takenAt: null,
    file: { path: `/bench/${i}.jpg`, name: `${i}.jpg`, bytes: 100_000, modifiedAtMs: 0 },
    views: [{ view: WHOLE, vector }],
    tags: [],
  };
}

async function vectorsOf(app: App): Promise<Matrix> {
  const { model } = await app.services.library.status();
  const parts: Float32Array[] = [];
  for await (const { vectors } of app.services.catalog.scanVectors(model.fingerprint, 1000)) parts.push(vectors.data);
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { rows: data.length / model.dimension, dimension: model.dimension, data };
}

/** The same places, each for another picture. */
function shuffled(places: Float32Array): Float32Array {
  const count = places.length / 2;
  // A step without a common divisor visits every place once.
  const step = 7919;
  return Float32Array.from(
    { length: places.length },
    (_, i) => places[2 * ((Math.floor(i / 2) * step) % count) + (i % 2)] as number,
  );
}

/** Milliseconds of the longest turn of this thread while `work` ran. */
async function longestDelay(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}

if (process.argv[1]?.endsWith('map-table.ts')) {
  const sizes = process.argv.slice(2).map(Number);
  process.stdout.write(await mapTable({ sizes: sizes.length > 0 ? sizes : [10_000, 50_000], seed: 1 }));
}
