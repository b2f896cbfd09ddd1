// The same pictures asked in several spaces, under one another: the query on the left, a row for each space with its name and
// its nearest pictures, the right ones ticked. Knows nothing of spaces; it draws what it is given.
import sharp, { type OverlayOptions } from 'sharp';
import { AppError } from '../core/errors.ts';
import { drawPicture } from './contact-sheet.ts';
import { toFile } from './decoder.ts';
import { MAX_PICTURE_PIXELS } from './limits.ts';
import { escapeXml, fitText } from './svg-text.ts';

export interface GridNeighbor {
  /** Bytes of a picture file; one that cannot be read is drawn as a grey cell. */
  readonly picture: Uint8Array;
  /** Of the query's own class: ticked. */
  readonly isRight: boolean;
}

export interface GridQuestion {
  readonly picture: Uint8Array;
  /** Mostly the query's class. */
  readonly caption: string;
  readonly rows: readonly { readonly label: string; readonly neighbors: readonly GridNeighbor[] }[];
}

export interface NeighborGrid {
  readonly questions: readonly GridQuestion[];
  readonly title?: string;
  /** Side of a picture's square in pixels, 32..512. Default 72. */
  readonly cell?: number;
}

export type GridFormat = 'png' | 'webp' | 'jpeg';

const COLOURS = {
  paper: '#ffffff',
  mount: '#f1f3f5',
  line: '#e3e6ea',
  ink: '#1b1f24',
  faint: '#57606a',
  right: '#0f7b45',
  query: '#e8590c',
} as const;
const FONT = "'Inter','Helvetica Neue','Liberation Sans','DejaVu Sans',Arial,sans-serif";
/** WebP's own limit. */
const MAX_SIDE = 16_383;

/** Throws BAD_ARGUMENT for a grid without neighbours, a cell size out of range, or one that is larger than WebP allows. */
export async function drawNeighborGrid(grid: NeighborGrid, format: GridFormat): Promise<Uint8Array> {
  const layout = layOut(grid);
  const overlays: OverlayOptions[] = [];
  const add = async (picture: Uint8Array, { x, y, side }: Square) => {
    const drawn = await drawPicture(picture, side);
    const left = x + Math.floor((side - drawn.width) / 2);
    overlays.push({ input: drawn.png, left, top: y + Math.floor((side - drawn.height) / 2) });
  };
  for (const [i, { picture, rows }] of grid.questions.entries()) {
    await add(picture, layout.query(i));
    for (const [r, { neighbors }] of rows.entries()) {
      for (const [n, neighbor] of neighbors.entries()) await add(neighbor.picture, layout.neighbor(i, r, n));
    }
  }
  const { width, height } = layout;
  const paper = { width, height, channels: 3, background: COLOURS.paper } as const;
  const under = { input: Buffer.from(svg(layout, drawFrames(grid, layout))), left: 0, top: 0 };
  // Ticks lie over the pictures.
  const over = { input: Buffer.from(svg(layout, drawTicks(grid, layout))), left: 0, top: 0 };
  const sheet = sharp({ create: paper }).composite([under, ...overlays, over]);
  if (format === 'png') return toFile(sheet.png({ compressionLevel: 9 }));
  return toFile(
    format === 'webp' ? sheet.webp({ quality: 72, effort: 6 }) : sheet.jpeg({ quality: 82, mozjpeg: true }),
  );
}

interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  readonly textSize: number;
  readonly labelX: number;
  readonly labelWidth: number;
  query(question: number): Square;
  neighbor(question: number, row: number, place: number): Square;
}

