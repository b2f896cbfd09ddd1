// Pictures of many callers through the worker of one tower: checked, queued, packed into runs, and their vectors taken
// apart again. Shared by CLIP's image tower and by every other network.
import { AppError } from '../core/errors.ts';
import type { PixelSpec, Pixels } from '../core/pixels.ts';
import type { Vector } from '../core/vector.ts';
import type { Urgency } from './embedder.ts';
import { QueryQueue } from './query-queue.ts';
import type { TowerThread } from './tower-thread.ts';

/** Pictures a run. Larger chunks were no faster from 8 on, and a query picture waits for one chunk. */
const PICTURES_A_RUN = 8;
/** Queries are refused beyond what a second or two can answer; ingest only where a caller forgets to await. */
export const CAPACITY: Readonly<Record<Urgency, number>> = { query: 4096, ingest: 1_000_000 };

export class PictureTower {
  readonly #tower: TowerThread;
  readonly #pixels: PixelSpec;
  readonly #queue: QueryQueue<Pixels, Vector>;

  /** `dimension` is the length of the vectors that `tower` gives. */
  constructor(tower: TowerThread, pixels: PixelSpec, dimension: number) {
    this.#tower = tower;
    this.#pixels = pixels;
    this.#queue = new QueryQueue({
      chunk: PICTURES_A_RUN,
      capacity: CAPACITY,
      run: async (pictures) => splitRows(await tower.ask({ kind: 'pixels', data: packPixels(pictures) }), dimension),
    });
  }

  /**
   * One vector for each picture, in order. The pixels are copied when their turn comes: do not write to them before the
   * promise settles. Rejects with INTERNAL for pixels of another size, and as the queue and the tower do.
   */
  async embed(pictures: readonly Pixels[], urgency: Urgency): Promise<Vector[]> {
    for (const picture of pictures) assertPixels(picture, this.#pixels);
    return this.#queue.add(pictures, urgency);
  }

  /** Rejects what waits with SHUTTING_DOWN, finishes what runs, ends the worker. */
  async close(): Promise<void> {
    await this.#queue.close();
    await this.#tower.end();
  }
}

/** Throws INTERNAL where the pixels are not of the size that `spec` asks for. */
export function assertPixels({ width, height, data }: Pixels, spec: PixelSpec): void {
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
export function splitRows(data: Float32Array, dimension: number): Vector[] {
  return Array.from({ length: data.length / dimension }, (_, i) => data.slice(i * dimension, (i + 1) * dimension));
}
