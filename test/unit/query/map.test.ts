// The laws of the map: of the plane, of placing without moving, of regions and of their names.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/seeded-random.ts';
import { addScaled, type Matrix, norm, pack, row, unit } from '../../../src/core/vector.ts';
import { labelRegions } from '../../../src/query/map/map-labels.ts';
import { layOut } from '../../../src/query/map/map-layout.ts';
import { type PlacedNeighbor, placeBeside } from '../../../src/query/map/map-placing.ts';
import { fitToSquare, principalPlane } from '../../../src/query/map/map-plane.ts';
import { findRegions, regionOfEach } from '../../../src/query/map/map-regions.ts';
import { findNeighbors } from '../../../src/services/map/map-neighbors.ts';
import { drawMap } from '../../../src/services/map/map-worker.ts';
import { trustworthiness } from '../../support/trustworthiness.ts';

const place = fc.float({ min: 0, max: 1, noNaN: true });
const neighbor = fc.record({ x: place, y: place, score: fc.float({ min: -1, max: 1, noNaN: true }) });
const neighbors = fc
  .array(neighbor, { minLength: 1, maxLength: 8 })
  .map((list): PlacedNeighbor[] => list.sort((a, b) => b.score - a.score));
const places = fc
  .array(fc.tuple(place, place), { minLength: 1, maxLength: 200 })
  .map((list) => Float32Array.from(list.flat()));

const TOLERANCE = 1e-6;
const NO_PROGRESS = () => {};

/** Unit vectors in `groups` groups, one after another. */
function grouped(groups: number, each: number, seed: number): Matrix {
  const random = seededUniform(seed);
  const number = () => random() - 0.5;
  const middles = Array.from({ length: groups }, () => Float32Array.from({ length: 24 }, number));
  return pack(
    middles.flatMap((middle) =>
      Array.from({ length: each }, () => unit(middle.map((value) => value + 0.25 * number()))),
    ),
  );
}

describe('a picture that is placed', () => {
  it('lies within the bounds of its neighbours', () => {
    fc.assert(
      fc.property(neighbors, (near) => {
        const { x, y } = placeBeside(near);
        for (const [at, own] of [
          [x, near.map((one) => one.x)],
          [y, near.map((one) => one.y)],
        ] as const) {
          expect(at).toBeGreaterThanOrEqual(Math.min(...own) - TOLERANCE);
          expect(at).toBeLessThanOrEqual(Math.max(...own) + TOLERANCE);
        }
      }),
    );
  });

  it('lies on the only neighbour it has', () => {
    fc.assert(
      fc.property(neighbor, (near) => {
        expect(placeBeside([near])).toEqual({ x: near.x, y: near.y });
      }),
    );
  });

  it('lies by its equal, and not between it and what is only like it', () => {
    const equal = { x: 0.1, y: 0.2, score: 1 };
    const like = [0.62, 0.6, 0.58].map((score) => ({ x: 0.9, y: 0.9, score }));
    const { x, y } = placeBeside([equal, ...like]);
    expect(Math.hypot(x - equal.x, y - equal.y)).toBeLessThan(0.01);
  });
});

describe('the square of a map', () => {
  it('holds every place, keeps shapes, and has its widest side across', () => {
    fc.assert(
      fc.property(places, fc.float({ min: Math.fround(0.1), max: 50, noNaN: true }), (some, factor) => {
        const stretched = some.map((value) => value * factor - 3);
        const fitted = fitToSquare(stretched);
        for (const value of fitted) expect(value >= 0 && value <= 1).toBe(true);
        const gaps = (of: Float32Array) =>
          Array.from({ length: of.length / 2 - 1 }, (_, i) =>
            Math.hypot((of[2 * i + 2] ?? 0) - (of[0] ?? 0), (of[2 * i + 3] ?? 0) - (of[1] ?? 0)),
          );
        const [before, after] = [gaps(stretched), gaps(fitted)];
        const most = Math.max(1e-9, ...before);
        const scale = Math.max(0, ...after) / most;
        for (const [i, gap] of before.entries()) expect(after[i]).toBeCloseTo(gap * scale, 3);
        const spreadOf = (axis: number) => {
          const values = Array.from({ length: fitted.length / 2 }, (_, i) => fitted[2 * i + axis] as number);
          const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
          return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
        };
        expect(spreadOf(0)).toBeGreaterThanOrEqual(spreadOf(1) - 1e-4);
      }),
    );
  });
});

