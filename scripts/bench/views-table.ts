// What SEMBLANCE_VIEWS=windows costs: ingest, disk, and the time of a search, beside whole pictures in one run.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { quantile } from './rounds.ts';

export interface ViewsOptions {
  readonly folder: string;
  readonly queries: number;
}

export async function viewsTable({ folder, queries }: ViewsOptions): Promise<string> {
  const rows: string[] = [];
  for (const views of ['whole', 'windows']) rows.push(await measure(folder, views, queries));
  return [
    `${folder}, ${queries} different words each, no HTTP`,
    '',
    '| views | vectors | ingest, pictures/s | catalog, MB | index, MB | search of 20 hits, ms p50 | p95 |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

async function measure(folder: string, views: string, queries: number): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  const app = await compose(readConfig({ data, views }, {}));
  try {
    const startedAt = performance.now();
    const job = app.services.ingest.indexFolder(folder);
    await job.ended;
    const rate = job.snapshot().added / ((performance.now() - startedAt) / 1000);
    await app.indexesSettled();
    const { index } = await app.services.library.status();
    const times = await searchTimes(app, queries);
    const files = await readdir(join(data, 'index'));
    const bytesOf = async (path: string) => (await stat(path)).size / 1e6;
    const indexed = await Promise.all(
      files.filter((name) => /^images.*bin$/.test(name)).map((name) => bytesOf(join(data, 'index', name))),
    );
    const megabytes = indexed.reduce((sum, value) => sum + value, 0);
    const catalog =
      (await bytesOf(join(data, 'catalog.sqlite'))) + (await bytesOf(join(data, 'catalog.sqlite-wal')).catch(() => 0));
    return `| ${views} | ${index.size} | ${rate.toFixed(0)} | ${catalog.toFixed(1)} | ${megabytes.toFixed(1)} | ${quantile(times, 0.5).toFixed(1)} | ${quantile(times, 0.95).toFixed(1)} |`;
  } finally {
    await app.close();
    await rm(data, { recursive: true, force: true });
  }
}

async function searchTimes(app: App, queries: number): Promise<number[]> {
  const words = app.services.tags.vocabulary.words.slice(0, queries + 20);
  const times: number[] = [];
  for (const word of words) {
    const startedAt = performance.now();
    await app.services.search.searchByText(word, { first: 20 });
    times.push(performance.now() - startedAt);
  }
  return times.slice(20);
}
