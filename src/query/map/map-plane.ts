// The plane in which vectors vary most, and the square that a map is shown in. What small maps are made of, and where
// large ones start. Knows no picture.
import { addScaled, dot, type Matrix, norm, row, scale, type Vector } from '../../core/vector.ts';

/** The axes of some thousand rows are those of all, as far as a picture on a plane shows. */
const MOST_ROWS_READ = 4000;
/** Subspace iteration: the two widest axes of embeddings are found to three digits by then. */
const ROUNDS = 24;
const MARGIN = 0.03;

/** n pairs: each row on the two axes along which the rows, already centred, vary most. Deterministic. */
export function principalPlane(centred: Matrix): Float32Array {
  const { rows, dimension } = centred;
  const step = Math.max(1, Math.floor(rows / MOST_ROWS_READ));
  const read = Array.from({ length: Math.ceil(rows / step) }, (_, i) => row(centred, i * step));
  let first = startVector(dimension, 1);
  let second = startVector(dimension, 2);
  for (let round = 0; round < ROUNDS; round++) {
    const [one, other] = [new Float32Array(dimension), new Float32Array(dimension)];
    for (const vector of read) {
      addTo(one, vector, dot(vector, first));
      addTo(other, vector, dot(vector, second));
    }
    first = unitOr(one, first);
    second = unitOr(addScaled(other, first, -dot(other, first)), new Float32Array(dimension));
  }
  const places = new Float32Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    places[2 * i] = dot(row(centred, i), first);
    places[2 * i + 1] = dot(row(centred, i), second);
  }
  return places;
}

/**
 * The same places turned so that the widest direction lies across, and scaled by one factor into 0..1 in both directions,
 * with a small margin. A single place, or several in one spot, come to the middle.
 */
export function fitToSquare(places: Float32Array): Float32Array {
  const count = places.length / 2;
  const out = new Float32Array(places.length);
  const turn = widestAngle(places);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY] as [number, number];
  for (let i = 0; i < count; i++) {
    const [x, y] = [places[2 * i] as number, places[2 * i + 1] as number];
    const turned = [x * cos + y * sin, y * cos - x * sin] as const;
    for (const axis of [0, 1] as const) {
      out[2 * i + axis] = turned[axis];
      low[axis] = Math.min(low[axis], turned[axis]);
      high[axis] = Math.max(high[axis], turned[axis]);
    }
  }
  const factor = (1 - 2 * MARGIN) / (Math.max(high[0] - low[0], high[1] - low[1]) || 1);
  for (let i = 0; i < out.length; i++) {
    const axis = (i % 2) as 0 | 1;
    out[i] = 0.5 + ((out[i] as number) - (low[axis] + high[axis]) / 2) * factor;
  }
  return out;
}

/** The angle of the direction of greatest variance, from the 2 x 2 covariance. */
function widestAngle(places: Float32Array): number {
  const count = places.length / 2 || 1;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < places.length; i += 2) {
    meanX += (places[i] as number) / count;
    meanY += (places[i + 1] as number) / count;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = [(places[i] as number) - meanX, (places[i + 1] as number) - meanY];
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return 0.5 * Math.atan2(2 * xy, xx - yy);
}

function startVector(dimension: number, which: number): Vector {
  return Float32Array.from({ length: dimension }, (_, i) => Math.sin(which * (i + 1) * 12.9898));
}

/** In place: `to` is a sum that thousands of rows go into. */
function addTo(to: Float32Array, vector: Vector, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (vector[i] as number);
}

/** Rows that vary along fewer than two axes have no second one. */
function unitOr(vector: Vector, fallback: Vector): Vector {
  const length = norm(vector);
  return length > 1e-9 ? scale(vector, 1 / length) : fallback;
}
