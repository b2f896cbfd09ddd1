// One way to keep vectors: an index kind, and a reduction before it. Built as the service does it, from a saved file, and asked
// either for its own order or, as the service does where that is only nearly right, for more candidates that are scored again
// with the full vectors. Knows no picture and no class.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { type Matrix, pack, pickRows, type Vector } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { createIndex, loadIndex } from '../../vectors/make-index.ts';
import { fitProjection, formatProjection, parseProjection } from '../../vectors/projections/make-projection.ts';
import type { Projection } from '../../vectors/projections/projection.ts';
import { scanExact } from '../../vectors/select.ts';
import type { IndexKind, Metric, VectorIndex } from '../../vectors/vector-index.ts';
import { INDEX_KINDS } from '../spaces/space-definition.ts';
import { FINE, LEAST_CANDIDATES, overfetchOf } from '../spaces/space-scores.ts';

export interface Variant {
  readonly index: IndexKind;
  /** `pca:64`; `none`. */
  readonly reduction: string;
}

/** Any number does; the service's own. */
const PROJECTION_SEED = 1;
/** As the service samples. */
const MOST_SAMPLED = 2000;
const ROWS_AT_ONCE = 256;

/** `exact`, `lsh`, `pca:64` (on an exact index), `pca:64/usearch`, separated by commas. Throws BAD_ARGUMENT. */
export function parseVariants(text: string): Variant[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return [...new Set(names)].filter((name) => name !== '').map(parseVariant);
}

function parseVariant(name: string): Variant {
  const alone = INDEX_KINDS.find((kind) => kind === name);
  if (alone !== undefined) return { index: alone, reduction: 'none' };
  const [reduction = '', under = 'exact', ...rest] = name.split('/');
  const index = INDEX_KINDS.find((kind) => kind === under);
  if (index === undefined || reduction === 'none' || rest.length > 0) throw badVariant(name);
  try {
    return { index, reduction: formatProjection(parseProjection(reduction)) };
  } catch {
    throw badVariant(name);
  }
}

/** `pca:64`, `lsh`, `pca:64/usearch`; with `, re-scored`. */
export function nameVariant({ index, reduction }: Variant, isRescored = false): string {
  const name = reduction === 'none' ? index : index === 'exact' ? reduction : `${reduction}/${index}`;
  return isRescored ? `${name}, re-scored` : name;
}

/** Whether its own order is only nearly right, so that it is worth asking both ways. */
export function isCoarse({ index, reduction }: Variant): boolean {
  return overfetchOf(index, reduction === 'none' ? undefined : ANY_PROJECTION) > FINE;
}

/** How many candidates make up for a projection does not depend on which it is. */
const ANY_PROJECTION: Projection = { kind: 'pca', id: '', from: 2, to: 1, apply: (vectors) => vectors };

export interface BuiltVariant {
  /** Labels of the k best, best first: row numbers of the vectors it was built from. */
  search(query: Vector, k: number, isRescored: boolean): Label[];
  /** Of the index file, divided by its vectors; the reduction's own matrix and the full vectors in the catalog are not counted. */
  readonly bytesPerPicture: number;
  close(): void;
}

/**
 * Indexes `vectors` (as the space stores them), labels are row numbers. `folder`: for the index file. Throws INDEX_UNAVAILABLE
 * where the library is not installed, BAD_ARGUMENT where vectors are too short or too few for the reduction.
 */
export async function buildVariant(
  variant: Variant,
  vectors: Matrix,
  metric: Metric,
  folder: string,
): Promise<BuiltVariant> {
  const projection = projectionOf(variant, vectors, metric);
  const { index, bytes } = await buildIndex(variant.index, projection?.apply(vectors) ?? vectors, metric, folder);
  const overfetch = overfetchOf(variant.index, projection);
  return {
    bytesPerPicture: bytes / vectors.rows,
    search(query, k, isRescored) {
      const asked = projection === undefined ? query : projection.apply(pack([query])).data;
      if (!isRescored) return index.search(asked, k).map(({ label }) => label);
      const fetched = Math.min(vectors.rows, Math.max(LEAST_CANDIDATES, Math.ceil(k * overfetch)));
      const labels = index.search(asked, fetched).map(({ label }) => label);
      return scanExact(query, { labels, vectors: pickRows(vectors, labels) }, k, metric).map(({ label }) => label);
    },
    close: () => index.close(),
  };
}

/** Two indexes of one shape may be open at a time: the file of the second must not replace the first's. */
let built = 0;

async function buildIndex(
  kind: IndexKind,
  vectors: Matrix,
  metric: Metric,
  folder: string,
): Promise<{ index: VectorIndex; bytes: number }> {
  const { dimension } = vectors;
  const shape = { dimension, metric, capacity: vectors.rows };
  const index = await createIndex(kind, shape);
  for (let from = 0; from < vectors.rows; from += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, vectors.rows - from);
    const labels = Array.from({ length: rows }, (_, i) => (from + i) as Label);
    index.add(labels, { rows, dimension, data: vectors.data.subarray(from * dimension, (from + rows) * dimension) });
  }
  // Its file is its rows and nothing else.
  if (kind === 'exact') return { index, bytes: vectors.rows * dimension * Float32Array.BYTES_PER_ELEMENT };
  const path = join(folder, `${kind}-${built++}`);
  const labels = index.labels();
  await index.save(path);
  index.close();
  return { index: await loadIndex(kind, path, shape, labels), bytes: (await stat(path)).size };
}

function projectionOf({ reduction }: Variant, vectors: Matrix, metric: Metric): Projection | undefined {
  const choice = parseProjection(reduction);
  if (choice === undefined) return undefined;
  const rows = Math.min(vectors.rows, Math.max(MOST_SAMPLED, 2 * choice.to));
  const step = vectors.rows / rows;
  const sample = pickRows(
    vectors,
    Array.from({ length: rows }, (_, i) => Math.floor(i * step)),
  );
  return fitProjection(choice.kind, choice.to, sample, PROJECTION_SEED, { isCentred: metric === 'euclidean' });
}

function badVariant(name: string): AppError {
  return new AppError(
    'BAD_ARGUMENT',
    `A variant is one of ${INDEX_KINDS.join(', ')}, a reduction such as pca:64, gaussian:64 or sparse:64, or both as pca:64/usearch; got "${name}".`,
  );
}
