// Reductions, by their laws: linear, fixed by their seed, true to lengths and products, and the same after storing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clustered-vectors.ts';
import { seededNormals } from '../../../src/core/seeded-random.ts';
import { addScaled, dot, type Matrix, mean, pack, row, scale, type Vector } from '../../../src/core/vector.ts';
import { fitProjection, formatProjection, parseProjection } from '../../../src/vectors/projections/make-projection.ts';
import { fitPca, type PcaProjection } from '../../../src/vectors/projections/pca-projection.ts';
import type { Projection, ProjectionKind } from '../../../src/vectors/projections/projection.ts';
import { projectionFromBytes, projectionToBytes } from '../../../src/vectors/projections/projection-file.ts';

const KINDS: readonly ProjectionKind[] = ['pca', 'gaussian', 'sparse'];
const FROM = 48;
const TO = 12;
const SAMPLE = clusters({ dimension: FROM, count: 20, spread: 0.6, seed: 51 }).draw(300);

describe.each(KINDS)('projection %s', (kind) => {
  const projection = fitProjection(kind, TO, SAMPLE, 7);

  it('says what it is and makes one short row of each long one', () => {
    expect([projection.kind, projection.from, projection.to]).toEqual([kind, FROM, TO]);
    const projected = projection.apply(SAMPLE);
    expect([projected.rows, projected.dimension, projected.data.length]).toEqual([300, TO, 300 * TO]);
    expect([...row(projected, 9)]).toEqual([...one(projection, row(SAMPLE, 9))]);
  });

  it('is linear', () => {
    const index = fc.nat(SAMPLE.rows - 1);
    const factor = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(index, index, factor, (i, j, factor) => {
        const sum = one(projection, addScaled(row(SAMPLE, i), row(SAMPLE, j), factor));
        const expected = addScaled(one(projection, row(SAMPLE, i)), one(projection, row(SAMPLE, j)), factor);
        expect(farthest(sum, expected)).toBeLessThan(1e-5);
      }),
      { seed: 53, numRuns: 60 },
    );
  });

  it('is fixed by its seed and sample', () => {
    const again = fitProjection(kind, TO, SAMPLE, 7);
    expect(again.id).toBe(projection.id);
    expect(again.apply(SAMPLE)).toEqual(projection.apply(SAMPLE));
    if (kind !== 'pca') expect(fitProjection(kind, TO, SAMPLE, 8).id).not.toBe(projection.id);
    const other = clusters({ dimension: FROM, count: 20, spread: 0.6, seed: 52 }).draw(300);
    if (kind === 'pca') expect(fitProjection(kind, TO, other, 7).id).not.toBe(projection.id);
  });

  it('is the same after it was stored', () => {
    const bytes = projectionToBytes(projection);
    const again = projectionFromBytes(bytes);
    expect(again.id).toBe(projection.id);
    expect(again.apply(SAMPLE)).toEqual(projection.apply(SAMPLE));
    expect(projectionToBytes(again)).toEqual(bytes);
  });

  it('refuses damaged bytes, vectors of another length, and to make vectors longer', () => {
    const bytes = projectionToBytes(projection);
    const end = bytes.indexOf(10);
    const renamed = Buffer.from(
      Buffer.from(bytes)
        .toString('latin1')
        .replace(`${TO} of`, `${TO + 1} of`),
      'latin1',
    );
    for (const damaged of [bytes.subarray(0, end - 1), bytes.subarray(1), new Uint8Array(0), renamed]) {
      expect(() => projectionFromBytes(damaged)).toThrow(expect.objectContaining({ code: 'INDEX_INVALID' }));
    }
    if (kind === 'pca') {
      expect(() => projectionFromBytes(bytes.subarray(0, -4))).toThrow(
        expect.objectContaining({ code: 'INDEX_INVALID' }),
      );
    }
    const longer = pack([new Float32Array(FROM + 1)]);
    expect(() => projection.apply(longer)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    const same = () => fitProjection(kind, FROM, SAMPLE, 1);
    expect(same).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});

describe.each(['gaussian', 'sparse'] as const)('projection %s', (kind) => {
  it('keeps squared lengths and distances as the lemma of Johnson and Lindenstrauss bounds them', () => {
    const to = 256;
    const points = clusters({ dimension: 1024, count: 30, spread: 0.6, seed: 55 }).draw(40);
    const projected = fitProjection(kind, to, points, 3).apply(points);
    const ratios: number[] = [];
    for (let i = 0; i < points.rows; i++) {
      for (let j = 0; j < i; j++) ratios.push(gap(projected, i, j) / gap(points, i, j));
    }
    // 780 pairs: the chance that one of them is off by more than e is 2 * 780 * exp(-to (e^2 - e^3) / 4), below 1e-3 at .55.
    expect(Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)))).toBeLessThan(0.55);
    const average = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(Math.abs(average - 1)).toBeLessThan(0.1);
    const deviation = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - average) ** 2, 0) / ratios.length);
    expect(deviation).toBeLessThan(1.5 * Math.sqrt(2 / to));
  });

  it('is right on average over seeds for products, also of long vectors', () => {
    const [a, b] = [scale(row(SAMPLE, 0), 5), scale(row(SAMPLE, 1), 7)];
    const products = Array.from({ length: 400 }, (_, seed) => {
      const projected = fitProjection(kind, TO, SAMPLE, seed).apply(pack([a, b]));
      return dot(row(projected, 0), row(projected, 1));
    });
    // One product is off by at most about |a||b| sqrt(2/to), 400 of them by a twentieth of that; three times it.
    const average = products.reduce((sum, product) => sum + product, 0) / products.length;
    expect(Math.abs(average - dot(a, b))).toBeLessThan((3 * 35 * Math.sqrt(2 / TO)) / 20);
  });
});

