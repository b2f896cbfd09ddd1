// How much of the bare model's speed the whole ingest keeps: reading, hashing, decoding, embedding, tagging, committing and
// indexing, against `session.run` alone on tensors that are ready, with the same threads, in turns in one run.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { compose, ROOT } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { spread } from './rounds.ts';

export interface IngestOptions {
  readonly folder: string;
  readonly rounds: number;
}

const BATCH = 32;

/** A markdown table: pictures a second of both, and their ratio. */
export async function ingestTable({ folder, rounds }: IngestOptions): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).length;
  const config = readConfig({}, {});
  const session = await ort.InferenceSession.create(join(ROOT, 'models/starter/onnx/vision_model.onnx'), {
    intraOpNumThreads: config.threads,
  });
  const bare: number[] = [];
  const whole: number[] = [];
  await bareRate(session, 256);
  for (let round = 0; round < rounds; round++) {
    bare.push(await bareRate(session, files));
    whole.push(await ingestRate(folder));
  }
  const ratios = whole.map((rate, i) => rate / (bare[i] ?? rate));
  return [
    `${files} pictures of ${folder}, ${rounds} rounds in turn, ${config.threads} thread(s) in the tower; median (least to most)`,
    '',
    '| | pictures/s |',
    '| --- | --- |',
    `| bare \`session.run\` on ready tensors, batches of ${BATCH} | ${spread(bare, 0)} |`,
    `| whole ingest | ${spread(whole, 0)} |`,
    `| ratio | ${spread(ratios, 2)} |`,
    '',
  ].join('\n');
}

async function bareRate(session: ort.InferenceSession, count: number): Promise<number> {
  const [input] = session.inputMetadata;
  if (input?.isTensor !== true) throw new Error('Expected a tensor as the input of the image tower.');
  const dims = [BATCH, ...input.shape.slice(1).map(Number)];
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => Math.sin(i));
  const startedAt = performance.now();
  let done = 0;
  for (; done < count; done += BATCH) await session.run({ [input.name]: new ort.Tensor('float32', data, dims) });
  return done / ((performance.now() - startedAt) / 1000);
}

async function ingestRate(folder: string): Promise<number> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  const config = readConfig({ data }, {});
  const app = await compose(config);
  try {
    const startedAt = performance.now();
    const job = app.services.ingest.indexFolder(folder);
    await job.ended;
    const seconds = (performance.now() - startedAt) / 1000;
    const { added, error } = job.snapshot();
    if (error !== null) throw new Error(error.message);
    return added / seconds;
  } finally {
    await app.close();
    await rm(data, { recursive: true, force: true });
  }
}
