// The names of regions over the points: coarse ones when all is seen, finer ones as it grows, never one over another. Moved
// by hand on each frame, because a frame of fifty labels through a view library would not be ready in time.
import { type Camera, type Size, toWindow } from './camera.ts';

export interface LabelledRegion {
  readonly level: number;
  readonly label: string | null;
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

/** The zoom from which each next level shows. */
const LEVEL_FROM = [0, 2.2, 5.5];
const LETTER_WIDTH = 7.4;
const PADDING = 18;
const HEIGHT = 26;

export interface LabelLayer {
  set(regions: readonly LabelledRegion[]): void;
  draw(camera: Camera, size: Size, zoom: number): void;
}

/** The level that a zoom shows, of those there are. */
export function levelAt(zoom: number, levels: number): number {
  return Math.max(0, Math.min(levels - 1, LEVEL_FROM.filter((from) => zoom >= from).length - 1));
}

export function makeLabelLayer(parent: HTMLElement): LabelLayer {
  let labels: { readonly region: LabelledRegion; readonly element: HTMLElement; readonly width: number }[] = [];
  let levels = 0;
  return {
    set(regions) {
      parent.replaceChildren();
      levels = Math.max(0, ...regions.map(({ level }) => level + 1));
      labels = regions
        .filter(({ label }) => label !== null)
        .sort((a, b) => b.count - a.count)
        .map((region) => {
          const element = document.createElement('span');
          element.className = `map-label map-label-${region.level}`;
          element.textContent = region.label;
          parent.append(element);
          return { region, element, width: (region.label?.length ?? 0) * LETTER_WIDTH + PADDING };
        });
    },
    draw(camera, size, zoom) {
      const level = levelAt(zoom, levels);
      const taken: { readonly x: number; readonly y: number; readonly width: number }[] = [];
      for (const { region, element, width } of labels) {
        const { x, y } = toWindow(camera, size, region);
        const isSeen = region.level === level && x > 0 && y > 0 && x < size.width && y < size.height;
        const isFree = taken.every(
          (other) => Math.abs(other.x - x) > (other.width + width) / 2 || Math.abs(other.y - y) > HEIGHT,
        );
        const isShown = isSeen && isFree;
        element.classList.toggle('is-shown', isShown);
        if (!isShown) continue;
        taken.push({ x, y, width });
        element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
      }
    },
  };
}
