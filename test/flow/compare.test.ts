// `semblance compare`: a labelled folder through encoders, metrics and indexes, as a service and as the command line has it.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../src/compose.ts';
import { AppError } from '../../src/core/errors.ts';
import { pack } from '../../src/core/vector.ts';
import { createRawPixels } from '../../src/embedding/encoders/raw-pixels.ts';
import { runCli } from '../../src/run-cli.ts';
import { type Comparison, compare } from '../../src/services/compare/compare.ts';
import { comparisonChart } from '../../src/services/compare/compare-chart.ts';
import { CompareGrid } from '../../src/services/compare/compare-grid.ts';
import { neighborsOf } from '../../src/services/compare/compare-measure.ts';
import { readLabelledFolder } from '../../src/services/compare/compare-pictures.ts';
import { bestByColumn, comparisonMarkdown } from '../../src/services/compare/compare-report.ts';
import { buildVariant, parseVariants, type Variant } from '../../src/services/compare/compare-variants.ts';
import { embedPictures } from '../../src/services/compare/compare-vectors.ts';
import { halves, solid, writeFiles } from '../support/pictures.ts';

let directory: string;
let pictures: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'semblance-compare-'));
  pictures = join(directory, 'pictures');
  const files: Record<string, Uint8Array | string> = {
    'red/broken.jpg': 'no picture',
    'stray.png': await solid('black'),
    'alone/one.png': await halves('yellow', 'black'),
  };
  for (let i = 0; i < 6; i++) {
    files[`red/${i}.png`] = await solid('red', 20 + i);
    files[`blue/deeper/${i}.png`] = await solid('blue', 20 + i);
    files[`mixed/${i}.png`] = await halves('red', 'blue', 40 + 2 * i);
  }
  await writeFiles(pictures, files);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const pixels = (side: number) => ({
  name: `pixels:${side}`,
  embed: (list: Parameters<typeof embedPictures>[1]) => embedPictures(createRawPixels(side), list),
});

async function run(variants = 'exact', seed = 1, queries = 100): Promise<Comparison> {
  return compare({
    folder: await readLabelledFolder(pictures),
    contenders: [pixels(1), pixels(4)],
    metrics: ['cosine', 'euclidean'],
    variants: parseVariants(variants),
    k: 5,
    queries,
    seed,
  });
}

