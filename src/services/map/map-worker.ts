// Worker thread: draws a map of vectors and ends. Neighbours, layout, regions and their names; seconds to minutes of pure
// arithmetic.
import { parentPort, workerData } from 'node:worker_threads';
import { addScaled, type Matrix, meanOfRows, row, unit, type Vector } from '../../core/vector.ts';
import { labelRegions } from '../../query/map/map-labels.ts';
import { layOut, MAP_NEIGHBORS } from '../../query/map/map-layout.ts';
import { fitToSquare, principalPlane } from '../../query/map/map-plane.ts';
import { findRegions, type Region, regionOfEach } from '../../query/map/map-regions.ts';
import { findNeighbors } from './map-neighbors.ts';

export interface MapTask {
  /** Unit vectors; their memory is given away. */
  readonly vectors: Matrix;
  /** Unit text vectors that regions may be called after, and where texts sit. */
  readonly words: Matrix;
  readonly textMean: Vector;
  readonly seed: number;
}

export interface DrawnRegion extends Omit<Region, 'middle'> {
  /** Row of the picture in the middle. */
  readonly middle: number;
  /** Row of the word, or -1. */
  readonly word: number;
}

export type FromMapWorker =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'done'; readonly places: Float32Array; readonly regions: readonly DrawnRegion[] };

if (parentPort !== null) {
  const port = parentPort;
  const answer = (message: FromMapWorker) => port.postMessage(message);
  const { places, regions } = await drawMap(workerData as MapTask, (share) => answer({ type: 'progress', share }));
  answer({ type: 'done', places, regions });
}

/** n pairs x, y in 0..1, and the regions. `onProgress`: the share that is done, 0..1. */
export async function drawMap({ vectors, words, textMean, seed }: MapTask, onProgress: (share: number) => void) {
  const centred = centreRows(vectors);
  const places = fitToSquare(await layOutRows(centred, seed, onProgress));
  const found = findRegions(places, seed);
  const regions: DrawnRegion[] = [];
  for (let level = 0; level <= (found.at(-1)?.level ?? -1); level++) {
    const ofLevel = found.filter((region) => region.level === level);
    const named = labelRegions(centred, regionOfEach(places, ofLevel), ofLevel.length, words, textMean);
    regions.push(...ofLevel.map((region, i) => ({ ...region, word: named[i] ?? -1 })));
  }
  return { places, regions };
}

/** Few vectors have no neighbourhoods: they lie on the plane in which they vary most. */
async function layOutRows(centred: Matrix, seed: number, onProgress: (share: number) => void): Promise<Float32Array> {
  const start = principalPlane(centred);
  if (centred.rows <= MAP_NEIGHBORS) return start;
  // Shares of the whole time, as measured with 10,000 pictures.
  const neighbors = await findNeighbors(centred, MAP_NEIGHBORS, (share) => onProgress(0.3 * share));
  return layOut(neighbors, start, { seed, onRound: (done, rounds) => onProgress(0.5 + (0.5 * done) / rounds) });
}

/** Unit rows as seen from their own mean: what all pictures share says nothing of where they belong. */
function centreRows(vectors: Matrix): Matrix {
  const { rows, dimension } = vectors;
  const data = new Float32Array(vectors.data.length);
  if (rows === 0) return { rows, dimension, data };
  const middle = meanOfRows(vectors);
  for (let i = 0; i < rows; i++) data.set(unit(addScaled(row(vectors, i), middle, -1)), i * dimension);
  return { rows, dimension, data };
}
