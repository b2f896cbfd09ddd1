// What a text search costs over real HTTP, and where the time goes: text tower, index, and all the rest.
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, compose, ROOT } from '../../src/compose.ts';
import { loadModel } from '../../src/compose-model.ts';
import { readConfig } from '../../src/config.ts';
import { unit, type Vector } from '../../src/core/vector.ts';
import { WHOLE } from '../../src/core/views.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { startServer } from '../../src/server/http-server.ts';
import type { NewPicture } from '../../src/store/catalog.ts';
import { LiveIndex } from '../../src/vectors/live-index.ts';
import { seededRandom } from '../eval/random.ts';
import { quantile } from './rounds.ts';

export interface LatencyOptions {
  readonly sizes: readonly number[];
  readonly queries: number;
  readonly seed: number;
}

/** Milliseconds of one search. */
interface Sample {
  readonly total: number;
  readonly tower: number;
  readonly index: number;
}

const WARM_UP = 30;
const CLUSTERS = 1000;
const PAGE = 20;

export async function latencyTable({ sizes, queries, seed }: LatencyOptions): Promise<string> {
  const rows: string[] = [];
  for (const size of sizes) rows.push(...(await measure(size, queries, seed)));
  return [
    `\`searchByText\` of ${PAGE} hits with names, one client, ${queries} different phrases (none from the cache), ${CLUSTERS} clusters, seed ${seed}; ms`,
    '',
    '| vectors | | p50 | p95 |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

async function measure(size: number, queries: number, seed: number): Promise<string[]> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  const config = readConfig({ data, port: '0' }, {});
  const clock = { tower: 0, index: 0 };
  const embedder = timed(await loadModel(config), clock);
  const app = await compose(config, { embedder, modelFolder: join(ROOT, 'models/starter') });
  await fill(app, size, seed);
  const restore = timeIndex(clock);
  try {
    await app.indexesSettled();
    const samples = await ask(app, queries, clock);
    const parts: Record<string, (sample: Sample) => number> = {
      whole: ({ total }) => total,
      tower: ({ tower }) => tower,
      index: ({ index }) => index,
      rest: ({ total, tower, index }) => total - tower - index,
    };
    return Object.entries(parts).map(([part, pick]) => {
      const values = samples.map(pick);
      return `| ${size.toLocaleString('en')} | ${part} | ${quantile(values, 0.5).toFixed(2)} | ${quantile(values, 0.95).toFixed(2)} |`;
    });
  } finally {
    restore();
    await app.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** Records with clustered unit vectors, committed as ingest commits them, and an index built over them. */
async function fill(app: App, size: number, seed: number): Promise<void> {
  const { catalog, library } = app.services;
  const { model } = await library.status();
  const random = seededRandom(seed);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const centres = Array.from({ length: CLUSTERS }, () => Float32Array.from({ length: model.dimension }, gauss));
  for (let start = 0; start < size; start += 1000) {
    const pictures = Array.from({ length: Math.min(1000, size - start) }, (_, i) => {
      const centre = centres[random.below(CLUSTERS)] as Vector;
      return fakePicture(start + i, unit(centre.map((value) => value + 0.6 * gauss())));
    });
    await catalog.addPictures(model.fingerprint, app.services.tags.version, pictures);
  }
  await app.rebuildIndex();
}

function fakePicture(i: number, vector: Vector): NewPicture {
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

/** Different phrases one after another over HTTP; the first ones are not counted. */
async function ask(app: App, queries: number, clock: { tower: number; index: number }): Promise<Sample[]> {
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    gate: { apiKeys: [], isLocal: true },
    services: app.services,
    thumbnails: app.thumbnails,
    webDirectory: undefined,
    schemaFile: join(ROOT, 'schema.graphql'),
    log: app.log,
  });
  const words = app.services.tags.vocabulary.words;
  const samples: Sample[] = [];
  // One connection that stays open, as a browser's or a service's would.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let i = 0; i < queries + WARM_UP; i++) {
      const phrase = `${words[i % words.length]} and ${words[(i * 7 + 3) % words.length]}`;
      clock.tower = clock.index = 0;
      const startedAt = performance.now();
      const body = await post(agent, server.port, {
        query: `query($q: String!) { searchByText(query: $q, first: ${PAGE}) { hits { score image { id name } } } }`,
        variables: { q: phrase },
      });
      const total = performance.now() - startedAt;
      if (body.data.searchByText.hits.length !== PAGE) throw new Error(`expected ${PAGE} hits for "${phrase}"`);
      if (i >= WARM_UP) samples.push({ total, ...clock });
    }
  } finally {
    agent.destroy();
    await server.close();
  }
  return samples;
}

interface Body {
  readonly data: { readonly searchByText: { readonly hits: readonly unknown[] } };
}

function post(agent: Agent, port: number, body: unknown): Promise<Body> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const asked = request({ agent, port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as Body));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

/** The same embedder, with the time of its text calls added up. */
function timed(embedder: Embedder, clock: { tower: number }): Embedder {
  return {
    model: embedder.model,
    embedPixels: (pictures, urgency) => embedder.embedPixels(pictures, urgency),
    countTokens: (texts) => measureInto(clock, 'tower', () => embedder.countTokens(texts)),
    embedTexts: (texts, urgency) => measureInto(clock, 'tower', () => embedder.embedTexts(texts, urgency)),
    close: () => embedder.close(),
  };
}

/** Adds up the time of index searches until the returned function is called. */
function timeIndex(clock: { index: number }): () => void {
  const { search } = LiveIndex.prototype;
  LiveIndex.prototype.search = function (this: LiveIndex, ...args) {
    return measureInto(clock, 'index', () => search.apply(this, args));
  };
  return () => {
    LiveIndex.prototype.search = search;
  };
}

async function measureInto<K extends string, T>(clock: Record<K, number>, key: K, run: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await run();
  } finally {
    clock[key] += performance.now() - startedAt;
  }
}
