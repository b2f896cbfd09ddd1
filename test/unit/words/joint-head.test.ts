// The head between features and word space: that it fits what can be fitted, balances classes, and survives storage.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededNormals, seededUniform } from '../../../src/core/seeded-random.ts';
import { type Matrix, pack, row, unit, type Vector } from '../../../src/core/vector.ts';
import { applyHead, fitHead, type HeadSamples } from '../../../src/words/joint-head.ts';
import { headHash, parseHead, serializeHead } from '../../../src/words/joint-head-file.ts';
import { fitScale, judge, wordRanks } from '../../../src/words/joint-head-judge.ts';
import { lowerTriangleOf, whitenedMoments } from '../../../src/words/joint-head-kernel.ts';
import { fitRidge, momentsOf } from '../../../src/words/ridge.ts';
import '../../support/seed.ts';

const WORDS = 6;

function matrix(rows: number, dimension: number, seed: number): Matrix {
  return { rows, dimension, data: seededNormals(rows * dimension, seed) };
}

function units(rows: number, dimension: number, seed: number): Matrix {
  const raw = matrix(rows, dimension, seed);
  return pack(Array.from({ length: rows }, (_, i) => unit(row(raw, i))));
}

/** Clusters of pictures around a place of their own for each class. */
function clusters(sizes: readonly number[], dimension: number, spread: number, seed: number): HeadSamples {
  const places = units(sizes.length, dimension, seed);
  const classes = sizes.flatMap((size, one) => Array<number>(size).fill(one));
  const noise = matrix(classes.length, dimension, seed + 1);
  const features = pack(
    classes.map((one, i) => unit(row(places, one).map((value, j) => value + spread * (row(noise, i)[j] ?? 0)))),
  );
  return { features, classes, words: units(sizes.length, WORDS, seed + 2) };
}

/** Two classes as a ring around a blob: no plane parts them. */
function ring(count: number, seed: number): HeadSamples {
  const next = seededUniform(seed);
  const classes = Array.from({ length: count }, (_, i) => i % 2);
  const features = pack(
    classes.map((one) => {
      const angle = 2 * Math.PI * next();
      const radius = one === 0 ? 0.4 * next() : 1.2 + 0.3 * next();
      return Float32Array.of(radius * Math.cos(angle), radius * Math.sin(angle));
    }),
  );
  return { features, classes, words: units(2, WORDS, 5) };
}

const judged = (head: ReturnType<typeof fitHead>, { features, classes, words }: HeadSamples) => ({
  pictures: applyHead(head, features),
  classes,
  words,
});

describe.each(['linear', 'hidden'] as const)('a %s head', (kind) => {
  it('names pictures of well parted classes, also those that it has not seen', () => {
    const samples = clusters([12, 12, 12, 12], 10, 0.1, 3);
    const rows = samples.classes.map((_, i) => i);
    const part = (keep: (i: number) => boolean): HeadSamples => {
      const kept = rows.filter(keep);
      return {
        ...samples,
        features: pack(kept.map((i) => row(samples.features, i))),
        classes: kept.map((i) => samples.classes[i] ?? 0),
      };
    };
    const report = judge(
      judged(
        fitHead(
          kind,
          part((i) => i % 3 !== 0),
        ),
        part((i) => i % 3 === 0),
      ),
    );
    expect(report).toMatchObject({ pictures: 16, top1: 1, top5: 1, precisionAt10: 1 });
    expect(report.meanCosine).toBeGreaterThan(0.9);
  });

  it('gives unit vectors, for any numbers of pictures, features and classes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 999 }),
        (sizes, dimension, seed) => {
          const samples = clusters(sizes, dimension, 0.5, seed);
          const out = applyHead(fitHead(kind, samples), samples.features);
          expect(out.rows).toBe(samples.classes.length);
          for (let i = 0; i < out.rows; i++) expect(Math.hypot(...row(out, i))).toBeCloseTo(1, 4);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('takes doubles and pictures of one colour, whose features are all zero', () => {
    const samples = clusters([6, 6], 5, 0.2, 8);
    const doubled: HeadSamples = {
      ...samples,
      features: pack([...rowsOf(samples.features), row(samples.features, 0), new Float32Array(5), new Float32Array(5)]),
      classes: [...samples.classes, 0, 1, 1],
    };
    expect(judge(judged(fitHead(kind, doubled), samples)).top1).toBe(1);
  });

  it('does not give up a small class for a large one', () => {
    const samples = clusters([200, 4], 6, 0.15, 21);
    const { classes } = samples;
    const out = applyHead(fitHead(kind, samples), samples.features);
    const small = wordRanks({ pictures: out, classes, words: samples.words }).find((rank) => rank.class === 1);
    expect(small).toMatchObject({ pictures: 4, medianRank: 1 });
  });

  it('comes back from its bytes as it was, under the same hash', () => {
    const samples = clusters([5, 7], 4, 0.2, 2);
    const head = fitHead(kind, samples);
    const origin = { base: 'main', baseFingerprint: 'a', wordsFingerprint: 'b', classes: ['cat', 'a b'], scale: 12 };
    const bytes = serializeHead({ head, origin });
    const back = parseHead(bytes);
    expect(back.origin).toEqual(origin);
    expect(applyHead(back.head, samples.features).data).toEqual(applyHead(head, samples.features).data);
    expect(headHash(serializeHead(back))).toBe(headHash(bytes));
    const cut = bytes.slice(0, bytes.length - 4);
    expect(() => parseHead(cut)).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }));
    expect(() => parseHead(new Uint8Array())).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }));
  });
});

