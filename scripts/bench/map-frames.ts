// How smoothly the page's map of 50,000 pictures moves in headless Chromium: `npx tsx scripts/bench/map-frames.ts [count]`.
// The real page and service; the map is made up, so that nobody waits for it to be drawn. One wheel turn or one pixel of a
// drag a frame. The page's processor time a frame is what a browser's own counters say its thread used, whoever else the
// machine serves; work and pace are by the clock, and with SwiftShader they hold the drawing that a graphics card would do.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { compose, ROOT } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { seededUniform } from '../../src/core/seeded-random.ts';
import { findRegions } from '../../src/query/map/map-regions.ts';
import { startServer } from '../../src/server/http-server.ts';
import { serializeMap } from '../../src/services/map/map-file.ts';
import { fillWithClusters } from './map-table.ts';
import { quantile } from './rounds.ts';

const FRAMES = 120;
const FLAGS = ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader'];

const count = Number(process.argv[2] ?? 50_000);
const data = await mkdtemp(join(tmpdir(), 'semblance-frames-'));
const webDirectory = join(data, 'web');
await build({
  configFile: join(ROOT, 'src/web/vite.config.ts'),
  build: { outDir: webDirectory, emptyOutDir: true },
  logLevel: 'error',
});
const app = await compose(readConfig({ data: join(data, 'data'), index: 'exact', log: 'silent' }, {}));
await fillWithClusters(app, count, 1);
const { model } = await app.services.library.status();
await app.services.catalog.putArtifact(`map/1/${model.fingerprint}`, await madeUpMap());
const server = await startServer({
  port: 0,
  host: '127.0.0.1',
  gate: { apiKeys: [], isLocal: true },
  services: app.services,
  thumbnails: app.thumbnails,
  webDirectory,
  schemaFile: join(ROOT, 'schema.graphql'),
  log: app.log,
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const openedAt = performance.now();
await page.goto(`http://127.0.0.1:${server.port}/?view=map`);
await page.locator('.map-window[data-zoom]').waitFor({ timeout: 60_000 });
const opening = performance.now() - openedAt;
const renderer = await page.evaluate<string>(`(() => {
  const gl = document.createElement('canvas').getContext('webgl');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'none';
})()`);
process.stdout.write(
  `${count} pictures, 1440 x 900, ${FLAGS.join(' ')}; ${renderer}\nfrom the address to the map: ${opening.toFixed(0)} ms\n\n`,
);
const counters = await page.context().newCDPSession(page);
await counters.send('Performance.enable', { timeDomain: 'threadTicks' });
process.stdout.write(
  '| motion | processor time of the page a frame, ms | work by the clock, ms p50 | p95 | pace, ms p50 | p95 |\n| --- | --- | --- | --- | --- | --- |\n',
);
await report('drag, whole map', `drag(2)`);
await report('zoom in by wheel', `wheel(-24)`);
await report('drag, near', `drag(3)`);
await report('zoom out by wheel', `wheel(24)`);
await browser.close();
await server.close();
await app.close();
await rm(data, { recursive: true, force: true });

async function report(motion: string, step: string): Promise<void> {
  const before = await usedByPage();
  const { works, paces } = await measure(page, step);
  const used = ((await usedByPage()) - before) / FRAMES;
  const at = (values: readonly number[], share: number) => quantile(values, share).toFixed(1);
  process.stdout.write(
    `| ${motion} | ${used.toFixed(2)} | ${at(works, 0.5)} | ${at(works, 0.95)} | ${at(paces, 0.5)} | ${at(paces, 0.95)} |\n`,
  );
}

/** Milliseconds of processor time that the page's thread has used so far. */
async function usedByPage(): Promise<number> {
  const { metrics } = await counters.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

/** A frame's work: from its beginning to behind style, layout and paint (a message posted in it comes right after them). */
function measure(on: Page, step: string): Promise<{ works: number[]; paces: number[] }> {
  return on.evaluate(`(async () => {
    const map = document.querySelector('.map-window');
    const { left, top, width, height } = map.getBoundingClientRect();
    const middle = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
    let moved = 0;
    const pointer = (type, by = 0) => map.dispatchEvent(new PointerEvent(type, { ...middle, clientX: middle.clientX + by, pointerId: 1, pointerType: 'touch', button: 0 }));
    map.setPointerCapture = () => {};
    const drag = (pixels) => { moved += pixels; pointer('pointermove', Math.abs((moved % 400) - 200)); };
    const wheel = (deltaY) => map.dispatchEvent(new WheelEvent('wheel', { ...middle, deltaY }));
    const channel = new MessageChannel();
    const works = [], paces = [];
    if (${step.startsWith('drag')}) pointer('pointerdown');
    let last;
    for (let i = 0; i < ${FRAMES}; i++) {
      await new Promise((done) => {
        let began;
        // Callbacks of a frame run in the order they were asked for: this one before the page's own drawing, the last behind it.
        requestAnimationFrame((now) => {
          if (last !== undefined) paces.push(now - last);
          last = now;
          began = performance.now();
        });
        ${step};
        requestAnimationFrame(() => {
          channel.port2.onmessage = () => { works.push(performance.now() - began); done(); };
          channel.port1.postMessage(0);
        });
      });
    }
    pointer('pointerup');
    return { works, paces };
  })()`);
}

/** Groups of points, as maps have them, for the pictures that are there. */
async function madeUpMap(): Promise<Uint8Array> {
  const ids = await app.services.catalog.idsMatching({});
  const random = seededUniform(1);
  const normal = () => random() + random() + random() - 1.5;
  const middles = Array.from({ length: 120 }, () => [0.1 + 0.8 * random(), 0.1 + 0.8 * random()] as const);
  const places = Float32Array.from(
    ids.flatMap(() => {
      const [x, y] = middles[Math.floor(random() * middles.length)] ?? [0.5, 0.5];
      return [x + 0.03 * normal(), y + 0.03 * normal()];
    }),
  );
  const regions = findRegions(places, 1).map(({ level, middle, x, y }, i) => {
    return { level, x, y, label: app.services.tags.vocabulary.words[i] ?? null, imageId: ids[middle] ?? ids[0] };
  });
  return serializeMap({ drawnAt: new Date(), drawn: ids.length, ids, places, regions: regions as never });
}
