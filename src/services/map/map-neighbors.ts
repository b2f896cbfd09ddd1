// The nearest neighbours of every picture at once, for the map: an index of our own is filled and asked. Takes up to a
// minute for 50,000 pictures; only the map's thread calls it.
import { type Matrix, row } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import type { NeighborLists } from '../../query/map/map-layout.ts';
import { createIndex } from '../../vectors/make-index.ts';

/** Up to here every pair is compared, which takes seconds; beyond, a graph is built. */
const EXACT_UP_TO = 3000;
const EF = 64;
const TOLD_EVERY = 500;

/** `vectors`: unit rows, more of them than k. Lists hold the row itself first. Distances are 1 - cosine. */
export async function findNeighbors(
  vectors: Matrix,
  k: number,
  onProgress: (share: number) => void,
): Promise<NeighborLists> {
  const { rows: count, dimension } = vectors;
  const kind = count > EXACT_UP_TO ? 'usearch' : 'exact';
  const index = await createIndex(kind, { dimension, metric: 'cosine', capacity: count });
  for (let from = 0; from < count; from += TOLD_EVERY) {
    const to = Math.min(count, from + TOLD_EVERY);
    const labels = Array.from({ length: to - from }, (_, i) => (from + i) as Label);
    const data = vectors.data.subarray(from * dimension, to * dimension);
    index.add(labels, { rows: to - from, dimension, data });
    onProgress((0.6 * to) / count);
  }
  const rows = new Uint32Array(count * k);
  const distances = new Float32Array(count * k);
  for (let i = 0; i < count; i++) {
    const found = index.search(row(vectors, i), k, { ef: EF }).filter(({ label }) => label !== i);
    rows[i * k] = i;
    for (let j = 1; j < k; j++) {
      // A graph may reach too few where many vectors are equal; the farthest found then counts again.
      const neighbor = found[Math.min(j, found.length) - 1];
      rows[i * k + j] = neighbor?.label ?? (i + j) % count;
      distances[i * k + j] = neighbor === undefined ? 1 : Math.max(0, 1 - neighbor.score);
    }
    if (i % TOLD_EVERY === 0) onProgress(0.6 + (0.4 * i) / count);
  }
  index.close();
  return { k, rows, distances };
}
