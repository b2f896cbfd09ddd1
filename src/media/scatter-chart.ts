// A scatter chart as SVG text, readable in light and in dark: its colours follow the viewer's setting, and each series has a
// shape of its own. Labels stand where nothing lies beneath them. Knows nothing of what is charted.
import { escapeXml } from './svg-text.ts';

export interface ChartPoint {
  /** Above 0: the axis is logarithmic. */
  readonly x: number;
  /** 0..1. */
  readonly y: number;
  readonly label: string;
  /** What the same thing reaches by another way: a ring above or below the point, joined by a line. */
  readonly ring?: number;
  /** Shown by viewers that can point at things. */
  readonly title: string;
}

export interface ScatterChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** What a ring is. */
  readonly ringLabel: string;
  /** At most 8; each has one point at least. */
  readonly series: readonly { readonly name: string; readonly points: readonly ChartPoint[] }[];
  readonly xFormat: (value: number) => string;
}

const WIDTH = 960;
const HEIGHT = 580;
const PLOT = { left: 64, right: WIDTH - 24, top: 92, bottom: HEIGHT - 56 } as const;
const LIGHT = ['#1d4ed8', '#b45309', '#047857', '#7e22ce', '#be123c', '#0e7490', '#4b5563', '#713f12'] as const;
const DARK = ['#7aa2ff', '#f0a94b', '#4ccf98', '#c79bff', '#ff8fa3', '#5fd0e6', '#b6c0cc', '#e3c08a'] as const;
const FONT_SIZE = 12;
const RADIUS = 5;

/** The SVG document. */
export function drawScatterChart(chart: ScatterChart): string {
  const scale = scalesOf(chart);
  const placed = chart.series.flatMap(({ points }, series) =>
    points.map((point) => ({ ...point, series, cx: scale.x(point.x), cy: scale.y(point.y) })),
  );
  const labels = placeLabels(placed, scale);
  const body = [
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    text(PLOT.left, 30, chart.title, 'class="ink" font-size="16" font-weight="700"'),
    ...drawLegend(chart),
    ...drawAxes(chart, scale),
    ...placed.map((point) => drawPoint(point, scale)),
    ...labels.map(({ x, y, series, label }) => text(x, y, label, `class="s${series}" font-size="${FONT_SIZE}"`)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escapeXml(chart.title)}" font-family="'Helvetica Neue',Arial,sans-serif">
<style>${style()}</style>
${body.join('\n')}
</svg>
`;
}

function style(): string {
  const colours = (list: readonly string[]) =>
    list.map((colour, i) => `.s${i}{fill:${colour}}.l${i}{stroke:${colour}}`).join('');
  const base = (paper: string, ink: string, faint: string, line: string) =>
    `.paper{fill:${paper}}.ink{fill:${ink}}.faint{fill:${faint}}.line{stroke:${line}}`;
  return (
    `${base('#ffffff', '#1b1f24', '#57606a', '#e3e6ea')}${colours(LIGHT)}.ring{fill:none;stroke-width:1.5}` +
    `@media(prefers-color-scheme:dark){${base('#0d1117', '#e6edf3', '#9aa4af', '#2a313a')}${colours(DARK)}}`
  );
}

interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

/** The x axis from a power of 4 to a power of 4, the y axis from 0 to the next round share. */
function scalesOf({ series }: ScatterChart): Scales {
  const points = series.flatMap((each) => each.points);
  const xs = points.map(({ x }) => Math.log(x) / Math.log(4));
  const [low, high] = [
    Math.floor(Math.min(...xs)),
    Math.max(Math.floor(Math.min(...xs)) + 1, Math.ceil(Math.max(...xs))),
  ];
  const most = Math.max(0.1, ...points.flatMap(({ y, ring = 0 }) => [y, ring]));
  const step = most > 0.5 ? 0.2 : most > 0.2 ? 0.1 : 0.05;
  const top = Math.min(1, Math.ceil(most / step - 1e-9) * step);
  return {
    x: (value) => PLOT.left + ((Math.log(value) / Math.log(4) - low) / (high - low)) * (PLOT.right - PLOT.left),
    y: (value) => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top),
    xTicks: Array.from({ length: high - low + 1 }, (_, i) => 4 ** (low + i)),
    yTicks: Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step),
  };
}

function drawAxes(chart: ScatterChart, scale: Scales): string[] {
  const grid = (x1: number, y1: number, x2: number, y2: number) =>
    `<line class="line" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
  const small = `class="faint" font-size="${FONT_SIZE}"`;
  return [
    ...scale.yTicks.map((tick) => grid(PLOT.left, scale.y(tick), PLOT.right, scale.y(tick))),
    ...scale.xTicks.map((tick) => grid(scale.x(tick), PLOT.top, scale.x(tick), PLOT.bottom)),
    ...scale.yTicks.map((tick) =>
      text(PLOT.left - 8, scale.y(tick) + 4, tick.toFixed(2).replace(/0$/, ''), `${small} text-anchor="end"`),
    ),
    ...scale.xTicks.map((tick) =>
      text(scale.x(tick), PLOT.bottom + 18, chart.xFormat(tick), `${small} text-anchor="middle"`),
    ),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 14, chart.xLabel, `${small} text-anchor="middle"`),
    `<text ${small} text-anchor="middle" transform="translate(18 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)">${escapeXml(chart.yLabel)}</text>`,
  ];
}