describe('the plane of greatest variance', () => {
  it('is the plane that vectors were made in, so distances stay', () => {
    const flat = pack(
      Array.from({ length: 300 }, (_, i) => {
        const random = seededUniform(i);
        const [a, b] = [4 * (random() - 0.5), 2 * (random() - 0.5)];
        return Float32Array.from({ length: 16 }, (_, d) => (d === 3 ? a : d === 9 ? b : 0));
      }),
    );
    const found = principalPlane(flat);
    for (let i = 0; i < flat.rows - 1; i++) {
      const onPlane = Math.hypot(
        (found[2 * i] ?? 0) - (found[2 * i + 2] ?? 0),
        (found[2 * i + 1] ?? 0) - (found[2 * i + 3] ?? 0),
      );
      expect(onPlane).toBeCloseTo(norm(addScaled(row(flat, i), row(flat, i + 1), -1)), 4);
    }
  });
});

describe('a layout', () => {
  it('lays neighbours together, and is the same for the same seed', async () => {
    const vectors = grouped(6, 20, 3);
    const lists = await findNeighbors(vectors, 15, NO_PROGRESS);
    const start = principalPlane(vectors);
    const one = layOut(lists, start, { seed: 1 });
    expect(layOut(lists, start, { seed: 1 })).toEqual(one);
    expect(layOut(lists, start, { seed: 2 })).not.toEqual(one);
    // Ten neighbours of a group of twenty: chance would be about a half.
    expect(trustworthiness(vectors, one, { neighbors: 10 })).toBeGreaterThan(0.93);
  });

  it('of the same vector many times over ends, with a place for each', async () => {
    const same = pack(Array.from({ length: 60 }, () => unit(Float32Array.from([1, 2, 3, 4]))));
    const words = { rows: 0, dimension: 4, data: new Float32Array(0) };
    const { places: drawn } = await drawMap(
      { vectors: same, words, textMean: new Float32Array(4), seed: 1 },
      NO_PROGRESS,
    );
    expect(drawn.length).toBe(120);
    expect(drawn.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

describe('neighbour lists', () => {
  it('begin with the row itself and hold the nearest others, nearest first', async () => {
    const vectors = grouped(4, 15, 5);
    const { rows, distances } = await findNeighbors(vectors, 8, NO_PROGRESS);
    for (let i = 0; i < vectors.rows; i++) {
      const own = [...rows.subarray(i * 8, i * 8 + 8)];
      expect(own[0]).toBe(i);
      expect(new Set(own).size).toBe(8);
      const far = [...distances.subarray(i * 8, i * 8 + 8)];
      expect(far).toEqual([...far].sort((a, b) => a - b));
    }
  });
});

describe('regions', () => {
  it('hold every place once on each level, and each its own middle', () => {
    fc.assert(
      fc.property(places, fc.integer(), (some, seed) => {
        const regions = findRegions(some, seed);
        for (const level of new Set(regions.map((region) => region.level))) {
          const ofLevel = regions.filter((region) => region.level === level);
          const members = regionOfEach(some, ofLevel);
          expect(members.length).toBe(some.length / 2);
          ofLevel.forEach(({ middle, x, y }, i) => {
            expect([x, y]).toEqual([some[2 * middle], some[2 * middle + 1]]);
            expect(ofLevel[members[middle] as number]).toMatchObject({ x: ofLevel[i]?.x, y: ofLevel[i]?.y });
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are the groups that places lie in', () => {
    const random = seededUniform(2);
    const corners = [0.1, 0.9].flatMap((x) => [0.1, 0.9].map((y) => [x, y] as const));
    const some = Float32Array.from(
      corners.flatMap(([x, y]) => Array.from({ length: 40 }, () => [x + 0.05 * random(), y + 0.05 * random()]).flat()),
    );
    const coarse = findRegions(some, 1).filter(({ level }) => level === 0);
    const members = regionOfEach(some, coarse);
    for (let i = 0; i < 160; i++) {
      for (let j = 0; j < 160; j++) {
        if (members[i] === members[j]) expect(Math.floor(i / 40)).toBe(Math.floor(j / 40));
      }
    }
  });
});

describe('names of regions', () => {
  it('are the words that pictures were made from, none twice', () => {
    const words = grouped(12, 1, 9);
    const random = seededUniform(4);
    const members = Uint16Array.from({ length: 60 }, (_, i) => i % 6);
    const pictures = pack(
      Array.from(members, (region) => unit(row(words, region * 2).map((value) => value + 0.1 * (random() - 0.5)))),
    );
    const labels = labelRegions(pictures, members, 6, words, new Float32Array(24));
    expect([...labels]).toEqual([0, 2, 4, 6, 8, 10]);
  });

  it('are missing where there are more regions than words', () => {
    const words = grouped(2, 1, 9);
    const members = Uint16Array.from([0, 1, 2]);
    const labels = labelRegions(grouped(3, 1, 1), members, 3, words, new Float32Array(24));
    expect([...labels].filter((label) => label === -1)).toHaveLength(1);
    expect(new Set(labels).size).toBe(3);
  });
});
