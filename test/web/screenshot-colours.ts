// Which colours a screenshot holds.
import sharp from 'sharp';

/** How many pixels of a screenshot have a colour, and of how many hues (in twelfths of the circle). */
export async function coloursOf(screenshot: Buffer): Promise<{ readonly coloured: number; readonly hues: number }> {
  const { data, info } = await sharp(screenshot).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const hues = new Set<number>();
  let coloured = 0;
  for (let i = 0; i < data.length; i += info.channels) {
    const [red, green, blue] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) < 60) continue;
    coloured++;
    const angle = Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue);
    hues.add(Math.floor(((angle / Math.PI + 1) / 2) * 12));
  }
  return { coloured, hues: hues.size };
}
