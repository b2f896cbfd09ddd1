// Worker thread: fits one head and ends. Takes seconds of pure arithmetic.
import { parentPort, workerData } from 'node:worker_threads';
import { fitHead, type HeadKind, type HeadSamples } from '../../words/joint-head.ts';

export interface FitTask {
  readonly kind: HeadKind;
  readonly samples: HeadSamples;
}

if (parentPort !== null) {
  const { kind, samples } = workerData as FitTask;
  parentPort.postMessage(fitHead(kind, samples));
}
