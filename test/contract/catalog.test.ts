// The SQLite catalog, in memory and in a file, held against the catalog's contract.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteCatalog } from '../../src/store/sqlite-catalog.ts';
import { describeCatalog } from './catalog-contract.ts';

describeCatalog('SQLite in memory', {
  again: false,
  runs: 30,
  newPlace: async () => ({
    open: async (now) => openSqliteCatalog({ path: ':memory:', ...(now && { now }) }),
    clear: async () => {},
  }),
});

describeCatalog('SQLite in a file', {
  again: true,
  runs: 8,
  newPlace: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'semblance-catalog-'));
    const path = join(folder, 'made', 'on', 'the', 'way', 'catalog.db');
    return {
      open: async (now) => openSqliteCatalog({ path, ...(now && { now }) }),
      clear: () => rm(folder, { recursive: true, force: true }),
    };
  },
});
