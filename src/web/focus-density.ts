// A focus map (overlapping windows with weights) as a grid of brightness that can be drawn over the picture.
// Pure arithmetic: knows no canvas.
import type { FocusMap } from './documents.ts';

/**
 * `cells * cells` values row by row, 0 where the focus looked least and 1 where most. A window spreads its weight over
 * its area, so a small window that counts is brighter than a large one. All 0 where nothing stands out.
 */
export function focusDensity(map: readonly FocusMap[], cells: number): number[] {
  const sums = Array.from({ length: cells * cells }, (_, i) => {
    const x = ((i % cells) + 0.5) / cells;
    const y = (Math.floor(i / cells) + 0.5) / cells;
    return map.reduce((sum, { region, weight }) => {
      const isInside = x >= region.x && x < region.x + region.width && y >= region.y && y < region.y + region.height;
      return isInside ? sum + weight / (region.width * region.height) : sum;
    }, 0);
  });
  const least = Math.min(...sums);
  const range = Math.max(...sums) - least;
  return sums.map((sum) => (range < 1e-9 ? 0 : (sum - least) / range));
}
