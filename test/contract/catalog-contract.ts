// What every Catalog must do, whatever holds it. Each adapter's test calls describeCatalog with a way to open one.
import { describe } from 'vitest';
import type { Catalog } from '../../src/store/catalog.ts';
import { describeFiles } from './catalog-files-cases.ts';
import { describeListing } from './catalog-listing-cases.ts';
import { describePictures } from './catalog-picture-cases.ts';
import { describeSharing } from './catalog-sharing-cases.ts';
import { describeTags } from './catalog-tag-cases.ts';
import { describeVectors } from './catalog-vector-cases.ts';

export interface CatalogPlace {
  /** A connection to the place: the same catalog each time, or a fresh one where `again` is false. */
  open(now?: () => Date): Promise<Catalog>;
  /** Forgets the place and what lies there. Called after its catalogs were closed. */
  clear(): Promise<void>;
}

export interface CatalogKind {
  /** An empty place for a catalog of its own. */
  newPlace(): Promise<CatalogPlace>;
  /** Random cases for each law: fewer where every commit waits for a disk. */
  readonly runs: number;
  /** Whether a place can be opened twice, at once or one after another. */
  readonly again: boolean;
}

/** Opens an empty catalog, lends it, closes it. */
export type WithCatalog = (use: (catalog: Catalog) => Promise<void>, now?: () => Date) => Promise<void>;

export function describeCatalog(name: string, kind: CatalogKind): void {
  const withCatalog: WithCatalog = async (use, now) => {
    const place = await kind.newPlace();
    try {
      const catalog = await place.open(now);
      await use(catalog).finally(() => catalog.close());
    } finally {
      await place.clear();
    }
  };
  describe(`catalog: ${name}`, { timeout: 30_000 }, () => {
    describePictures(withCatalog);
    describeFiles(withCatalog);
    describeListing(withCatalog, kind.runs);
    describeVectors(withCatalog, kind.runs);
    describeTags(withCatalog, kind.runs);
    if (kind.again) describeSharing(() => kind.newPlace());
  });
}
