import { afterEach, describe, expect, it } from 'vitest';
import type { TowerRequest, TowerSetup } from '../../../src/embedding/tower-messages.ts';
import { TowerThread } from '../../../src/embedding/tower-thread.ts';
import { FAKE_MODEL } from '../../support/fake-embedder.ts';

const entry = new URL('../../support/dying-tower.ts', import.meta.url);
const setup: TowerSetup = {
  tower: 'text',
  path: '/model',
  dtype: 'fp32',
  family: 'clip',
  contextLength: 8,
  pixels: FAKE_MODEL.pixels,
  threads: 1,
};
const texts = (...list: string[]): TowerRequest => ({ kind: 'texts', texts: list });

describe('a tower thread', () => {
  let tower = new TowerThread(setup, entry);
  afterEach(async () => {
    await tower.end();
    tower = new TowerThread(setup, entry);
  });

  it('pairs answers with requests', async () => {
    expect(await tower.start()).toEqual({ dimension: 1 });
    const answers = await Promise.all([tower.ask(texts('a')), tower.ask(texts('abc', 'ab'))]);
    expect(answers.map((answer) => [...answer])).toEqual([[1], [3, 2]]);
  });

  it('fails one request with INTERNAL and answers the next', async () => {
    await expect(tower.ask(texts('fail'))).rejects.toMatchObject({ code: 'INTERNAL' });
    expect([...(await tower.ask(texts('abcd')))]).toEqual([4]);
  });

  it('rejects what is pending when the worker dies, and starts a new one for the next request', async () => {
    const [died, pending] = await Promise.allSettled([tower.ask(texts('die')), tower.ask(texts('a'))]);
    expect(died).toMatchObject({ status: 'rejected', reason: { code: 'INTERNAL' } });
    expect(pending).toMatchObject({ status: 'rejected', reason: { code: 'INTERNAL' } });
    expect([...(await tower.ask(texts('ab')))]).toEqual([2]);
  });

  it('does not start a third worker where two died without an answer in between', async () => {
    await expect(tower.ask(texts('die'))).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(tower.ask(texts('die'))).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(tower.ask(texts('a'))).rejects.toThrow(/2 times in a row/);
  });

  it('says MODEL_UNAVAILABLE where the tower cannot be loaded', async () => {
    const unusable = new TowerThread({ ...setup, path: '/unusable' }, entry);
    await expect(unusable.start()).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringMatching(/text tower in \/unusable .*bad weights\. Copy/),
    });
    await unusable.end();
  });
});