describe('compare', () => {
  it('measures every encoder by every metric and variant, and skips what it cannot read', async () => {
    const found = await run('exact,int8,usearch,gaussian:2');
    // int8 and the projection are asked both ways.
    expect(found.rows).toHaveLength(2 * 2 * 6);
    expect(found).toMatchObject({ pictures: 19, classes: 4, queries: 18 });
    expect(found.skipped.map(({ name, code }) => [name, code]).sort()).toEqual([
      [join('red', 'broken.jpg'), 'NOT_A_PICTURE'],
      ['stray.png', 'BAD_ARGUMENT'],
    ]);
    for (const row of found.rows) {
      for (const value of [row.precision, row.meanAveragePrecision, row.recall]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(row.bytesPerPicture).toBeGreaterThan(0);
    }
  });

  it('finds all of a class where the pictures say so', async () => {
    const { rows } = await run();
    // Six pictures a class: the five others come first, whatever the size of the file.
    for (const { precision, meanAveragePrecision, recall } of rows)
      expect([precision, meanAveragePrecision, recall]).toEqual([1, 1, 1]);
    expect(rows.map(({ dimension, bytesPerPicture }) => bytesPerPicture / dimension)).toEqual([4, 4, 4, 4]);
  });

  it('never answers a picture with itself, even among equal ones', async () => {
    const vectors = pack(Array.from({ length: 12 }, (_, i) => Float32Array.of(1, i < 8 ? 0 : i)));
    const [variant] = parseVariants('exact');
    const built = await buildVariant(variant as Variant, vectors, 'cosine', directory);
    const rows = [0, 3, 7, 11];
    const found = neighborsOf(built, vectors, rows, 3);
    expect(found.map((labels) => labels.length)).toEqual([3, 3, 3, 3]);
    rows.forEach((at, i) => {
      expect(found[i]).not.toContain(at);
    });
    // Seven others are equal to row 7, of which the first three answer.
    expect(found[2]).toEqual([0, 1, 2]);
  });

  it('reaches the exact answer by re-scoring what a coarse index brings', async () => {
    const { rows } = await run('lsh,binary,sparse:2');
    const rescored = rows.filter(({ isRescored }) => isRescored);
    expect(rescored).toHaveLength(12);
    for (const { recall } of rescored) expect(recall).toBe(1);
  });

  it('draws the same pictures for the same seed', async () => {
    const untimed = ({ rows }: Comparison) => rows.map(({ msPerPicture: _a, msPerQuery: _b, ...row }) => row);
    expect(untimed(await run('exact,binary', 7, 5))).toEqual(untimed(await run('exact,binary', 7, 5)));
  });

  it('leaves out what cannot be opened or is too short, and says so', async () => {
    const folder = await readLabelledFolder(pictures);
    const broken = {
      name: 'nowhere',
      embed: async () => {
        throw new AppError('MODEL_UNAVAILABLE', 'Its file is not there.');
      },
    };
    const rest = { folder, metrics: ['cosine'] as const, k: 5, queries: 100, seed: 1 };
    const found = await compare({ ...rest, contenders: [broken, pixels(1)], variants: parseVariants('exact,pca:64') });
    expect(found.rows).toHaveLength(1);
    expect(found.leftOut).toHaveLength(2);
    expect(found.leftOut.join(' ')).toMatch(/nowhere: .*pca:64 of pixels:1: /);
    await expect(compare({ ...rest, contenders: [broken], variants: parseVariants('exact') })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
  });

  it('names the best by each column, in the table too', async () => {
    const found = await run('exact,binary');
    const best = bestByColumn(found);
    expect(best.map(({ column }) => column)).toEqual([
      'precision@5',
      'mAP@100',
      'recall@5',
      'bytes/picture',
      'ms/picture',
      'ms/query',
    ]);
    for (const { row, column } of best) expect(found.rows, column).toContain(row);
    const bytes = found.rows.map(({ bytesPerPicture }) => bytesPerPicture);
    expect(best[3]?.value).toBe(Math.min(...bytes));
    const markdown = comparisonMarkdown(found, ['a fact']);
    const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(lines.map((line) => line.split('|').length))).toEqual(new Set([12]));
    expect(lines).toHaveLength(2 + found.rows.length);
    expect(markdown).toContain(`**${Math.min(...bytes).toFixed(0)}**`);
  });

  it('draws a chart with a series for each encoder', async () => {
    const svg = comparisonChart(await run('exact,binary'));
    expect((await sharp(Buffer.from(svg)).metadata()).format).toBe('svg');
    expect(svg).toMatch(/pixels:1 \((cosine|euclidean)\)/);
    expect(svg).toMatch(/pixels:4 \((cosine|euclidean)\)/);
  });

  it('draws the neighbours of chosen pictures, and refuses one that is not of the folder', async () => {
    const folder = await readLabelledFolder(pictures);
    const embedded = await embedPictures(createRawPixels(4), folder.pictures);
    const options = { k: 4, count: 2, seed: 3, root: folder.root };
    const grid = new CompareGrid({ ...options, asked: ['red/1.png', join(pictures, 'mixed', '2.png')] });
    grid.add('one', embedded);
    grid.add('two', embedded);
    expect((await sharp(await grid.draw('webp')).metadata()).format).toBe('webp');
    const stray = new CompareGrid({ ...options, asked: ['stray.png'] });
    expect(() => stray.add('one', embedded)).toThrow(/stray\.png/);
  });
});

describe('a labelled folder', () => {
  it.each([
    ['no class folders', { 'a.png': 'x', 'b.png': 'x' }, /no pictures in sub-folders/],
    ['one class', { 'cat/a.png': 'x', 'cat/b.png': 'x' }, /one class only, "cat"/],
    ['classes of one picture', { 'cat/a.png': 'x', 'dog/b.png': 'x', 'dog/c.png': 'x' }, /got 1 of 2/],
  ])('is refused with %s', async (title, files, message) => {
    const folder = join(directory, title);
    await writeFiles(folder, files);
    await expect(readLabelledFolder(folder)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(message),
    });
  });

  it('is refused where it is not there, and where too few of its pictures can be read', async () => {
    await expect(readLabelledFolder(join(directory, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    const folder = join(directory, 'unreadable');
    await writeFiles(folder, { 'cat/a.png': 'x', 'cat/b.png': 'x', 'dog/a.png': 'x', 'dog/b.png': 'x' });
    const request = { metrics: ['cosine'] as const, variants: parseVariants('exact'), k: 5, queries: 9, seed: 1 };
    const labelled = await readLabelledFolder(folder);
    await expect(compare({ ...request, folder: labelled, contenders: [pixels(4)] })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
  });
});

describe('variants', () => {
  it('are indexes, reductions, or both', () => {
    expect(parseVariants('exact, LSH,pca:64/usearch,exact')).toEqual([
      { index: 'exact', reduction: 'none' },
      { index: 'lsh', reduction: 'none' },
      { index: 'usearch', reduction: 'pca:64' },
    ]);
  });

  it.each(['annoy', 'pca', 'none', 'none/usearch', 'pca:64/annoy', 'pca:64/exact/lsh'])('are not %s', (text) => {
    expect(() => parseVariants(text)).toThrow(/variant/);
  });
});

describe('semblance compare', () => {
  it('prints, writes and draws a comparison with the model that ships', async () => {
    const [markdown, chart, grid] = ['table.md', 'chart.svg', 'grid.webp'].map((name) => join(directory, name));
    const { status, out } = await semblance(
      ...['compare', pictures, '--encoders', 'pixels:4', '--metrics', 'cosine', '--variants', 'exact,int8', '--json'],
      ...['-k', '5', '--data', join(directory, 'data')],
      ...['--markdown', String(markdown), '--chart', String(chart), '--grid', String(grid)],
    );
    expect(status).toBe(0);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ pictures: 19, classes: 4, seed: 1, k: 5 });
    expect(new Set(found.rows.map(({ space }: { space: string }) => space))).toEqual(new Set(['main', 'pixels:4']));
    expect(found.command).toContain('--encoders pixels:4 --metrics cosine --variants exact,int8 -k 5');
    expect(await readFile(String(markdown), 'utf8')).toContain('| main | 256 | cosine | exact |');
    expect(await readFile(String(chart), 'utf8')).toContain('<svg');
    expect((await sharp(String(grid)).metadata()).format).toBe('webp');
  });

  it.each([
    ['no folder of classes', ['compare', 'NOWHERE']],
    ['a metric that is none', ['compare', 'PICTURES', '--metrics', 'manhattan']],
    ['a variant that is none', ['compare', 'PICTURES', '--variants', 'annoy']],
    ['a file that is no picture format', ['compare', 'PICTURES', '--grid', 'grid.gif']],
  ])('ends with 2 for %s', async (_title, args) => {
    const given = args.map((arg) => arg.replace('PICTURES', pictures).replace('NOWHERE', join(directory, 'nowhere')));
    expect(await runCli([...given, '--data', join(directory, 'data')])).toBe(2);
  });
});

function semblance(...args: string[]): Promise<{ readonly status: number; readonly out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', join(ROOT, 'src/cli.ts'), ...args], (error, out) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out });
    });
  });
}
