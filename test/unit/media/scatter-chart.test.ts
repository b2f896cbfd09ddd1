import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawScatterChart, type ScatterChart } from '../../../src/media/scatter-chart.ts';

const chart = (series: ScatterChart['series']): ScatterChart => ({
  title: 'What <finds> & what it costs',
  xLabel: 'bytes',
  yLabel: 'precision',
  ringLabel: 're-scored',
  series,
  xFormat: (value) => `${value} B`,
});
const point = (x: number, y: number, label: string) => ({ x, y, label, title: `${label}: ${y}` });
const labelsOf = (svg: string) => [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" class="s\d+"[^>]*>([^<]*)</g)];

describe('drawScatterChart', () => {
  it('is a picture that opens, in colours for light and for dark', async () => {
    const svg = drawScatterChart(chart([{ name: 'main', points: [point(100, 0.4, 'exact')] }]));
    const { format, width, height } = await sharp(Buffer.from(svg)).metadata();
    expect([format, width, height]).toEqual(['svg', 960, 580]);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).toContain('What &#60;finds&#62; &#38; what it costs');
  });

  it('puts more to the top and larger ones to the right', () => {
    const svg = drawScatterChart(chart([{ name: 'a', points: [point(64, 0.1, 'low'), point(4096, 0.5, 'high')] }]));
    const places = labelsOf(svg).map(([, x, y, label]) => ({ x: Number(x), y: Number(y), label }));
    const [low, high] = ['low', 'high'].map((name) => places.find(({ label }) => label === name));
    expect(high?.x).toBeGreaterThan(low?.x ?? Number.NaN);
    expect(high?.y).toBeLessThan(low?.y ?? Number.NaN);
  });

  it('gives each series a shape of its own', () => {
    const series = Array.from({ length: 8 }, (_, i) => ({ name: `space ${i}`, points: [point(100 + i, 0.3, 'x')] }));
    const svg = drawScatterChart(chart(series));
    const shapes = [...svg.matchAll(/<\/title><path class="s\d+" d="([^"]+)"/g)].map(([, d = '']) =>
      // Without where it stands.
      d.replace(/[\d.-]+/g, '').concat(String(d.length > 60)),
    );
    expect(shapes).toHaveLength(8);
    const legend = [...svg.matchAll(/class="ink" font-size="12">([^<]*)</g)].map(([, name]) => name);
    expect(legend).toEqual(series.map(({ name }) => name));
  });

  it('leaves out a label that has no room, and still says in its title what it is', () => {
    const points = Array.from({ length: 40 }, (_, i) => point(100, 0.3 + i * 1e-5, `a long label of point ${i}`));
    const svg = drawScatterChart(chart([{ name: 'a', points }]));
    expect(labelsOf(svg).length).toBeLessThan(12);
    expect(labelsOf(svg).length).toBeGreaterThan(0);
    for (const { title } of points) expect(svg).toContain(`<title>${title}</title>`);
  });

  it('rings what re-scoring reaches, and says so once', () => {
    const plain = drawScatterChart(chart([{ name: 'a', points: [point(100, 0.3, 'lsh')] }]));
    const ringed = drawScatterChart(chart([{ name: 'a', points: [{ ...point(100, 0.3, 'lsh'), ring: 0.4 }] }]));
    expect(plain).not.toContain('re-scored');
    expect(ringed.match(/re-scored/g)).toHaveLength(1);
    expect(ringed.match(/<circle class="ring/g)).toHaveLength(2);
  });
});
