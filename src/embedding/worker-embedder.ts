// The Embedder that serves: one worker for texts and one for pictures, each behind a queue of its own. The calling
// thread only packs and unpacks. Two workers, because a text query would else wait for a chunk of pictures (a second
// with a large model), and because both load at the same time; they cost about 40 MB more than one.
import { AppError } from '../core/errors.ts';
import type { Pixels } from '../core/pixels.ts';
import type { Vector } from '../core/vector.ts';
import type { Embedder, Urgency } from './embedder.ts';
import type { ModelFolder } from './model-folder.ts';
import { describeModel, type ModelConfig, readModelConfig } from './model-info.ts';
import { CAPACITY, PictureTower, splitRows } from './picture-tower.ts';
import { QueryQueue } from './query-queue.ts';
import type { ClipSetup, TowerName } from './tower-messages.ts';
import { TowerThread } from './tower-thread.ts';

export interface WorkerEmbedderOptions {
  readonly folder: ModelFolder;
  /** Threads of ONNX Runtime in each worker. 1 is best where decoding uses the other cores. */
  readonly threads?: number;
}

const TEXTS_A_RUN = 16;

/**
 * Loads both towers in parallel and resolves when they have run once. Throws MODEL_UNAVAILABLE where a file cannot be
 * read or run, or where the towers' outputs disagree with each other or with config.json.
 */
export async function createWorkerEmbedder({ folder, threads = 1 }: WorkerEmbedderOptions): Promise<Embedder> {
  const config = await readModelConfig(folder);
  const { family, contextLength, pixels } = config;
  const setup = (tower: TowerName): ClipSetup => {
    return { tower, path: folder.path, dtype: folder.dtype, family, contextLength, pixels, threads };
  };
  const towers = { text: new TowerThread(setup('text')), image: new TowerThread(setup('image')) };
  try {
    const [text, image] = await Promise.all([towers.text.start(), towers.image.start()]);
    const model = describeModel(folder, config, agreedDimension(folder, config, text.dimension, image.dimension));
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
  readonly #textTower: TowerThread;
  readonly #texts: QueryQueue<string, Vector>;
  readonly #pictures: PictureTower;
  #closing: Promise<void> | undefined;

  constructor(model: Embedder['model'], towers: Readonly<Record<TowerName, TowerThread>>) {
    this.model = model;
    this.#textTower = towers.text;
    this.#texts = new QueryQueue({
      chunk: TEXTS_A_RUN,
      capacity: CAPACITY,
      run: async (texts) => splitRows(await towers.text.ask({ kind: 'texts', texts }), model.dimension),
    });
    this.#pictures = new PictureTower(towers.image, model.pixels, model.dimension);
  }

  embedTexts(texts: readonly string[], urgency: Urgency): Promise<Vector[]> {
    return this.#texts.add(texts, urgency);
  }

  /** The pixels are copied when their turn comes: do not write to them before the promise settles. */
  embedPixels(pictures: readonly Pixels[], urgency: Urgency): Promise<Vector[]> {
    return this.#pictures.embed(pictures, urgency);
  }

  async countTokens(texts: readonly string[]): Promise<number[]> {
    if (this.#closing !== undefined) throw new AppError('SHUTTING_DOWN', 'The service is stopping. Ask again later.');
    if (texts.length === 0) return [];
    return Array.from(await this.#textTower.ask({ kind: 'count', texts }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#texts.close(), this.#pictures.close()]);
    await this.#textTower.end();
  }
}