describe('projection pca', () => {
  it.each([
    ['a few numbers, exactly', 48, 300],
    ['many numbers, by the range finder', 800, 700],
    ['fewer vectors than numbers', 900, 40],
  ])('has orthonormal axes of falling variance that beat any other: %s', (_, from, rows) => {
    const sample = steep(rows, from);
    const { axes, variances, kept } = fitPca(sample, { to: 20, seed: 5 }).parts;
    const matrix = { rows: 20, dimension: from, data: axes };
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j <= i; j++) expect(dot(row(matrix, i), row(matrix, j))).toBeCloseTo(i === j ? 1 : 0, 5);
    }
    expect([...variances]).toEqual([...variances].sort((a, b) => b - a));
    const projected = fitPca(sample, { to: 20, seed: 5 }).apply(sample);
    for (const axis of [0, 7, 19]) {
      expect(meanSquare(projected, axis) / (variances[axis] as number)).toBeCloseTo(1, 4);
    }
    // The sample's own coordinates are nearly its axes: the best twenty keep at least what the first twenty of them do.
    const first = Array.from({ length: 20 }, (_, axis) => meanSquare(sample, axis)).reduce(
      (sum, each) => sum + each,
      0,
    );
    const whole = Array.from({ length: from }, (_, axis) => meanSquare(sample, axis)).reduce(
      (sum, each) => sum + each,
      0,
    );
    expect(kept).toBeGreaterThan(first / whole - 1e-6);
    expect(kept).toBeLessThanOrEqual(1);
  });

  it('finds the same with the range finder as exactly', () => {
    const small = steep(900, 600);
    const padded: Matrix = pack(
      Array.from({ length: small.rows }, (_, i) => Float32Array.of(...row(small, i), ...new Array(100).fill(0))),
    );
    const exact = fitPca(small, { to: 10, seed: 1 }).parts;
    const sketched = fitPca(padded, { to: 10, seed: 1 }).parts;
    for (let i = 0; i < 10; i++) {
      const a = exact.axes.subarray(i * 600, (i + 1) * 600);
      const b = sketched.axes.subarray(i * 700, i * 700 + 600);
      expect((sketched.variances[i] as number) / (exact.variances[i] as number)).toBeCloseTo(1, 3);
      expect(Math.abs(dot(a, b))).toBeGreaterThan(0.999);
    }
  });

  it('keeps products and distances within its span, and all of them where the sample has no more directions', () => {
    const basis = clusters({ dimension: 40, count: 6, spread: 1, seed: 57 }).draw(5);
    const combine = (weights: Vector): Vector =>
      weights.reduce<Vector>((sum, weight, i) => addScaled(sum, row(basis, i), weight), new Float32Array(40));
    const sample = pack(Array.from({ length: 30 }, (_, i) => combine(seededNormals(5, i))));
    const projection = fitPca(sample, { to: 5, seed: 1 });
    expect(projection.parts.kept).toBeCloseTo(1, 5);
    const projected = projection.apply(sample);
    for (let i = 1; i < 30; i++) {
      expect(dot(row(projected, 0), row(projected, i))).toBeCloseTo(dot(row(sample, 0), row(sample, i)), 4);
      expect(gap(projected, 0, i)).toBeCloseTo(gap(sample, 0, i), 4);
    }
  });

  it('puts the mean at the origin where that is asked for, and stores it', () => {
    const shifted = pack(
      Array.from({ length: 300 }, (_, i) => addScaled(row(SAMPLE, i), new Float32Array(FROM).fill(1), 2)),
    );
    const projection = fitProjection('pca', TO, shifted, 1, { isCentred: true }) as PcaProjection;
    const projected = projection.apply(shifted);
    const middle = mean(Array.from({ length: 300 }, (_, i) => row(projected, i)));
    expect(farthest(middle, new Float32Array(TO))).toBeLessThan(1e-4);
    const again = projectionFromBytes(projectionToBytes(projection));
    expect(again.apply(shifted)).toEqual(projected);
    expect(again.id).toBe(projection.id);
  });

  it('asks for a sample of enough vectors', () => {
    const few = () => fitProjection('pca', TO, pack([row(SAMPLE, 0)]), 1);
    expect(few).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining('pca:12') }));
  });
});

