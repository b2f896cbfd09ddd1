import { describe, expect, it } from 'vitest';
import { cacheTexts } from '../../../src/embedding/cached-embedder.ts';
import type { Embedder, Urgency } from '../../../src/embedding/embedder.ts';
import { createFakeEmbedder } from '../../support/fake-embedder.ts';

/** The fake embedder, with a record of the texts that reached it. `gate` holds its answers back. */
function counted(maxTexts?: number) {
  const inner = createFakeEmbedder();
  const runs: { texts: readonly string[]; urgency: Urgency }[] = [];
  const state = { gate: Promise.resolve() };
  const recording: Embedder = {
    ...inner,
    async embedTexts(texts, urgency) {
      runs.push({ texts, urgency });
      await state.gate;
      if (texts.includes('fail')) throw new Error('as asked');
      return inner.embedTexts(texts, urgency);
    },
  };
  return { inner, embedder: cacheTexts(recording, maxTexts), runs, state };
}

describe('the text cache', () => {
  it('answers as the embedder itself does, in order, with repeated texts', async () => {
    const { inner, embedder } = counted();
    const texts = ['red', 'blue', 'red', 'a dog'];
    await embedder.embedTexts(['blue'], 'query');
    expect(await embedder.embedTexts(texts, 'query')).toEqual(await inner.embedTexts(texts, 'query'));
  });

  it('runs a text once, also where it is asked for twice at the same time', async () => {
    const { embedder, runs } = counted();
    await Promise.all([embedder.embedTexts(['red'], 'query'), embedder.embedTexts(['red', 'blue'], 'query')]);
    await embedder.embedTexts(['blue', 'red'], 'query');
    expect(runs.map(({ texts }) => texts)).toEqual([['red'], ['blue']]);
  });

  it('does not let a query wait for the same text of an ingest run', async () => {
    const { embedder, runs, state } = counted();
    let open = (): void => undefined;
    state.gate = new Promise((resolve) => {
      open = () => resolve();
    });
    const ingest = embedder.embedTexts(['red'], 'ingest');
    state.gate = Promise.resolve();
    expect(await embedder.embedTexts(['red'], 'query')).toHaveLength(1);
    open();
    await ingest;
    expect(runs.map(({ urgency }) => urgency)).toEqual(['ingest', 'query']);
  });

  it('reads but does not fill the cache for ingest', async () => {
    const { embedder, runs } = counted();
    await embedder.embedTexts(['red'], 'query');
    await embedder.embedTexts(['red', 'blue'], 'ingest');
    await embedder.embedTexts(['blue'], 'query');
    expect(runs.map(({ texts }) => texts)).toEqual([['red'], ['blue'], ['blue']]);
  });

  it('forgets the text that was not asked for longest', async () => {
    const { embedder, runs } = counted(2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await embedder.embedTexts([text], 'query');
    expect(runs.map(({ texts }) => texts)).toEqual([['a'], ['b'], ['c'], ['b']]);
  });

  it('does not remember a failure', async () => {
    const { embedder, runs } = counted();
    await expect(embedder.embedTexts(['fail'], 'query')).rejects.toThrow('as asked');
    await expect(embedder.embedTexts(['fail'], 'query')).rejects.toThrow('as asked');
    expect(runs).toHaveLength(2);
  });
});
