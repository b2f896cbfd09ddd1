// The worker thread of one tower: loads it, runs it once, says it is ready, then answers requests in order.
import { parentPort, workerData } from 'node:worker_threads';
import { loadImageTower, loadTextTower } from './clip-towers.ts';
import type { FromTower, ToTower, TowerRequest, TowerSetup } from './tower-messages.ts';

type Answer = (request: TowerRequest) => Promise<Float32Array<ArrayBuffer>>;

function send(message: FromTower, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

async function load(setup: TowerSetup): Promise<{ answer: Answer; dimension: number }> {
  if (setup.tower === 'text') {
    const tower = await loadTextTower(setup);
    const answer: Answer = async (request) => {
      if (request.kind === 'texts') return tower.embed(request.texts);
      if (request.kind === 'count') return Float32Array.from(tower.count(request.texts));
      throw new Error('the text tower was given pixels');
    };
    return { answer, dimension: (await tower.embed(['a photo'])).length };
  }
  const tower = await loadImageTower(setup);
  const answer: Answer = async (request) => {
    if (request.kind === 'pixels') return tower.embed(request.data);
    throw new Error('the image tower was given texts');
  };
  const { width, height } = setup.pixels;
  return { answer, dimension: (await tower.embed(new Uint8Array(width * height * 3))).length };
}

function problemOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function serve(): Promise<void> {
  let answer: Answer;
  try {
    const loaded = await load(workerData as TowerSetup);
    answer = loaded.answer;
    send({ kind: 'ready', dimension: loaded.dimension });
  } catch (error) {
    send({ kind: 'unusable', problem: problemOf(error) });
    parentPort?.close();
    return;
  }
  let last = Promise.resolve();
  parentPort?.on('message', (message: ToTower) => {
    last = last.then(async () => {
      if (message.kind === 'end') {
        parentPort?.close();
        return;
      }
      const { id, request } = message;
      try {
        const data = await answer(request);
        send({ kind: 'answer', id, data }, [data.buffer]);
      } catch (error) {
        send({ kind: 'failed', id, problem: problemOf(error) });
      }
    });
  });
}

await serve();