describe('parseProjection', () => {
  it('reads what formatProjection writes', () => {
    for (const text of ['none', 'pca:64', 'gaussian:1', 'sparse:4096']) {
      expect(formatProjection(parseProjection(text))).toBe(text);
    }
    expect(parseProjection('pca:64')).toEqual({ kind: 'pca', to: 64 });
  });

  it.each(['', 'pca', 'pca:', 'pca:0', 'pca:4097', 'pca:-3', 'pca:6.4', 'tsne:2', 'PCA:64', ' pca:64'])(
    'refuses "%s" and says how one is written',
    (text) => {
      const parse = () => parseProjection(text);
      expect(parse).toThrow(
        expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining('pca:64') }),
      );
    },
  );
});

/** Normal numbers whose deviation falls from coordinate to coordinate. */
function steep(rows: number, dimension: number): Matrix {
  const data = seededNormals(rows * dimension, 61).map((value, i) => value * 0.93 ** (i % dimension));
  return { rows, dimension, data };
}

function one(projection: Projection, vector: Vector): Vector {
  return row(projection.apply(pack([vector])), 0);
}

/** Squared distance of two rows. */
function gap(matrix: Matrix, i: number, j: number): number {
  const between = addScaled(row(matrix, i), row(matrix, j), -1);
  return dot(between, between);
}

function meanSquare(matrix: Matrix, axis: number): number {
  let sum = 0;
  for (let i = 0; i < matrix.rows; i++) sum += (row(matrix, i)[axis] as number) ** 2;
  return sum / matrix.rows;
}

function farthest(a: Vector, b: Vector): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}
