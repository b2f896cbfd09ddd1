// From nearest neighbours to places on a plane: UMAP (McInnes, Healy, Melville 2018) over neighbour lists that were found
// elsewhere. Knows no picture and no index; the same input and seed give the same plane.

import { UMAP } from 'umap-js';
import { seededUniform } from '../../core/seeded-random.ts';

/** For each of n rows its k nearest rows, the row itself first, then nearest first. */
export interface NeighborLists {
  readonly k: number;
  /** n * k row numbers. */
  readonly rows: Uint32Array;
  /** n * k distances, 0 for the row itself, never negative. */
  readonly distances: Float32Array;
}

export interface LayoutOptions {
  readonly seed: number;
  /** Told after each round of moves. */
  readonly onRound?: (done: number, rounds: number) => void;
}

/** Neighbours that a row is held together with: UMAP's own default. */
export const MAP_NEIGHBORS = 15;
/** The start is spread over -10..10, as umap-js spreads its random one. */
const START_REACH = 10;
/** Rows of equal vectors have no distance, which umap-js handles in quadratic time. */
const LEAST_DISTANCE = 1e-6;

/**
 * n pairs x, y that start from `start` (n pairs, any scale) and end where neighbours lie together. Expects n > k. Takes
 * seconds for 10,000 rows and minutes for 50,000: call it off the main thread.
 */
export function layOut(neighbors: NeighborLists, start: Float32Array, { seed, onRound }: LayoutOptions): Float32Array {
  const { k } = neighbors;
  const count = start.length / 2;
  const umap = new UMAP({ nNeighbors: k, random: seededUniform(seed) });
  umap.setPrecomputedKNN(
    Array.from({ length: count }, (_, i) => Array.from(neighbors.rows.subarray(i * k, (i + 1) * k))),
    Array.from({ length: count }, (_, i) => {
      const own = neighbors.distances.subarray(i * k, (i + 1) * k);
      return Array.from(own, (distance, j) => (j === 0 ? 0 : Math.max(LEAST_DISTANCE, distance)));
    }),
  );
  // With neighbours given only the number of rows is read, not what is in them.
  const rounds = umap.initializeFit(Array.from({ length: count }, () => []));
  // umap-js starts from random places and moves the very arrays it shows, so a better start is written into them.
  const places = umap.getEmbedding();
  const reach = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  places.forEach((place, i) => {
    place[0] = ((start[2 * i] as number) / reach) * START_REACH + 1e-3 * (place[0] as number);
    place[1] = ((start[2 * i + 1] as number) / reach) * START_REACH + 1e-3 * (place[1] as number);
  });
  for (let round = 1; round <= rounds; round++) {
    umap.step();
    onRound?.(round, rounds);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
