// What changes while the index that services use is built or compared with its source, and what becomes of a build that fails.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { row } from '../../../src/core/vector.ts';
import type { Label } from '../../../src/core/views.ts';
import { openIndexFile } from '../../../src/vectors/index-file.ts';
import {
  drop,
  expectAlmostExact,
  expectExact,
  IDENTITY,
  MATRIX,
  OTHERS,
  put,
  range,
  SLOW_MS,
  slice,
  stageLiveIndexes,
} from './live-index-stage.ts';
import { MemorySource } from './memory-source.ts';

const { directory, warnings, open, builtSource } = stageLiveIndexes();

describe('a live index', { timeout: SLOW_MS }, () => {
  it('loses no addition, replacement or removal made while it builds', async () => {
    const source = new MemorySource(MATRIX);
    const gate = gated(source);
    const live = await open(source);
    gate.close();
    await gate.reached();
    // Half of the rows are in the builder's hands by now, half are not.
    const touched = [...range(0, 10), ...range(380, 390)];
    const fresh = [...range(2000, 2010), ...range(100, 105), ...range(395, 400)];
    put(live, source, fresh, OTHERS);
    drop(live, source, touched);
    put(live, source, range(0, 3), OTHERS);
    await expectExact(live, source);
    gate.open();
    await live.settled();
    expect(live.status()).toMatchObject({ state: 'READY', size: source.vectors.size });
    await expectAlmostExact(live, source);
    for (const label of [...range(3, 10), ...range(380, 390)]) expect(live.has(label)).toBe(false);
    await live.close();

    const again = await open(source);
    expect([again.size, again.has(2005 as Label), again.has(5 as Label)]).toEqual([source.vectors.size, true, false]);
  });

  it('builds a new graph by itself when enough has changed', async () => {
    const source = await builtSource();
    const live = await open(source, { rebuildAt: { fraction: 0.1, minimum: 30 } });
    put(live, source, range(3000, 3040), OTHERS);
    expect(live.status()).toMatchObject({ state: 'READY', pending: 40 });
    drop(live, source, range(3000, 3002));
    put(live, source, range(3040, 3045), OTHERS);
    expect(live.status().state).toBe('BUILDING');
    await live.settled();
    expect(live.status()).toEqual({ kind: 'usearch', state: 'READY', size: 443, pending: 0 });
  });

  it('does not build over and over for what the source does not hold', async () => {
    const source = await builtSource();
    const live = await open(source, { rebuildAt: { fraction: 0, minimum: 10 } });
    live.add(range(3000, 3040), slice(OTHERS, 40));
    await live.settled();
    expect(live.status()).toEqual({ kind: 'usearch', state: 'READY', size: 440, pending: 40 });
  });

  it('takes over what another process changed, but for what changed here meanwhile', async () => {
    const source = await builtSource();
    const live = await open(source);
    source.drop(range(0, 5));
    source.put(range(1000, 1005), OTHERS);
    const { labels } = source;
    let done: Promise<void> | undefined;
    const answer = await new Promise<() => void>((asked) => {
      source.labels = async () => {
        const old = await labels.call(source);
        await new Promise<void>((resolve) => asked(resolve));
        return old;
      };
      done = live.reconcile();
    });
    // Committed after the source was asked: in its answer one is missing and one is still there.
    put(live, source, range(2000, 2001), OTHERS);
    drop(live, source, range(50, 51));
    answer();
    await done;
    expect(live.size).toBe(source.vectors.size);
    expect([live.has(2000 as Label), live.has(50 as Label), live.has(1004 as Label), live.has(4 as Label)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('goes on serving when a build fails, and says so', async () => {
    await writeFile(join(directory(), 'file'), '');
    const source = new MemorySource(MATRIX);
    const live = await open(source, { directory: join(directory(), 'file', 'images') });
    await live.settled();
    expect(live.status()).toMatchObject({ state: 'EXACT', size: 400 });
    expect(warnings().length).toBeGreaterThan(0);
    await expectExact(live, source);
    await expect(live.rebuild()).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });

  it('can be closed during a build: the old file stays valid and nothing half remains', async () => {
    const source = await builtSource();
    const before = await readFile(join(directory(), 'images.json'), 'utf8');
    const live = await open(source);
    const gate = gated(source);
    gate.close();
    const build = live.rebuild();
    await gate.reached();
    const closed = live.close();
    gate.open();
    await expect(build).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await closed;
    expect(await readFile(join(directory(), 'images.json'), 'utf8')).toBe(before);
    expect((await readdir(directory())).length).toBe(3);
    await openIndexFile({ directory: directory(), name: 'images' }, IDENTITY);
    await expect(live.search(row(MATRIX, 0), 1)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(warnings()).toEqual([]);
  });
});

/** Holds a scan after its first batch until it is let go. */
function gated(source: MemorySource) {
  let isClosed = false;
  let batches = 0;
  let announce = () => {};
  let release = () => {};
  const reached = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  source.beforeBatch = async () => {
    if (!isClosed || ++batches < 2) return;
    announce();
    await released;
  };
  return {
    close: () => {
      isClosed = true;
    },
    reached: () => reached,
    open: () => {
      isClosed = false;
      release();
    },
  };
}
