// The real starter model behind the real workers. Golden vectors: scripts/golden.ts.
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dot, type Vector } from '../../src/core/vector.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { resolveModel } from '../../src/embedding/model-files.ts';
import { createWorkerEmbedder } from '../../src/embedding/worker-embedder.ts';
import { describeEmbedder } from '../contract/embedder-contract.ts';
import { syntheticPixels } from '../support/synthetic-pixels.ts';

/** Other kernels on other machines, and 7 stored digits. */
const GOLDEN_TOLERANCE = 1e-4;
const LONGEST_BLOCK_MS = 200;

const golden: {
  texts: { text: string; vector: string }[];
  pictures: { seed: number; side: number; vector: string }[];
} = JSON.parse(readFileSync(new URL('../fixtures/golden-starter.json', import.meta.url), 'utf8'));

/** Of the starter model's pictures. */
const SIDE = 80;
const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

async function makeStarter(): Promise<Embedder> {
  const folder = await resolveModel({ model: 'starter', modelsDirectory: MODELS, cacheDirectory: '' });
  return createWorkerEmbedder({ folder });
}

function pictures(count: number): ReturnType<typeof syntheticPixels>[] {
  return Array.from({ length: count }, (_, i) => syntheticPixels(i, SIDE, SIDE));
}

describeEmbedder('the worker embedder with the starter model', makeStarter);

describe('a model whose weights are broken', () => {
  it('is refused with MODEL_UNAVAILABLE naming the tower and the remedy', async () => {
    const path = await mkdtemp(join(tmpdir(), 'semblance-broken-'));
    try {
      await cp(join(MODELS, 'starter'), path, { recursive: true });
      await writeFile(join(path, 'onnx/vision_model.onnx'), 'no weights');
      const folder = await resolveModel({ model: path, modelsDirectory: MODELS, cacheDirectory: '' });
      await expect(createWorkerEmbedder({ folder })).rejects.toMatchObject({
        code: 'MODEL_UNAVAILABLE',
        message: expect.stringMatching(/image tower .*cannot be run: .*SEMBLANCE_DTYPE/),
      });
    } finally {
      await rm(path, { recursive: true });
    }
  }, 30_000);
});

describe('a model folder whose name no hub would take', () => {
  it('is opened', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'semblance-names-'));
    try {
      for (const name of ['version 2', 'a--b', 'é.git']) {
        await cp(join(MODELS, 'starter'), join(parent, name), { recursive: true });
        const folder = await resolveModel({ model: join(parent, name), modelsDirectory: MODELS, cacheDirectory: '' });
        const embedder = await createWorkerEmbedder({ folder });
        await expect(embedder.embedTexts(['cat'], 'query')).resolves.toHaveLength(1);
        await embedder.close();
      }
    } finally {
      await rm(parent, { recursive: true });
    }
  }, 60_000);
});

describe('the starter model', () => {
  let embedder: Embedder;
  beforeAll(async () => {
    embedder = await makeStarter();
  }, 30_000);
  afterAll(() => embedder.close());

  function expectGolden(vector: Vector | undefined, base64: string): void {
    const expected = new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
    expect(vector).toHaveLength(expected.length);
    vector?.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number))).toBeLessThan(GOLDEN_TOLERANCE);
    });
  }

  it('says what it is', () => {
    expect(embedder.model).toMatchObject({ id: 'starter', dtype: 'fp32', dimension: 256, contextLength: 32 });
    expect(embedder.model.pixels).toMatchObject({ width: SIDE, height: SIDE, kernel: 'lanczos3' });
    expect(embedder.model.logitScale).toBeCloseTo(60.4, 1);
    expect(embedder.model.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(embedder.model.vocabularyFile).toMatch(/vocabulary\.txt$/);
  });

  it('gives texts the vectors of the reference implementation, in one padded batch', async () => {
    const vectors = await embedder.embedTexts(
      golden.texts.map(({ text }) => text),
      'query',
    );
    expect(vectors).toHaveLength(8);
    for (const [i, { vector }] of golden.texts.entries()) expectGolden(vectors[i], vector);
  });

  it('gives pictures the vectors of the reference implementation', async () => {
    const vectors = await embedder.embedPixels(
      golden.pictures.map(({ seed, side }) => syntheticPixels(seed, side, side)),
      'query',
    );
    expect(vectors).toHaveLength(2);
    for (const [i, { vector }] of golden.pictures.entries()) expectGolden(vectors[i], vector);
  });

  it('puts texts of one meaning nearer than texts of another', async () => {
    const [cat, kitten, truck] = await embedder.embedTexts(
      ['a cat', 'a photo of a cat', 'a photo of a truck'],
      'query',
    );
    expect(dot(cat as Vector, kitten as Vector)).toBeGreaterThan(dot(cat as Vector, truck as Vector));
  });

  it('keeps a text that is cut near its own beginning', async () => {
    const start = 'a photo of a dog running over a green meadow';
    const [long, short, other] = await embedder.embedTexts(
      [`${start} ${'and running on '.repeat(20)}`, start, 'a plate of pasta'],
      'query',
    );
    expect(dot(long as Vector, short as Vector)).toBeGreaterThan(dot(long as Vector, other as Vector));
  });

  it('embeds what no tokenizer expects: half a surrogate, a zero byte, ten thousand letters', async () => {
    const vectors = await embedder.embedTexts(['\ud800', '\0', 'x'.repeat(10_000), ' \n\t'], 'query');
    expect(vectors.every((vector) => vector.every(Number.isFinite))).toBe(true);
  });

  it('answers a text and a picture that came after an ingest batch of 64 before that batch', async () => {
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await Promise.all([
      embedder.embedPixels(pictures(64), 'ingest').then(note('ingest')),
      embedder.embedPixels(pictures(1), 'query').then(note('picture')),
      embedder.embedTexts(['a dog'], 'query').then(note('text')),
    ]);
    expect(order).toHaveLength(3);
    expect(order[2]).toBe('ingest');
  });

  it('holds the event loop only shortly while a batch of 64 is embedded', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await embedder.embedPixels(pictures(64), 'ingest');
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(LONGEST_BLOCK_MS);
  });

  // Last, because it closes the embedder of the others: a start under tests costs seconds.
  it('rejects what waits and finishes what runs when it is closed', async () => {
    const running = embedder.embedTexts(['a dog'], 'query');
    const waiting = embedder.embedPixels(pictures(64), 'ingest');
    const outcome = Promise.allSettled([running, waiting]);
    // One turn of the event loop: both queues have sent their first chunk.
    await new Promise((resolve) => setImmediate(resolve));
    await embedder.close();
    const [first, second] = await outcome;
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'SHUTTING_DOWN' } });
  });
});
