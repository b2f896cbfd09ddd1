// The virtual grid in a real browser: what is in the document, where the focus goes, and whether the place is kept.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPart, type PartStage } from './part-stage.ts';
import { hasChromium, TITLE_SUFFIX } from './stage.ts';

describe.skipIf(!hasChromium)(`a grid of 50,000 pictures${TITLE_SUFFIX}`, () => {
  let stage: PartStage;
  beforeAll(async () => {
    stage = await openPart('long-list');
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const run = <T>(expression: string) => stage.page.evaluate<T>(expression);
  const settled = () => run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const focused = () =>
    run<string>('document.activeElement.querySelector("img")?.alt ?? document.activeElement.textContent');
  /** Numbers of the pictures of which a part is seen. */
  const inSight = () =>
    run<number[]>(`[...document.querySelectorAll('.vgrid-tile')]
      .filter((tile) => { const { top, bottom } = tile.getBoundingClientRect(); return bottom > 0 && top < innerHeight; })
      .map((tile) => Number(tile.dataset.index))`);
  const open = async (address: string) => {
    await stage.page.goto(stage.url + address);
    await stage.page.locator('.vgrid-tile').first().waitFor();
  };

  it('has only rows near the screen in the document, wherever one scrolls, and no hole among what is seen', async () => {
    await open('/?count=50000');
    const height = await run<number>('document.documentElement.scrollHeight');
    for (const share of [0, 0.001, 0.37, 0.9, 1]) {
      await run(`scrollTo(0, ${Math.round(height * share)})`);
      await settled();
      const seen = await inSight();
      expect(seen.length).toBeGreaterThan(8);
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => (seen[0] ?? 0) + i));
      expect(await run<number>('document.querySelectorAll("*").length')).toBeLessThan(900);
    }
    expect((await inSight()).at(-1)).toBe(49_999);
  });

  it('tells a screen reader where in the list a picture stands', async () => {
    await open('/?count=50000');
    const last = stage.page.locator('[role=list] > li').last();
    expect(await last.getAttribute('aria-setsize')).toBe('50000');
    expect(Number(await last.getAttribute('aria-posinset'))).toBe(Number(await last.getAttribute('data-index')) + 1);
  });

  it('walks by arrows, Home and End to rows that are not there yet, and one Tab leaves it', async () => {
    const { keyboard } = stage.page;
    await open('/?count=50000');
    await keyboard.press('Tab');
    expect(await focused()).toBe('picture 0');
    await keyboard.press('End');
    await stage.page.locator('[data-index="49999"] .tile-picture:focus').waitFor();
    await keyboard.press('ArrowLeft');
    expect(await focused()).toBe('picture 49998');
    const [from] = await inSight();
    for (let i = 0; i < 12; i++) await keyboard.press('ArrowUp');
    const at = Number((await focused()).slice('picture '.length));
    expect(at).toBeLessThan((from ?? 0) - 20);
    await settled();
    expect(await inSight()).toContain(at);
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowUp');
    expect(Math.abs(Number((await focused()).slice('picture '.length)) - at)).toBeLessThanOrEqual(1);
    await keyboard.press('Home');
    await stage.page.locator('[data-index="0"] .tile-picture:focus').waitFor();
    // Its other four controls, then out.
    for (let i = 0; i < 5; i++) await keyboard.press('Tab');
    expect(await focused()).toBe('Behind the list');
  });

  it('keeps the focus on a picture that is scrolled far away', async () => {
    await open('/?count=50000');
    await stage.page.keyboard.press('Tab');
    for (let i = 0; i < 7; i++) await stage.page.keyboard.press('ArrowRight');
    for (const top of [3000, 90_000, 500_000, 40]) {
      await run(`scrollTo(0, ${top})`);
      await settled();
      expect(await focused()).toBe('picture 7');
    }
    await run('scrollTo(0, 200000)');
    await settled();
    await stage.page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('picture 8');
    await settled();
    expect(await inSight()).toContain(8);
  });

  it('keeps the place when its width changes, from a phone to a wide screen', async () => {
    await open('/?count=50000');
    await run('scrollTo(0, 400000)');
    await settled();
    const [first = 0] = await inSight();
    for (const width of [320, 700, 2560, 1200]) {
      await stage.page.setViewportSize({ width, height: 800 });
      await settled();
      await settled();
      const seen = await inSight();
      expect(seen[0]).toBeLessThanOrEqual(first);
      expect(seen.at(-1)).toBeGreaterThanOrEqual(first);
      expect(await run<number>('document.documentElement.scrollWidth')).toBe(width);
    }
  });

  it('asks for the next page before the end is reached, and puts it where nothing else moves', async () => {
    await open('/?count=1000&pages');
    const place = await run<string>('document.querySelector("[data-index=\'3\']").style.cssText');
    await expect
      .poll(async () => {
        await run('scrollTo(0, document.documentElement.scrollHeight)');
        return (await inSight()).at(-1);
      })
      .toBe(999);
    await run('scrollTo(0, 0)');
    await settled();
    expect(await run<string>('document.querySelector("[data-index=\'3\']").style.cssText')).toBe(place);
  });
});
