import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { QueryQueue } from '../../../src/embedding/query-queue.ts';

const SEED = 7;
const ROOM = { query: 1000, ingest: 1000 };

/** A runner that records its chunks and doubles each item, each chunk in a later turn of the event loop. */
function recorder(chunk = 4, capacity = ROOM) {
  const chunks: number[][] = [];
  const queue = new QueryQueue<number, number>({
    chunk,
    capacity,
    run: async (items) => {
      chunks.push([...items]);
      await new Promise((resolve) => setImmediate(resolve));
      if (items.includes(-1)) throw new AppError('INTERNAL', 'as asked');
      return items.map((item) => item * 2);
    },
  });
  return { queue, chunks };
}

describe('the query queue', () => {
  it('gives each request its own results in order, in chunks of at most the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(fc.nat(), { maxLength: 12 }), fc.constantFrom('query', 'ingest')), { maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        async (requests, chunk) => {
          const { queue, chunks } = recorder(chunk);
          const all = await Promise.all(requests.map(([items, urgency]) => queue.add(items, urgency)));
          expect(all).toEqual(requests.map(([items]) => items.map((item) => item * 2)));
          expect(chunks.every((items) => items.length > 0 && items.length <= chunk)).toBe(true);
          expect(chunks.flat().length).toBe(requests.flatMap(([items]) => items).length);
        },
      ),
      { seed: SEED, numRuns: 50 },
    );
  });

  it('runs queries ahead of ingest that waits, and never mixes the two', async () => {
    const { queue, chunks } = recorder(2);
    const ingest = queue.add([1, 2, 3, 4, 5], 'ingest');
    await new Promise((resolve) => setImmediate(resolve));
    const query = queue.add([10, 11, 12], 'query');
    await Promise.all([ingest, query]);
    expect(chunks).toEqual([[1, 2], [10, 11], [12], [3, 4], [5]]);
  });

  it('serves one level first come, first served', async () => {
    const { queue, chunks } = recorder(1);
    await Promise.all([queue.add([1, 2], 'query'), queue.add([3], 'query'), queue.add([4], 'query')]);
    expect(chunks.flat()).toEqual([1, 2, 3, 4]);
  });

  it('runs small requests made together as one chunk', async () => {
    const { queue, chunks } = recorder(4);
    await Promise.all([1, 2, 3].map((item) => queue.add([item], 'query')));
    expect(chunks).toEqual([[1, 2, 3]]);
  });

  it('rejects the requests of a chunk that failed, drops their rest, and serves the others', async () => {
    const { queue, chunks } = recorder(2);
    const outcomes = await Promise.allSettled([queue.add([-1, 1, 2, 3], 'ingest'), queue.add([4, 5], 'ingest')]);
    expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { code: 'INTERNAL' } });
    expect(outcomes[1]).toMatchObject({ status: 'fulfilled', value: [8, 10] });
    expect(chunks).toEqual([
      [-1, 1],
      [4, 5],
    ]);
  });

  it('refuses what does not fit with QUERY_TOO_COSTLY, and has room again afterwards', async () => {
    const { queue } = recorder(1, { query: 3, ingest: 1 });
    const first = queue.add([1, 2], 'query');
    await expect(queue.add([3, 4], 'query')).rejects.toMatchObject({ code: 'QUERY_TOO_COSTLY' });
    await first;
    expect(await queue.add([3, 4], 'query')).toEqual([6, 8]);
  });

  it('closes: what runs is finished, what waits and what comes is rejected with SHUTTING_DOWN', async () => {
    const { queue, chunks } = recorder(2);
    const running = queue.add([1, 2], 'query');
    const waiting = queue.add([3], 'query');
    const outcomes = Promise.allSettled([running, waiting]);
    await Promise.resolve();
    await Promise.resolve();
    await queue.close();
    expect(await outcomes).toMatchObject([
      { status: 'fulfilled', value: [2, 4] },
      { status: 'rejected', reason: { code: 'SHUTTING_DOWN' } },
    ]);
    expect(chunks).toEqual([[1, 2]]);
    await expect(queue.add([1], 'query')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
