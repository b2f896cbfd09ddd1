// The Embedder that serves: one worker for texts and one for pictures, each behind a queue of its own. The calling
// thread only packs and unpacks. Two workers, because a text query would else wait for a chunk of pictures (a second
// with a large model), and because both load at the same time; they cost about 40 MB more than one.
import { AppError } from '../core/errors.ts';
import type { PixelSpec, Pixels } from '../core/pixels.ts';
import type { Vector } from '../core/vector.ts';
import type { Embedder, Urgency } from './embedder.ts';
import type { ModelFolder } from './model-folder.ts';
import { describeModel, type ModelConfig, readModelConfig } from './model-info.ts';
import { QueryQueue } from './query-queue.ts';
import type { TowerName, TowerSetup } from './tower-messages.ts';
import { TowerThread } from './tower-thread.ts';

export interface WorkerEmbedderOptions {
  readonly folder: ModelFolder;
  /** Threads of ONNX Runtime in each worker. 1 is best where decoding uses the other cores. */
  readonly threads?: number;
}

/** Pictures a run. Larger chunks were no faster from 8 on, and a query picture waits for one chunk. */
const PICTURES_A_RUN = 8;
const TEXTS_A_RUN = 16;
/** Queries are refused beyond what a second or two can answer; ingest only where a caller forgets to await. */
const CAPACITY = { query: 4096, ingest: 1_000_000 };

/**
 * Loads both towers in parallel and resolves when they have run once. Throws MODEL_UNAVAILABLE where a file cannot be
 * read or run, or where the towers' outputs disagree with each other or with config.json.
 */
export async function createWorkerEmbedder({ folder, threads = 1 }: WorkerEmbedderOptions): Promise<Embedder> {
  const config = await readModelConfig(folder);
  const { family, contextLength, pixels } = config;
  const setup = (tower: TowerName): TowerSetup => {
    return { tower, path: folder.path, dtype: folder.dtype, family, contextLength, pixels, threads };
  };
  const towers = { text: new TowerThread(setup('text')), image: new TowerThread(setup('image')) };
  try {
    const [text, image] = await Promise.all([towers.text.start(), towers.image.start()]);
    const model = describeModel(folder, config, agreedDimension(folder, config, text, image));
    return new WorkerEmbedder(model, towers);
  } catch (error) {
    await Promise.all([towers.text.end(), towers.image.end()]);
    throw error;
  }
}

function agreedDimension(folder: ModelFolder, config: ModelConfig, text: number, image: number): number {
  const declared = config.declaredDimension ?? text;
  if (text === image && text === declared) return text;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `Expected both towers in ${folder.path} to give vectors of length ${declared}, got ${text} for texts and ${image} for pictures. Its files are of different models: copy them again.`,
  );
}

class WorkerEmbedder implements Embedder {
  readonly model: Embedder['model'];
  readonly #towers: Readonly<Record<TowerName, TowerThread>>;
  readonly #texts: QueryQueue<string, Vector>;
  readonly #pictures: QueryQueue<Pixels, Vector>;
  #closing: Promise<void> | undefined;

  constructor(model: Embedder['model'], towers: Readonly<Record<TowerName, TowerThread>>) {
    this.model = model;
    this.#towers = towers;
    const rows = (data: Float32Array): Vector[] => splitRows(data, model.dimension);
    this.#texts = new QueryQueue({
      chunk: TEXTS_A_RUN,
      capacity: CAPACITY,
      run: async (texts) => rows(await towers.text.ask({ kind: 'texts', texts })),
    });
    this.#pictures = new QueryQueue({
      chunk: PICTURES_A_RUN,
      capacity: CAPACITY,
      run: async (pictures) => rows(await towers.image.ask({ kind: 'pixels', data: packPixels(pictures) })),
    });
  }

  embedTexts(texts: readonly string[], urgency: Urgency): Promise<Vector[]> {
    return this.#texts.add(texts, urgency);
  }

  /** The pixels are copied when their turn comes: do not write to them before the promise settles. */
  async embedPixels(pictures: readonly Pixels[], urgency: Urgency): Promise<Vector[]> {
    for (const picture of pictures) assertSize(picture, this.model.pixels);
    return this.#pictures.add(pictures, urgency);
  }

  async countTokens(texts: readonly string[]): Promise<number[]> {
    if (this.#closing !== undefined) throw new AppError('SHUTTING_DOWN', 'The service is stopping. Ask again later.');
    if (texts.length === 0) return [];
    return Array.from(await this.#towers.text.ask({ kind: 'count', texts }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#texts.close(), this.#pictures.close()]);
    await Promise.all([this.#towers.text.end(), this.#towers.image.end()]);
  }
}

function assertSize({ width, height, data }: Pixels, spec: PixelSpec): void {
  if (width === spec.width && height === spec.height && data.length === width * height * 3) return;
  throw new AppError(
    'INTERNAL',
    `Expected pixels of ${spec.width} x ${spec.height} with ${spec.width * spec.height * 3} bytes, got ${width} x ${height} with ${data.length}. Decode with the model's PixelSpec.`,
  );
}

/** One block, so that one message moves it and the callers keep their own memory. */
function packPixels(pictures: readonly Pixels[]): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(pictures.reduce((sum, { data }) => sum + data.length, 0));
  let offset = 0;
  for (const { data } of pictures) {
    packed.set(data, offset);
    offset += data.length;
  }
  return packed;
}

/** Copies, so that one vector kept in a cache does not keep its whole chunk. */
function splitRows(data: Float32Array, dimension: number): Vector[] {
  return Array.from({ length: data.length / dimension }, (_, i) => data.slice(i * dimension, (i + 1) * dimension));
}
