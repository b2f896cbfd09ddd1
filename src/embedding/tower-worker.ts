// The worker thread of one tower: loads it, runs it once, says it is ready, then answers requests in order.
import { parentPort, workerData } from 'node:worker_threads';
import type { FromTower, ToTower, TowerFacts, TowerRequest, TowerSetup } from './tower-messages.ts';

type Answer = (request: TowerRequest) => Promise<Float32Array<ArrayBuffer>>;

function send(message: FromTower, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

interface Loaded {
  readonly answer: Answer;
  readonly facts: TowerFacts;
}

/** Each kind's library is loaded by the worker that needs it: transformers.js is no part of a network. */
async function load(setup: TowerSetup): Promise<Loaded> {
  if (setup.tower === 'network') {
    const { loadNetwork } = await import('./encoders/onnx-network.ts');
    const network = await loadNetwork(setup);
    return { answer: forPictures(network.embed), facts: network.facts };
  }
  const { loadImageTower, loadTextTower } = await import('./clip-towers.ts');
  if (setup.tower === 'text') {
    const tower = await loadTextTower(setup);
    const answer: Answer = async (request) => {
      if (request.kind === 'texts') return tower.embed(request.texts);
      if (request.kind === 'count') return Float32Array.from(tower.count(request.texts));
      throw new Error('the text tower was given pixels');
    };
    return { answer, facts: { dimension: (await tower.embed(['a photo'])).length } };
  }
  const tower = await loadImageTower(setup);
  const { width, height } = setup.pixels;
  const dimension = (await tower.embed(new Uint8Array(width * height * 3))).length;
  return { answer: forPictures(tower.embed), facts: { dimension } };
}

function forPictures(embed: (data: Uint8Array) => Promise<Float32Array<ArrayBuffer>>): Answer {
  return async (request) => {
    if (request.kind === 'pixels') return embed(request.data);
    throw new Error('a tower for pictures was given texts');
  };
}

function problemOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function serve(): Promise<void> {
  let answer: Answer;
  try {
    const loaded = await load(workerData as TowerSetup);
    answer = loaded.answer;
    send({ kind: 'ready', ...loaded.facts });
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
