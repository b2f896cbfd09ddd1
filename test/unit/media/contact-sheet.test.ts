import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawContactSheet } from '../../../src/media/contact-sheet.ts';
import { distance, flat, GREEN, RED } from './fixtures.ts';

const red = await flat(300, 200, RED).jpeg({ quality: 95 }).toBuffer();
const green = await flat(50, 120, GREEN).png().toBuffer();

async function pixelsOf(sheet: Uint8Array) {
  const { data, info } = await sharp(sheet).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  };
}

describe('drawContactSheet', () => {
  it('puts each picture into its cell, row by row', async () => {
    const cell = (picture: Uint8Array) => ({ picture, caption: 'name.jpg', title: '0.912' });
    const sheet = await drawContactSheet({
      rows: [{ cells: [cell(red), cell(green)] }, { cells: [cell(green)] }],
      cell: 100,
    });
    expect((await sharp(sheet).metadata()).format).toBe('png');
    const { at, info } = await pixelsOf(sheet);
    // Margin 14, gap 10, cells 100: centres at 64 and 174.
    expect(info.width).toBe(2 * 14 + 2 * 100 + 10);
    expect(distance(at(64, 64), RED)).toBeLessThan(8);
    expect(distance(at(174, 64), GREEN)).toBeLessThan(8);
    expect(distance(at(64, info.height - 90), GREEN)).toBeLessThan(8);
    // Beside the tall picture its mount shows, and the last cell of the second row is paper.
    expect(Math.min(...at(130, 64))).toBeGreaterThan(230);
    expect(at(174, info.height - 60)).toEqual([255, 255, 255]);
  });

  it('keeps room for labels and a title, and frames the query', async () => {
    const plain = { picture: red, caption: '' };
    const without = await pixelsOf(await drawContactSheet({ rows: [{ cells: [plain] }] }));
    const labelled = await pixelsOf(
      await drawContactSheet({ rows: [{ cells: [{ ...plain, caption: 'name.jpg', title: '0.9', highlight: true }] }] }),
    );
    expect(labelled.info.height).toBe(without.info.height);
    const frame = (sheet: typeof without) => sheet.at(26, 128);
    expect(distance(frame(labelled), [232, 89, 12])).toBeLessThan(60);
    expect(distance(frame(without), [255, 255, 255])).toBeLessThan(40);
    const titled = await pixelsOf(await drawContactSheet({ rows: [{ cells: [plain] }], title: 'cat on a sofa' }));
    expect(titled.info.height).toBeGreaterThan(without.info.height);
  });

  it('draws a broken picture as a grey cell and any text as text', async () => {
    const nasty = `</text><script>&"'\u0000\ud800 ${'long '.repeat(50)}`;
    const sheet = await drawContactSheet({
      rows: [{ cells: [{ picture: new Uint8Array([1, 2]), caption: nasty, title: nasty }] }],
      cell: 100,
      title: nasty,
    });
    const { at, info } = await pixelsOf(sheet);
    const [r, g, b] = at(20, info.height - 80) as [number, number, number];
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(12);
    expect(r).toBeLessThan(240);
  });

  it('refuses an empty sheet, cells out of range, and a sheet of more than 100 megapixels', async () => {
    const cells = [{ picture: red, caption: '' }];
    await expect(drawContactSheet({ rows: [] })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(drawContactSheet({ rows: [{ cells }], cell: 5000 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    const many = Array.from({ length: 200 }, () => ({ cells }));
    await expect(drawContactSheet({ rows: many, cell: 1000 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});
