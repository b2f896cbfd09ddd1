// Pictures made on the spot: plain colours that the fake embedder can tell apart, and pictures that are faulty on purpose.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

export const COLOURS = {
  red: '#ff0000',
  green: '#00a000',
  blue: '#0000ff',
  white: '#ffffff',
  black: '#000000',
  yellow: '#ffe600',
} as const;
export type Colour = keyof typeof COLOURS;

/** A PNG of one colour. The size makes the bytes differ from those of another picture of the same colour. */
export function solid(colour: Colour, width = 40, height = 40): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: COLOURS[colour] } })
    .png()
    .toBuffer();
}

/** Two colours side by side. */
export async function halves(left: Colour, right: Colour, width = 80, height = 40): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: COLOURS[left] } })
    .composite([{ input: await solid(right, width / 2, height), left: width / 2, top: 0 }])
    .png()
    .toBuffer();
}

/** Writes files below a folder, making the folders on the way. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

/** Levels drawn at random, `side` by `side`: `next` gives numbers 0 to 1. */
export function noise(side: number, next: () => number): Promise<Buffer> {
  const data = Uint8Array.from({ length: side * side * 3 }, () => Math.floor(256 * next()));
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