function drawLegend({ series, ringLabel }: ScatterChart): string[] {
  let x = PLOT.left;
  let y = 56;
  const parts: string[] = [];
  const entry = (mark: (at: number, line: number) => string, label: string) => {
    const width = 26 + widthOf(label);
    if (x + width > PLOT.right && x > PLOT.left) [x, y] = [PLOT.left, y + 20];
    parts.push(mark(x + 6, y - 4), text(x + 18, y, label, `class="ink" font-size="${FONT_SIZE}"`));
    x += width;
  };
  series.forEach(({ name }, i) => {
    entry((cx, cy) => `<path class="s${i}" d="${shape(i, cx, cy, RADIUS)}"/>`, name);
  });
  const hasRings = series.some(({ points }) => points.some(({ ring }) => ring !== undefined));
  if (hasRings) entry((cx, cy) => `<circle class="ring l6" cx="${cx}" cy="${cy}" r="${RADIUS}"/>`, ringLabel);
  return parts;
}

interface PlacedPoint extends ChartPoint {
  readonly series: number;
  readonly cx: number;
  readonly cy: number;
}

function drawPoint({ series, cx, cy, ring, title }: PlacedPoint, scale: Scales): string {
  const at = ring === undefined ? undefined : scale.y(ring);
  const lift =
    at === undefined
      ? ''
      : `<line class="l${series}" opacity="0.5" x1="${round(cx)}" y1="${round(cy)}" x2="${round(cx)}" y2="${round(at)}"/><circle class="ring l${series}" cx="${round(cx)}" cy="${round(at)}" r="${RADIUS}"/>`;
  return `<g><title>${escapeXml(title)}</title>${lift}<path class="s${series}" d="${shape(series, cx, cy, RADIUS)}"/></g>`;
}

/** Circle, square, triangle, diamond, triangle on its tip, plus, cross, bar: told apart without colour. */
function shape(series: number, cx: number, cy: number, r: number): string {
  const polygon = (...corners: readonly (readonly [number, number])[]) =>
    `M${corners.map(([x, y]) => `${round(cx + x * r)} ${round(cy + y * r)}`).join('L')}Z`;
  const plus = (t: number, turn: number) => {
    const arm: (readonly [number, number])[] = [
      [-t, -1.1],
      [t, -1.1],
      [t, -t],
      [1.1, -t],
      [1.1, t],
      [t, t],
      [t, 1.1],
      [-t, 1.1],
      [-t, t],
      [-1.1, t],
      [-1.1, -t],
      [-t, -t],
    ];
    return polygon(
      ...arm.map(
        ([x, y]) => [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)] as const,
      ),
    );
  };
  const shapes: readonly (() => string)[] = [
    () => `M${round(cx - r)} ${round(cy)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
    () => polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]),
    () => polygon([0, -1.2], [1.1, 0.8], [-1.1, 0.8]),
    () => polygon([0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]),
    () => polygon([0, 1.2], [1.1, -0.8], [-1.1, -0.8]),
    () => plus(0.4, 0),
    () => plus(0.4, Math.PI / 4),
    () => polygon([-1.2, -0.5], [1.2, -0.5], [1.2, 0.5], [-1.2, 0.5]),
  ];
  return (shapes[series % shapes.length] as () => string)();
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * First those that nothing beats in both directions, then by y. A label that finds no free place beside its point is left out:
 * its title still says what it is.
 */
function placeLabels(points: readonly PlacedPoint[], scale: Scales) {
  const taken: Box[] = points.flatMap(({ cx, cy, ring }) => [
    around(cx, cy),
    ...(ring === undefined ? [] : [around(cx, scale.y(ring))]),
  ]);
  const isBeaten = (point: PlacedPoint) =>
    points.some((other) => other.x <= point.x && other.y >= point.y && (other.x < point.x || other.y > point.y));
  const order = points.toSorted((a, b) => Number(isBeaten(a)) - Number(isBeaten(b)) || b.y - a.y);
  return order.flatMap(({ cx, cy, label, series }) => {
    const width = widthOf(label);
    const places = [
      [cx + 9, cy + 4],
      [cx - 9 - width, cy + 4],
      [cx - width / 2, cy - 9],
      [cx - width / 2, cy + 19],
      [cx + 7, cy - 7],
      [cx + 7, cy + 15],
      [cx - 7 - width, cy - 7],
      [cx - 7 - width, cy + 15],
    ] as const;
    for (const [x, y] of places) {
      const box = { left: x - 2, right: x + width + 2, top: y - FONT_SIZE, bottom: y + 3 };
      const isInside =
        box.left >= PLOT.left && box.right <= PLOT.right + 20 && box.top >= PLOT.top && box.bottom <= PLOT.bottom;
      if (!isInside || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      return [{ x, y, series, label }];
    }
    return [];
  });
}

function around(cx: number, cy: number): Box {
  return { left: cx - RADIUS, right: cx + RADIUS, top: cy - RADIUS, bottom: cy + RADIUS };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

/** Of common sans-serif faces, a little on the wide side. */
function widthOf(label: string): number {
  return label.length * FONT_SIZE * 0.56;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
