// Another model: the library says that it is not complete, is embedded anew from its files, and is found again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fingerprint } from '../../src/core/model-info.ts';
import { startTestApp } from '../support/app.ts';
import { createFakeEmbedder } from '../support/fake-embedder.ts';
import { solid, writeFiles } from '../support/pictures.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-model-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const QUERY =
  '{ searchByText(query: "red", first: 5) { notices { code } hits { score image { id name } } } library { model { fingerprint } index { size } } }';

it('never compares vectors of two models, and brings the library up to the new one', async () => {
  const folder = join(directory, 'pictures');
  await writeFiles(folder, { 'red.png': await solid('red'), 'blue.png': await solid('blue') });
  const before = await startTestApp({ directory });
  await before.index(folder);
  const first = await before.query(QUERY);
  await before.stop();

  const embedder = createFakeEmbedder({ fingerprint: 'fb'.repeat(16) as Fingerprint });
  const after = await startTestApp({ directory, embedder });
  try {
    const meanwhile = await after.query(QUERY);
    expect(meanwhile.data.searchByText.hits).toEqual([]);
    expect(meanwhile.data.searchByText.notices).toContainEqual({ code: 'LIBRARY_INCOMPLETE' });

    const job = await after.app.reembed.startIfNeeded();
    await job?.ended;
    expect(job?.snapshot()).toMatchObject({ kind: 'REEMBED', state: 'DONE', added: 2, skippedCount: 0 });
    const then = await after.query(QUERY);
    expect(then.data.searchByText.hits).toEqual(first.data.searchByText.hits);
    expect(then.data.library).toMatchObject({ model: { fingerprint: 'fb'.repeat(16) }, index: { size: 2 } });
    expect(await after.app.reembed.startIfNeeded()).toBeUndefined();
  } finally {
    await after.stop();
  }
});
