// `npm run bench [-- ingest latency views map words index] [--photos FOLDER]`: speed, side by side in one run, as markdown tables.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { indexTable, indexTableMarkdown } from './index-table.ts';
import { ingestTable } from './ingest-table.ts';
import { latencyTable } from './latency-table.ts';
import { mapTable } from './map-table.ts';
import { viewsTable } from './views-table.ts';
import { wordsTable } from './words-table.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    photos: { type: 'string', default: '../shared/photos/captioned' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);

const tables: Record<string, () => Promise<string>> = {
  ingest: () => ingestTable({ folder: values.photos, rounds: 3 }),
  latency: () => latencyTable({ sizes: [10_000, 100_000], queries: 300, seed }),
  views: () => viewsTable({ folder: values.photos, queries: 200 }),
  map: () => mapTable({ sizes: [10_000, 50_000], seed }),
  words: () => wordsTable({ words: 40_000, dimension: 300, rounds: 3, seed }),
  index: async () => indexTableMarkdown(await indexTable({ seed })),
};

const wanted = positionals.length === 0 ? Object.keys(tables) : positionals;
process.stdout.write(
  `${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, seed ${seed}\n\n`,
);
for (const name of wanted) {
  const make = tables[name];
  if (make === undefined) throw new Error(`There is no table "${name}"; there are ${Object.keys(tables).join(', ')}.`);
  process.stdout.write(`### ${name}\n\n${await make()}\n`);
}