describe('a hidden layer', () => {
  it('tells apart what a linear head cannot', () => {
    const [samples, others] = [ring(120, 4), ring(80, 9)];
    expect(judge(judged(fitHead('hidden', samples), others)).top1).toBeGreaterThan(0.97);
    expect(judge(judged(fitHead('linear', samples), others)).top1).toBeLessThan(0.8);
  });
});

describe('a linear head on features too long to be decomposed', () => {
  it('answers nearly as the decomposition would', () => {
    const short = clusters([15, 15, 15], 12, 0.2, 31);
    // The same numbers, each repeated, at the same length: nothing is said anew.
    const times = 60;
    const long: HeadSamples = {
      ...short,
      features: pack(rowsOf(short.features).map((vector) => repeated(vector, times))),
    };
    const [a, b] = [fitHead('linear', short), fitHead('linear', long)].map((head, i) =>
      applyHead(head, (i === 0 ? short : long).features),
    ) as [Matrix, Matrix];
    expect(judge({ ...short, pictures: b }).top1).toBe(1);
    for (let i = 0; i < a.rows; i++) {
      expect(row(a, i).reduce((sum, value, j) => sum + value * (row(b, i)[j] ?? 0), 0)).toBeGreaterThan(0.95);
    }
  });
});

describe('whitening a kernel', () => {
  it('turns its penalty into the plain one: L L is the kernel, and weights come back to it', () => {
    const rows = units(5, 8, 12);
    const kernel = pack(
      rowsOf(rows).map((a) =>
        Float32Array.from(rowsOf(rows), (b) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)),
      ),
    );
    const lower = lowerTriangleOf(kernel);
    const product = (i: number, j: number) =>
      Array.from({ length: 5 }, (_, k) => (lower[i * 5 + k] ?? 0) * (lower[j * 5 + k] ?? 0)).reduce((a, b) => a + b, 0);
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < 5; j++) expect(product(i, j)).toBeCloseTo(kernel.data[i * 5 + j] ?? 0, 3);
    const inputs = matrix(40, 5, 6);
    const outputs = matrix(40, 2, 7);
    const all = Array.from({ length: 40 }, (_, i) => i);
    const { whitened, unwhiten } = whitenedMoments(momentsOf(inputs, outputs, all), lower);
    // Without a penalty, axes do not matter.
    const plain = fitRidge(momentsOf(inputs, outputs, all), [1e-9]);
    const back = unwhiten(fitRidge(whitened, [1e-9]).weights, 2);
    back.forEach((value, i) => {
      expect(value).toBeCloseTo(plain.weights[i] ?? 0, 3);
    });
  });
});

describe('the report', () => {
  const words = pack([Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(Math.SQRT1_2, Math.SQRT1_2)]);
  const pictures = pack([Float32Array.of(1, 0), Float32Array.of(0.6, 0.8), Float32Array.of(0, 1)]);

  it('counts as its names say', () => {
    const report = judge({ pictures, classes: [0, 0, 1], words });
    expect(report.top1).toBeCloseTo(2 / 3);
    // The first two for word 0 are its own; the first for word 1 is its own.
    expect(report.precisionAt10).toBe(1);
    expect(report.meanCosine).toBeCloseTo((1 + 0.6 + 1) / 3, 5);
    expect(wordRanks({ pictures, classes: [0, 0, 1], words })).toMatchObject([
      { class: 0, pictures: 2, medianRank: 1, top5: 1 },
      { class: 1, pictures: 1, medianRank: 1 },
    ]);
  });

  it('is surer of its words where they are right than where they are not', () => {
    const sure = fitScale({ pictures, classes: [0, 2, 1], words });
    const unsure = fitScale({ pictures, classes: [1, 0, 0], words });
    expect(sure).toBeGreaterThan(unsure);
  });
});

function rowsOf(from: Matrix): Vector[] {
  return Array.from({ length: from.rows }, (_, i) => row(from, i));
}

function repeated(vector: Vector, times: number): Vector {
  return Float32Array.from(
    { length: vector.length * times },
    (_, i) => (vector[i % vector.length] ?? 0) / Math.sqrt(times),
  );
}
