import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawNeighborGrid, type GridQuestion } from '../../../src/media/neighbor-grid.ts';
import { distance, flat, GREEN, RED } from './fixtures.ts';

const red = await flat(60, 60, RED).png().toBuffer();
const green = await flat(60, 60, GREEN).png().toBuffer();
/** Of the frame and the tick around right ones. */
const TICK = [15, 123, 69];

const question = (...rows: readonly (readonly boolean[])[]): GridQuestion => ({
  picture: red,
  caption: 'a <class> & more',
  rows: rows.map((neighbors, i) => ({
    label: `space ${i}`,
    neighbors: neighbors.map((isRight) => ({ picture: green, isRight })),
  })),
});

async function pixelsOf(picture: Uint8Array) {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  const isAt = (x: number, y: number, colour: readonly number[]) => distance(at(x, y), colour) < 30;
  return { info, at, isAt };
}

/** How many of the picture's pixels have about this colour. */
async function count(picture: Uint8Array, colour: readonly number[]): Promise<number> {
  const { info, isAt } = await pixelsOf(picture);
  let found = 0;
  for (let y = 0; y < info.height; y++) for (let x = 0; x < info.width; x++) found += Number(isAt(x, y, colour));
  return found;
}

describe('drawNeighborGrid', () => {
  it('draws the query once, larger, and a row of neighbours for each space', async () => {
    const sheet = await drawNeighborGrid(
      { questions: [question([false, false, false], [false, false, false])], cell: 40 },
      'png',
    );
    // Two rows of three squares of 40, and the query as high as both with the gap of 4 between them.
    expect(await count(sheet, GREEN)).toBe(2 * 3 * 40 * 40);
    expect(await count(sheet, RED)).toBe(84 * 84);
  });

  it('ticks right ones over the picture, so that they can be told without colour', async () => {
    const wrong = await drawNeighborGrid({ questions: [question([false, false])], cell: 60 }, 'png');
    const right = await drawNeighborGrid({ questions: [question([true, false])], cell: 60 }, 'png');
    expect(await count(wrong, TICK)).toBe(0);
    expect(await count(right, TICK)).toBeGreaterThan(200);
    expect(await count(right, GREEN)).toBeLessThan(await count(wrong, GREEN));
    // The tick itself is white within its disc.
    const { info } = await pixelsOf(right);
    expect(info.width).toBe((await pixelsOf(wrong)).info.width);
  });

  it.each([['png'], ['webp'], ['jpeg']] as const)('writes %s', async (format) => {
    const sheet = await drawNeighborGrid({ questions: [question([true])], title: 'Neighbours' }, format);
    expect((await sharp(sheet).metadata()).format).toBe(format);
  });

  it('stacks several queries, and draws what cannot be read as a grey cell', async () => {
    const one = await drawNeighborGrid({ questions: [question([true])], cell: 40 }, 'png');
    const broken = { ...question([true]), picture: new Uint8Array([1]) };
    const two = await drawNeighborGrid({ questions: [question([true]), broken], cell: 40 }, 'png');
    const [a, b] = [await pixelsOf(one), await pixelsOf(two)];
    expect(b.info.width).toBe(a.info.width);
    expect(b.info.height).toBeGreaterThan(a.info.height + 40);
    expect(await count(two, RED)).toBe(40 * 40);
  });

  it('refuses a grid without neighbours, cells out of range, and one that WebP cannot hold', async () => {
    const refused = { code: 'BAD_ARGUMENT' };
    await expect(drawNeighborGrid({ questions: [] }, 'png')).rejects.toMatchObject(refused);
    await expect(drawNeighborGrid({ questions: [question([])] }, 'png')).rejects.toMatchObject(refused);
    await expect(drawNeighborGrid({ questions: [question([true])], cell: 8 }, 'png')).rejects.toMatchObject(refused);
    const wide = question(Array.from({ length: 50 }, () => true));
    await expect(drawNeighborGrid({ questions: [wide], cell: 512 }, 'png')).rejects.toMatchObject(refused);
  });
});
