// The colour of each point: one hue for each region of a level, so that what lies together looks together. Pure.

export interface Tinted {
  readonly x: number;
  readonly y: number;
}

/** Neighbouring hues of the list are far apart. */
const GOLDEN_ANGLE = 137.508;

/** Three bytes (red, green, blue) for each point: the hue of the region whose middle is nearest. */
export function tintPoints(places: Float32Array, regions: readonly Tinted[], isDark: boolean): Uint8Array {
  const tints = new Uint8Array((places.length / 2) * 3);
  const colours = regions.map((_, i) => tintOf(i, isDark));
  for (let i = 0; i < places.length / 2; i++) {
    tints.set(
      colours[nearest(regions, places[2 * i] as number, places[2 * i + 1] as number)] ?? [128, 128, 128],
      i * 3,
    );
  }
  return tints;
}

/** The n-th colour, in bytes. */
function tintOf(n: number, isDark: boolean): readonly [number, number, number] {
  return fromHsl((250 + n * GOLDEN_ANGLE) % 360, isDark ? 0.62 : 0.58, isDark ? 0.66 : 0.46);
}

function nearest(regions: readonly Tinted[], x: number, y: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < regions.length; r++) {
    const region = regions[r] as Tinted;
    const distance = (region.x - x) ** 2 + (region.y - y) ** 2;
    if (distance < least) {
      least = distance;
      best = r;
    }
  }
  return best;
}

/** https://www.w3.org/TR/css-color-4/#hsl-to-rgb */
function fromHsl(hue: number, saturation: number, lightness: number): [number, number, number] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
