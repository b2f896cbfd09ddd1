// A query and what it found as one labelled picture: rows of cells, each a picture with a score and a name below.
// Knows nothing of queries or scores; it draws what it is given.
import sharp, { type OverlayOptions } from 'sharp';
import { AppError } from '../core/errors.ts';
import { openPicture, readHeader, toFile } from './decoder.ts';
import { MAX_PICTURE_PIXELS } from './limits.ts';
import { escapeXml, fitText } from './svg-text.ts';

export interface SheetCell {
  /** Bytes of a picture file; one that cannot be read is drawn as a grey cell. */
  readonly picture: Uint8Array;
  /** Second line, small and grey: mostly the file's name. Cut with an ellipsis. */
  readonly caption: string;
  /** First line, bold: mostly the score, or `query`. */
  readonly title?: string;
  /** Framed in the accent colour: the query. */
  readonly highlight?: boolean;
}

export interface ContactSheet {
  readonly rows: readonly { readonly cells: readonly SheetCell[] }[];
  /** Side of a picture's square in pixels, 64..1024. Default 200. */
  readonly cell?: number;
  readonly title?: string;
}

const COLOURS = {
  paper: '#ffffff',
  mount: '#f1f3f5',
  broken: '#dee2e6',
  line: '#e3e6ea',
  ink: '#1b1f24',
  faint: '#6b7280',
  accent: '#e8590c',
} as const;
const FONT = "'Inter','Helvetica Neue','Liberation Sans','DejaVu Sans',Arial,sans-serif";
/** The SVG renderer and the PNG viewers of old machines stop near 32,767. */
const MAX_SIDE = 32_000;

/**
 * Draws the sheet as PNG; pictures keep their aspect inside the squares. Throws BAD_ARGUMENT for a sheet without
 * cells, a cell size out of range, or a sheet that would exceed 100 megapixels.
 */
export async function drawContactSheet(sheet: ContactSheet): Promise<Uint8Array> {
  const layout = layOut(sheet);
  const overlays: OverlayOptions[] = [{ input: Buffer.from(drawFrames(sheet, layout)), left: 0, top: 0 }];
  for (const [row, { cells }] of sheet.rows.entries()) {
    for (const [column, cell] of cells.entries()) {
      const drawn = await drawPicture(cell.picture, layout.side);
      const { x, y } = layout.place(row, column);
      overlays.push({
        input: drawn.png,
        left: x + Math.floor((layout.side - drawn.width) / 2),
        top: y + Math.floor((layout.side - drawn.height) / 2),
      });
    }
  }
  const paper = { width: layout.width, height: layout.height, channels: 3, background: COLOURS.paper } as const;
  return toFile(sharp({ create: paper }).composite(overlays).png({ compressionLevel: 9 }));
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly margin: number;
  readonly titleSize: number;
  readonly textSize: number;
  place(row: number, column: number): { readonly x: number; readonly y: number };
}

function layOut({ rows, cell: side = 200, title }: ContactSheet): Layout {
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length));
  if (columns === 0) throw new AppError('BAD_ARGUMENT', 'A contact sheet expects at least one picture, got none.');
  if (!(Number.isInteger(side) && side >= 64 && side <= 1024)) {
    throw new AppError('BAD_ARGUMENT', `The cells of a contact sheet expect a side of 64 to 1024 pixels, got ${side}.`);
  }
  const gap = Math.round(side * 0.1);
  const margin = Math.round(side * 0.14);
  const textSize = Math.max(10, Math.round(side * 0.07));
  const titleSize = Math.round(textSize * 1.6);
  const labels = Math.round(textSize * 3.1);
  const head = title === undefined ? margin : margin + Math.round(titleSize * 1.9);
  const width = 2 * margin + columns * side + (columns - 1) * gap;
  const height = head + rows.length * (side + labels) + (rows.length - 1) * gap + Math.round(margin * 0.6);
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PICTURE_PIXELS) {
    throw new AppError(
      'BAD_ARGUMENT',
      `A contact sheet may have 100 megapixels, this one would have ${width} x ${height}. Ask for fewer or smaller cells.`,
    );
  }
  const place = (row: number, column: number) => ({
    x: margin + column * (side + gap),
    y: head + row * (side + labels + gap),
  });
  return { width, height, side, margin, titleSize, textSize, place };
}

/** Everything but the pictures: title, squares, frames and labels. */
function drawFrames({ rows, title }: ContactSheet, layout: Layout): string {
  const { width, height, margin, titleSize } = layout;
  const head =
    title === undefined
      ? ''
      : `<text x="${margin}" y="${margin + titleSize}" font-size="${titleSize}" font-weight="700" fill="${COLOURS.ink}">` +
        `${escapeXml(fitText(title, width - 2 * margin, titleSize))}</text>`;
  const cells = rows.flatMap((row, y) => row.cells.map((cell, x) => drawCell(cell, layout.place(y, x), layout)));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${FONT}">` +
    `${head}${cells.join('')}</svg>`
  );
}

function drawCell(cell: SheetCell, { x, y }: { readonly x: number; readonly y: number }, layout: Layout): string {
  const { side, textSize } = layout;
  const isHighlight = cell.highlight === true;
  const border = isHighlight ? Math.max(3, Math.round(side * 0.02)) : 1;
  // The frame lies around the square, where no picture can cover it.
  const frame =
    `<rect x="${x - border / 2}" y="${y - border / 2}" width="${side + border}" height="${side + border}" rx="${border}" ` +
    `fill="${COLOURS.mount}" stroke="${isHighlight ? COLOURS.accent : COLOURS.line}" stroke-width="${border}"/>`;
  const room = side - 2;
  const line = (text: string, at: number, style: string) =>
    text === ''
      ? ''
      : `<text x="${x + 1}" y="${at}" font-size="${textSize}" ${style}>${escapeXml(fitText(text, room, textSize))}</text>`;
  const first = y + side + Math.round(textSize * 1.5);
  const hasTitle = cell.title !== undefined && cell.title !== '';
  const title = line(cell.title ?? '', first, `font-weight="700" fill="${isHighlight ? COLOURS.accent : COLOURS.ink}"`);
  const caption = line(cell.caption, hasTitle ? first + Math.round(textSize * 1.35) : first, `fill="${COLOURS.faint}"`);
  return frame + title + caption;
}

/** The picture inside a square of `side`, never enlarged beyond it; a broken one as a grey square with a cross. */
export async function drawPicture(bytes: Uint8Array, side: number) {
  try {
    const header = await readHeader(bytes);
    const { data, info } = await openPicture(bytes, header)
      .open()
      .resize({ width: side, height: side, fit: 'inside' })
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true });
    return { png: data, width: info.width, height: info.height };
  } catch {
    // A sheet with one grey cell says more than no sheet; the search that found the file reports why it is broken.
    const from = side * 0.4;
    const to = side * 0.6;
    const cross = `<path d="M${from} ${from}L${to} ${to}M${to} ${from}L${from} ${to}" stroke="#adb5bd" stroke-width="${side * 0.02}"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="${COLOURS.broken}"/>${cross}</svg>`;
    return { png: Buffer.from(svg), width: side, height: side };
  }
}
