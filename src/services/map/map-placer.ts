// Places pictures that came after a map was drawn beside the drawn pictures that they are most like. Nothing else moves.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { dot, type Vector } from '../../core/vector.ts';
import { type ImageId, imageIdOf, labelOf, viewOf, WHOLE } from '../../core/views.ts';
import { PLACING_NEIGHBORS, type PlacedNeighbor, placeBeside } from '../../query/map/map-placing.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { StoredMap } from './map-file.ts';

/** Most neighbours of a new picture may be as new as itself; the first drawn ones among these many count. */
const LOOKED_AT = [32, 512];
const READ_AT_ONCE = 64;
/** Other requests are served at least so often. */
const LONGEST_TURN_MS = 8;

/** The map with these pictures behind those it has; those without a vector stay out. `map` itself is not changed. */
export async function placeNew(map: StoredMap, ids: readonly ImageId[], vectors: ImageVectors): Promise<StoredMap> {
  const rows = new Map(map.ids.slice(0, map.drawn).map((id, i) => [id, i]));
  const added: ImageId[] = [];
  const places: number[] = [];
  let turnBegan = performance.now();
  for (let from = 0; from < ids.length; from += READ_AT_ONCE) {
    const found = await vectors.get(ids.slice(from, from + READ_AT_ONCE).map((id) => labelOf(id, WHOLE)));
    for (const [label, vector] of found) {
      const neighbors = await drawnNeighbors(vector);
      const { x, y } = neighbors.length === 0 ? { x: 0.5, y: 0.5 } : placeBeside(neighbors);
      added.push(imageIdOf(label));
      places.push(x, y);
      if (performance.now() - turnBegan < LONGEST_TURN_MS) continue;
      await nextTurn();
      turnBegan = performance.now();
    }
  }
  const grown = new Float32Array(map.places.length + places.length);
  grown.set(map.places);
  grown.set(places, map.places.length);
  return { ...map, ids: [...map.ids, ...added], places: grown };

  async function drawnNeighbors(vector: Vector): Promise<PlacedNeighbor[]> {
    for (const k of LOOKED_AT) {
      const labels = (await vectors.search(vector, k * vectors.views.length))
        .map(({ label }) => label)
        .filter((label) => viewOf(label) === WHOLE && rows.has(imageIdOf(label)))
        .slice(0, 2 * PLACING_NEIGHBORS);
      // An index rounds, or only guesses: the exact score decides.
      const near = [...(await vectors.get(labels))].map(([label, other]) => {
        const row = rows.get(imageIdOf(label)) as number;
        return { x: map.places[2 * row] as number, y: map.places[2 * row + 1] as number, score: dot(vector, other) };
      });
      if (near.length > 0) return near.sort((a, b) => b.score - a.score).slice(0, PLACING_NEIGHBORS);
    }
    return [];
  }
}
