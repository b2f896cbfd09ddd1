// Worker thread: fits the bridge between word space and a model's space, and ends. Takes seconds of pure arithmetic.
import { parentPort, workerData } from 'node:worker_threads';
import type { Matrix } from '../../core/vector.ts';
import { fitBridge } from '../../words/bridge.ts';
import { serializeBridge } from '../../words/bridge-file.ts';

/** Row i of both belongs to the same word. */
export interface BridgeTask {
  readonly words: Matrix;
  readonly clip: Matrix;
}

if (parentPort !== null) {
  const { words, clip } = workerData as BridgeTask;
  parentPort.postMessage(serializeBridge(fitBridge(words, clip)));
}
