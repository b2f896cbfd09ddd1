// A tower worker for tests of crashes: echoes the length of each text, fails on "fail", dies on "die".
import { parentPort, workerData } from 'node:worker_threads';
import type { FromTower, ToTower } from '../../src/embedding/tower-messages.ts';

const send = (message: FromTower): void => parentPort?.postMessage(message);

if (workerData.path === '/unusable') send({ kind: 'unusable', problem: 'bad weights\n    at somewhere' });
else send({ kind: 'ready', dimension: 1 });

parentPort?.on('message', (message: ToTower) => {
  if (message.kind === 'end') return parentPort?.close();
  const { id, request } = message;
  const texts = request.kind === 'pixels' ? [] : request.texts;
  if (texts.includes('die')) process.exit(3);
  if (texts.includes('fail')) return send({ kind: 'failed', id, problem: 'as asked' });
  return send({ kind: 'answer', id, data: Float32Array.from(texts, (text) => text.length) });
});
