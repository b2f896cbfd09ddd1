// How smoothly the page's virtual grid scrolls 50,000 pictures in headless Chromium: `npx tsx scripts/bench/long-list.ts`.
// Tells the pace of frames, and what the main thread spent on one (script, style and layout); the rest of a frame is drawing
// by the processor, which a graphics card does elsewhere.
import { openPart } from '../../test/web/part-stage.ts';

const FRAMES = 300;
const SCREENS = [
  [1440, 900],
  [2560, 1440],
  [390, 844],
] as const;
const SPEEDS = [
  ['wheel, 40 px a frame', 40],
  ['fast wheel, 300 px a frame', 300],
  ['flick, 3000 px a frame', 3000],
] as const;

const stage = await openPart('long-list');
const devtools = await stage.page.context().newCDPSession(stage.page);
await devtools.send('Performance.enable');
for (const [width, height] of SCREENS) {
  await stage.page.setViewportSize({ width, height });
  await stage.page.goto(`${stage.url}/?count=50000`);
  await stage.page.locator('.vgrid-tile').first().waitFor();
  for (const [name, pixels] of SPEEDS) {
    const before = await secondsSpent();
    const { paces, mostNodes } = await stage.page.evaluate<{
      paces: number[];
      mostNodes: number;
    }>(`new Promise((done) => {
      const paces = [];
      let mostNodes = 0, last;
      scrollTo(0, 20000);
      requestAnimationFrame(function frame(now) {
        if (last !== undefined) paces.push(now - last);
        last = now;
        mostNodes = Math.max(mostNodes, document.getElementsByTagName('*').length);
        if (paces.length === ${FRAMES}) return done({ paces, mostNodes });
        scrollBy(0, ${pixels});
        requestAnimationFrame(frame);
      });
    })`);
    const work = ((await secondsSpent()) - before) * (1000 / FRAMES);
    const pace = `frame median ${at(paces, 0.5)} ms, 95 % ${at(paces, 0.95)} ms`;
    console.log(
      `${width}x${height}, ${name}: ${pace}; main thread ${work.toFixed(1)} ms a frame; at most ${mostNodes} elements`,
    );
  }
}
await stage.stop();

async function secondsSpent(): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const spent = new Set(['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration']);
  return metrics.filter(({ name }) => spent.has(name)).reduce((sum, { value }) => sum + value, 0);
}

function at(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
}
