// Laws of the plan that the virtual grid stands on.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchorAt,
  heightOfAnchor,
  planRows,
  rowOf,
  rowsBetween,
  topOf,
  WALKING_KEYS,
  walk,
} from '../../../src/web/virtual-rows.ts';

const options = { gap: 12, targetHeight: 200, captionHeight: 34, rowGap: 14 };
const ratios = fc.array(fc.double({ min: 0.05, max: 20, noNaN: true }), { minLength: 1, maxLength: 80 });
const widths = fc.integer({ min: 280, max: 2600 });

describe('planRows', () => {
  it('lets no two tiles overlap, keeps them in order, and passes the width nowhere', () => {
    fc.assert(
      fc.property(ratios, widths, (ratios, width) => {
        const plan = planRows(ratios, width, options);
        for (let i = 0; i < ratios.length; i++) {
          const right = (plan.lefts[i] ?? 0) + (plan.boxes[i]?.width ?? 0);
          expect(right).toBeLessThanOrEqual(width);
          if (i === 0) continue;
          const isSameRow = rowOf(plan, i) === rowOf(plan, i - 1);
          const above = topOf(plan, i - 1) + (plan.boxes[i - 1]?.height ?? 0) + options.captionHeight;
          if (isSameRow) expect(plan.lefts[i]).toBe((plan.lefts[i - 1] ?? 0) + (plan.boxes[i - 1]?.width ?? 0) + 12);
          else expect(topOf(plan, i)).toBe(above + options.rowGap);
        }
      }),
    );
  });

  it('moves nothing but the last row when pictures are appended', () => {
    fc.assert(
      fc.property(ratios, ratios, widths, (first, more, width) => {
        const before = planRows(first, width, options);
        const after = planRows([...first, ...more], width, options);
        const settled = before.starts.at(-2) ?? 0;
        expect(after.boxes.slice(0, settled)).toEqual(before.boxes.slice(0, settled));
        expect(after.lefts.slice(0, settled)).toEqual(before.lefts.slice(0, settled));
        expect(after.tops.slice(0, before.tops.length - 1)).toEqual(before.tops.slice(0, -1));
      }),
    );
  });
});

describe('rowsBetween', () => {
  it('names exactly the rows that a look at every row finds', () => {
    fc.assert(
      fc.property(ratios, widths, fc.integer({ min: -500, max: 9000 }), fc.nat(2000), (ratios, width, top, span) => {
        const plan = planRows(ratios, width, options);
        const { from, to } = rowsBetween(plan, top, top + span);
        // A row owns the gap below it, and the last one nothing beyond the list.
        const touched = plan.tops
          .slice(0, -1)
          .map((upper, row) => ({ row, upper, lower: plan.tops[row + 1] ?? 0 }))
          .filter(({ upper, lower }) => top <= plan.height && lower > top && upper <= top + span)
          .map(({ row }) => row);
        expect(Array.from({ length: to - from }, (_, i) => from + i)).toEqual(touched);
      }),
    );
  });
});

describe('an anchor', () => {
  it('is found again at its place, and keeps its picture in sight for any other width', () => {
    fc.assert(
      fc.property(ratios, widths, widths, fc.double({ min: 0, max: 1, noNaN: true }), (ratios, width, other, at) => {
        const plan = planRows(ratios, width, options);
        const top = at * plan.height;
        const anchor = anchorAt(plan, top);
        if (anchor === undefined) throw new Error('a list with pictures has an anchor everywhere');
        expect(heightOfAnchor(plan, anchor)).toBeCloseTo(top, 6);
        const resized = planRows(ratios, other, options);
        const row = rowOf(resized, anchor.index);
        expect(heightOfAnchor(resized, anchor)).toBeGreaterThanOrEqual(resized.tops[row] ?? 0);
        expect(heightOfAnchor(resized, anchor)).toBeLessThanOrEqual(resized.tops[row + 1] ?? 0);
      }),
    );
  });
});

describe('walk', () => {
  it('reaches every picture by right alone, and comes back by left', () => {
    fc.assert(
      fc.property(ratios, widths, (ratios, width) => {
        const plan = planRows(ratios, width, options);
        let at = walk(plan, ratios.length - 1, 'Home');
        for (let i = 1; i < ratios.length; i++) at = walk(plan, at, 'ArrowRight');
        expect(at).toBe(ratios.length - 1);
        expect(walk(plan, at, 'ArrowRight')).toBe(at);
        for (let i = 1; i < ratios.length; i++) at = walk(plan, at, 'ArrowLeft');
        expect(at).toBe(walk(plan, at, 'ArrowLeft'));
      }),
    );
  });

  it('goes up and down by one row, and stays where there is none', () => {
    fc.assert(
      fc.property(ratios, widths, fc.nat(), (ratios, width, seed) => {
        const plan = planRows(ratios, width, options);
        const index = seed % ratios.length;
        const row = rowOf(plan, index);
        const lastRow = plan.starts.length - 2;
        expect(rowOf(plan, walk(plan, index, 'ArrowDown'))).toBe(Math.min(lastRow, row + 1));
        expect(rowOf(plan, walk(plan, index, 'ArrowUp'))).toBe(Math.max(0, row - 1));
        for (const key of WALKING_KEYS) expect(plan.boxes[walk(plan, index, key)]).toBeDefined();
      }),
    );
  });
});
