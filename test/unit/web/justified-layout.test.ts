// Laws of the justified rows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, layOut } from '../../../src/web/justified-layout.ts';

const options = { gap: 12, targetHeight: 200 };
const ratios = fc.array(fc.double({ min: 0.05, max: 20, noNaN: true }), { maxLength: 60 });
const widths = fc.integer({ min: 280, max: 3000 });

describe('layOut', () => {
  it('gives every picture a box with an area, in order', () => {
    fc.assert(
      fc.property(ratios, widths, (ratios, width) => {
        const boxes = layOut(ratios, width, options);
        expect(boxes).toHaveLength(ratios.length);
        for (const box of boxes) expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
      }),
    );
  });

  it('fills every row but the last to within a pixel a picture, and passes the width nowhere', () => {
    fc.assert(
      fc.property(ratios, widths, (ratios, width) => {
        const rows = rowsOf(layOut(ratios, width, options), width);
        for (const row of rows.slice(0, -1)) expect(width - widthOf(row)).toBeLessThan(row.length + 1);
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('keeps pictures of a row at one height', () => {
    fc.assert(
      fc.property(ratios, widths, (ratios, width) => {
        const rows = rowsOf(layOut(ratios, width, options), width);
        for (const row of rows) expect(new Set(row.map(({ height }) => height)).size).toBe(1);
      }),
    );
  });

  it('crops what is narrower or wider than a row can bear', () => {
    const [tower, panorama] = layOut([0.01, 100], 2000, options);
    expect(tower).toEqual({ width: 120, height: 200 });
    expect(panorama).toEqual({ width: 520, height: 200 });
  });
});

/** Rows as a browser wraps them: a box goes to the next row where it does not fit. */
function rowsOf(boxes: readonly Box[], width: number): Box[][] {
  const rows: Box[][] = [];
  for (const box of boxes) {
    const row = rows.at(-1);
    if (row !== undefined && widthOf([...row, box]) <= width) row.push(box);
    else rows.push([box]);
  }
  return rows;
}

function widthOf(row: readonly Box[]): number {
  return row.reduce((sum, { width }) => sum + width, 0) + options.gap * (row.length - 1);
}
