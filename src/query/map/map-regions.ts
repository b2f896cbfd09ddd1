// The regions of a map at several zoom levels: groups of places around a picture in their middle. A place belongs to the
// region of its level whose middle is nearest, so that later pictures belong somewhere too. What regions are called is
// map-labels.ts.
import { seededUniform } from '../../core/seeded-random.ts';

export interface Region {
  /** 0 is the coarsest. */
  readonly level: number;
  /** The row in its middle. */
  readonly middle: number;
  readonly x: number;
  readonly y: number;
}

/** Regions of each level, where there are pictures enough. */
const REGIONS_AT_LEVEL = [7, 28, 96];
/** A region of fewer pictures is no region. */
const LEAST_MEMBERS = 12;
const MOST_READ = 12_000;
const ROUNDS = 20;

/** The regions of all levels. `places`: n pairs x, y. Levels that would repeat the one before are left out. */
export function findRegions(places: Float32Array, seed: number): Region[] {
  const count = places.length / 2;
  if (count === 0) return [];
  const wanted = REGIONS_AT_LEVEL.map((most) => Math.max(1, Math.min(most, Math.floor(count / LEAST_MEMBERS))));
  const levels = [...new Set(wanted)];
  return levels.flatMap((k, level) => {
    const middles = new Set(kMeans(places, k, seed + level).map((centre) => nearestOf(centre, places)));
    return [...middles].map((middle) => ({
      level,
      middle,
      x: places[2 * middle] as number,
      y: places[2 * middle + 1] as number,
    }));
  });
}

/** For each place the number of the region, among the given ones, whose middle is nearest. */
export function regionOfEach(places: Float32Array, regions: readonly { readonly x: number; readonly y: number }[]) {
  const middles = Float32Array.from(regions.flatMap(({ x, y }) => [x, y]));
  const out = new Uint16Array(places.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = nearestOf({ x: places[2 * i] as number, y: places[2 * i + 1] as number }, middles);
  }
  return out;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Lloyd's algorithm from a k-means++ start, over at most 12,000 of the places. */
function kMeans(places: Float32Array, k: number, seed: number): Place[] {
  const count = places.length / 2;
  const step = Math.max(1, Math.floor(count / MOST_READ));
  const read = Float32Array.from({ length: 2 * Math.ceil(count / step) }, (_, i) =>
    i % 2 === 0 ? (places[i * step] as number) : (places[(i - 1) * step + 1] as number),
  );
  let centres = spreadStart(read, k, seed);
  for (let round = 0; round < ROUNDS; round++) {
    const of = regionOfEach(read, centres);
    const sums = centres.map(() => ({ x: 0, y: 0, members: 0 }));
    of.forEach((region, i) => {
      const sum = sums[region];
      if (sum === undefined) return;
      sum.x += read[2 * i] as number;
      sum.y += read[2 * i + 1] as number;
      sum.members++;
    });
    centres = sums.map(({ x, y, members }, i) =>
      members === 0 ? (centres[i] as Place) : { x: x / members, y: y / members },
    );
  }
  return centres;
}

/** k-means++ (Arthur, Vassilvitskii 2007): each next centre is drawn by its squared distance to those there are. */
function spreadStart(places: Float32Array, k: number, seed: number): Place[] {
  const random = seededUniform(seed);
  const count = places.length / 2;
  const placeAt = (i: number): Place => ({ x: places[2 * i] as number, y: places[2 * i + 1] as number });
  const centres = [placeAt(Math.floor(random() * count))];
  const distances = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  while (centres.length < k) {
    const { x, y } = centres.at(-1) as Place;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const distance = ((places[2 * i] as number) - x) ** 2 + ((places[2 * i + 1] as number) - y) ** 2;
      distances[i] = Math.min(distances[i] as number, distance);
      sum += distances[i] as number;
    }
    // All places that are left are centres already.
    if (sum === 0) break;
    let left = random() * sum;
    let chosen = 0;
    for (; chosen < count - 1; chosen++) {
      left -= distances[chosen] as number;
      if (left < 0) break;
    }
    centres.push(placeAt(chosen));
  }
  return centres;
}

/** The number of the place nearest to this one; of equals the first. */
function nearestOf({ x, y }: Place, places: Float32Array): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < places.length; i += 2) {
    const distance = ((places[i] as number) - x) ** 2 + ((places[i + 1] as number) - y) ** 2;
    if (distance < least) {
      least = distance;
      best = i / 2;
    }
  }
  return best;
}