function layOut({ questions, cell = 72, title }: NeighborGrid): Layout {
  const columns = Math.max(0, ...questions.flatMap(({ rows }) => rows.map(({ neighbors }) => neighbors.length)));
  if (columns === 0) throw new AppError('BAD_ARGUMENT', 'A neighbour grid expects a query with neighbours, got none.');
  if (!(Number.isInteger(cell) && cell >= 32 && cell <= 512)) {
    throw new AppError('BAD_ARGUMENT', `The cells of a neighbour grid expect a side of 32 to 512 pixels, got ${cell}.`);
  }
  const gap = Math.max(4, Math.round(cell * 0.1));
  const margin = Math.round(cell * 0.25);
  const textSize = Math.max(11, Math.round(cell * 0.17));
  const pitch = cell + gap;
  const head = title === undefined ? margin : margin + 2 * textSize;
  const caption = Math.round(textSize * 2);
  const rowsOf = (i: number) => questions[i]?.rows.length ?? 0;
  // The query is as large as two rows, where there are two.
  const querySide = (i: number) => (rowsOf(i) > 1 ? 2 * cell + gap : cell);
  const queryColumn = Math.max(...questions.map((_, i) => querySide(i)));
  const blockHeight = (i: number) => Math.max(rowsOf(i) * pitch, querySide(i) + caption);
  const tops = questions.map((_, i) => {
    const above = questions.slice(0, i).reduce((sum, _each, j) => sum + blockHeight(j) + 2 * gap, 0);
    return head + above;
  });
  const longest = Math.max(...questions.flatMap(({ rows }) => rows.map(({ label }) => label.length)));
  const labelX = margin + queryColumn + 2 * gap;
  const labelWidth = Math.min(Math.round(cell * 3), Math.ceil(longest * textSize * 0.6));
  const first = labelX + labelWidth + gap;
  const width = first + columns * pitch - gap + margin;
  const height = (tops.at(-1) ?? head) + blockHeight(questions.length - 1) + margin - gap;
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PICTURE_PIXELS) {
    throw new AppError(
      'BAD_ARGUMENT',
      `A neighbour grid may have ${MAX_SIDE} pixels a side, this one would have ${width} x ${height}. Ask for fewer spaces or pictures.`,
    );
  }
  const top = (i: number) => tops[i] ?? head;
  return {
    width,
    height,
    margin,
    textSize,
    labelX,
    labelWidth,
    query: (i) => ({ x: margin, y: top(i), side: querySide(i) }),
    neighbor: (i, row, place) => ({ x: first + place * pitch, y: top(i) + row * pitch, side: cell }),
  };
}

function svg({ width, height }: Layout, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${FONT}">${parts.join('')}</svg>`;
}

/** Everything but pictures and ticks: squares, names and captions. */
function drawFrames({ questions, title }: NeighborGrid, layout: Layout): string[] {
  const { margin, textSize, labelX, labelWidth } = layout;
  const parts =
    title === undefined
      ? []
      : [text(margin, margin + textSize, title, textSize * 1.2, 'ink', layout.width - 2 * margin, true)];
  questions.forEach(({ caption, rows }, i) => {
    const query = layout.query(i);
    parts.push(frame(query, 'query', 3));
    parts.push(text(query.x, query.y + query.side + textSize * 1.5, caption, textSize, 'query', query.side, true));
    rows.forEach(({ label, neighbors }, r) => {
      const { y, side } = layout.neighbor(i, r, 0);
      parts.push(text(labelX, y + side / 2 + textSize * 0.35, label, textSize, 'ink', labelWidth, false));
      neighbors.forEach(({ isRight }, n) => {
        parts.push(frame(layout.neighbor(i, r, n), isRight ? 'right' : 'line', isRight ? 3 : 1));
      });
    });
  });
  return parts;
}

/** A tick says more than a colour does. */
function drawTicks({ questions }: NeighborGrid, layout: Layout): string[] {
  return questions.flatMap(({ rows }, i) =>
    rows.flatMap(({ neighbors }, r) =>
      neighbors.flatMap(({ isRight }, n) => (isRight ? [tick(layout.neighbor(i, r, n))] : [])),
    ),
  );
}

function tick({ x, y, side }: Square): string {
  const r = Math.max(6, side * 0.13);
  const [cx, cy] = [x + side - r * 0.9, y + side - r * 0.9];
  const at = (dx: number, dy: number) => `${(cx + dx * r).toFixed(1)} ${(cy + dy * r).toFixed(1)}`;
  return (
    `<circle cx="${cx}" cy="${cy}" r="${r}" fill="${COLOURS.right}" stroke="${COLOURS.paper}" stroke-width="1.5"/>` +
    `<path d="M${at(-0.45, 0.02)}L${at(-0.1, 0.38)}L${at(0.48, -0.34)}" fill="none" stroke="${COLOURS.paper}" stroke-width="${(r * 0.3).toFixed(1)}"/>`
  );
}

/** Around the square, where no picture can cover it. */
function frame({ x, y, side }: Square, colour: 'query' | 'right' | 'line', border: number): string {
  return `<rect x="${x - border / 2}" y="${y - border / 2}" width="${side + border}" height="${side + border}" rx="2" fill="${COLOURS.mount}" stroke="${COLOURS[colour]}" stroke-width="${border}"/>`;
}

function text(
  x: number,
  y: number,
  content: string,
  size: number,
  colour: keyof typeof COLOURS,
  room: number,
  isBold: boolean,
): string {
  const weight = isBold ? ' font-weight="700"' : '';
  return `<text x="${x}" y="${y.toFixed(1)}" font-size="${size.toFixed(1)}"${weight} fill="${COLOURS[colour]}">${escapeXml(fitText(content, room, size))}</text>`;
}
