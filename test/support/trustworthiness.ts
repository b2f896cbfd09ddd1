// How far a plane can be believed: are pictures that lie together on it near in the space too? 1 where they are, about .5 where
// the plane is chance (Venna, Kaski 2001).
import { dot, type Matrix, row } from '../../src/core/vector.ts';

interface Options {
  /** Neighbours on the plane that are judged; below a half of the pictures. */
  readonly neighbors: number;
  /** How many pictures are judged, evenly chosen; default: all. */
  readonly judged?: number;
}

/** `vectors`: unit rows; `places`: a pair x, y for each. Quadratic in the judged pictures times all. */
export function trustworthiness(vectors: Matrix, places: Float32Array, { neighbors, judged }: Options): number {
  const count = vectors.rows;
  const read = Math.min(count, judged ?? count);
  let penalty = 0;
  for (let turn = 0; turn < read; turn++) {
    const i = Math.floor((turn * count) / read);
    const inSpace = orderBy(count, i, (j) => -dot(row(vectors, i), row(vectors, j)));
    const rank = new Uint32Array(count);
    inSpace.forEach((j, at) => {
      rank[j] = at + 1;
    });
    const onPlane = orderBy(
      count,
      i,
      (j) =>
        ((places[2 * i] as number) - (places[2 * j] as number)) ** 2 +
        ((places[2 * i + 1] as number) - (places[2 * j + 1] as number)) ** 2,
    );
    for (const j of onPlane.slice(0, neighbors)) penalty += Math.max(0, (rank[j] as number) - neighbors);
  }
  return 1 - (2 * penalty) / (read * neighbors * (2 * count - 3 * neighbors - 1));
}

/** All rows but `own`, by the value, smallest first. */
function orderBy(count: number, own: number, amount: (j: number) => number): Uint32Array {
  const values = Float64Array.from({ length: count }, (_, j) => amount(j));
  return Uint32Array.from({ length: count }, (_, j) => j)
    .filter((j) => j !== own)
    .sort((a, b) => (values[a] as number) - (values[b] as number));
}
