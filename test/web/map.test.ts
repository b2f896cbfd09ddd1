// The map in a real browser, over two hundred real drawings that the starter model has read.
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listDrawings } from '../../src/media/drawings.ts';
import { coloursOf } from './screenshot-colours.ts';
import { seriousFaults } from './serious-faults.ts';
import { hasChromium, openStage, type Stage, TITLE_SUFFIX } from './stage.ts';

const DRAWINGS = 200;

describe.skipIf(!hasChromium)(`the map${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  let imageCount = 0;
  beforeAll(async () => {
    stage = await openStage();
    await drawMore(join(stage.app.directory, 'gallery'));
    await stage.app.index(join(stage.app.directory, 'gallery'));
    imageCount = (await stage.app.query('{ library { imageCount } }')).data.library.imageCount;
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const view = () => stage.page.getByRole('application', { name: /^Map of/ });
  const shownThumbs = () => stage.page.locator('.map-thumb img.is-loaded');
  const chosenLine = () => stage.page.locator('.map-chosen header p');
  const shownLabel = () => stage.page.locator('.map-label.is-shown').first();
  const open = async () => {
    await stage.page.goto(`${stage.url}/?view=map`);
    await view().waitFor();
    await stage.page.locator('.map-window[data-thumbs]').waitFor();
  };
  /** The box of the window, in pixels of the page. */
  const boxOf = async () => {
    const box = await view().boundingBox();
    if (box === null) throw new Error('the map is not in sight');
    return box;
  };
  const settled = () => stage.page.waitForTimeout(500);

  it('is drawn on the first visit, and tells how far it is', async () => {
    expect((await stage.app.query('{ map { state } }')).data.map.state).toBe('NONE');
    await stage.page.goto(`${stage.url}/?view=map`);
    await stage.page.getByText(/^Drawing the map: \d+ %/).waitFor();
    await view().waitFor();
    expect(await view().getAttribute('aria-label')).toContain(`Map of ${imageCount} pictures`);
    expect((await stage.app.query('{ map { state } }')).data.map.state).toBe('READY');
  });

  it('shows its points in colours, by WebGL', async () => {
    await open();
    expect(await view().getAttribute('data-renderer')).toBe('webgl');
    expect(await view().getAttribute('data-thumbs')).toBe('0');
    const { hues, coloured } = await coloursOf(await stage.page.locator('.map-points').screenshot());
    expect(coloured).toBeGreaterThan(imageCount * 10);
    expect(hues).toBeGreaterThan(5);
  });

  it('names regions, and lists them with the number of their pictures', async () => {
    await open();
    await shownLabel().waitFor();
    const buttons = await stage.page.getByRole('navigation', { name: 'Regions of the map' }).getByRole('button').all();
    const names = await Promise.all(buttons.map((button) => button.getAttribute('aria-label')));
    const counts = names.map((name) => Number(/, (\d+) pictures?$/.exec(name ?? '')?.[1]));
    expect(counts.length).toBeGreaterThan(3);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(imageCount);
  });

  it('shows thumbnails once the wheel has brought it nearer, and points again farther off', async () => {
    await open();
    const { x, y, width, height } = await boxOf();
    await stage.page.mouse.move(x + width / 2, y + height / 2);
    for (let turn = 0; turn < 3; turn++) await stage.page.mouse.wheel(0, -300);
    await shownThumbs().nth(3).waitFor();
    for (let turn = 0; turn < 8; turn++) await stage.page.mouse.wheel(0, 400);
    await shownThumbs().first().waitFor({ state: 'detached' });
  });

  it('follows the hand that drags it', async () => {
    await open();
    const { x, y, width, height } = await boxOf();
    const name = (await shownLabel().textContent()) ?? '';
    const label = stage.page.locator('.map-label.is-shown', { hasText: name }).first();
    const before = await label.boundingBox();
    const start = { x: x + width / 2, y: y + height / 2 };
    await stage.page.mouse.move(start.x, start.y);
    await stage.page.mouse.down();
    await stage.page.mouse.move(start.x + 40, start.y + 20, { steps: 4 });
    await stage.page.mouse.up();
    await settled();
    const after = await label.boundingBox();
    expect((after?.x ?? 0) - (before?.x ?? 0)).toBeCloseTo(40, 0);
    expect((after?.y ?? 0) - (before?.y ?? 0)).toBeCloseTo(20, 0);
    expect(await stage.page.locator('.map-chosen').count()).toBe(0);
  });

  it('chooses the pictures that a line goes around, and searches by them', async () => {
    await open();
    await lasso({ shift: true });
    const chosen = Number(/^(\d+) pictures? chosen/.exec((await chosenLine().textContent()) ?? '')?.[1]);
    expect(chosen).toBeGreaterThan(1);
    expect(chosen).toBeLessThan(imageCount);
    await stage.page.locator('.map-chosen li').first().waitFor();
    expect(await stage.page.locator('.map-chosen li').count()).toBe(Math.min(60, chosen));
    await stage.page.getByRole('button', { name: 'Find more like these' }).click();
    await stage.page.locator('.tile').first().waitFor();
    expect(await stage.page.locator('.map').count()).toBe(0);
  });

  it('draws the line without a key where the button is pressed', async () => {
    await open();
    const button = stage.page.getByRole('button', { name: /^Draw a line around pictures/ });
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await lasso({ shift: false });
    await chosenLine().waitFor();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await stage.page.getByRole('button', { name: 'Choose none' }).click();
    await chosenLine().waitFor({ state: 'detached' });
  });

  it('works by keyboard: nearer, aside, choose what is in sight, choose none, all again', async () => {
    await stage.page.emulateMedia({ reducedMotion: 'reduce' });
    await open();
    const { keyboard } = stage.page;
    await view().focus();
    for (const key of ['+', '+', '+', '+']) await keyboard.press(key);
    await settled();
    const zoom = Number(await view().getAttribute('data-zoom'));
    expect(zoom).toBeGreaterThan(5);
    await keyboard.press('Enter');
    const few = Number.parseInt((await chosenLine().textContent()) ?? '', 10);
    expect(few).toBeLessThan(imageCount);
    await keyboard.press('Escape');
    await chosenLine().waitFor({ state: 'detached' });
    const before = await view().screenshot();
    for (let step = 0; step < 6; step++) await keyboard.press('ArrowRight');
    await settled();
    expect((await view().screenshot()).equals(before)).toBe(false);
    await keyboard.press('0');
    await settled();
    expect(await view().getAttribute('data-zoom')).toBe('1.00');
    await keyboard.press('Enter');
    expect(await chosenLine().textContent()).toContain(`${imageCount} pictures chosen`);
    await stage.page.emulateMedia({ reducedMotion: null });
  });

  it('shows a region and its pictures where its name is pressed in the list', async () => {
    await open();
    const button = stage.page.getByRole('navigation', { name: 'Regions of the map' }).getByRole('button').first();
    const [, name, count] = /^(.*), (\d+) pictures?$/.exec((await button.getAttribute('aria-label')) ?? '') ?? [];
    await button.click();
    expect(await chosenLine().textContent()).toMatch(new RegExp(`^${count} picture`));
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await stage.page.locator('.map-chosen li img').first().waitFor();
    await stage.page.getByRole('button', { name: `Search for “${name}”` }).click();
    await stage.page.locator('.tile').first().waitFor();
    expect(new URL(stage.page.url()).searchParams.get('q')).toBe(name);
  });

  it('shows the picture under the pointer, and opens it at a click', async () => {
    await open();
    const window = await boxOf();
    await stage.page.mouse.move(window.x + window.width / 2, window.y + window.height / 2);
    // Step by step: where the pictures lie is the model's affair, and so how near one must go until one is in sight.
    const loaded = stage.page.locator('.map-thumb:has(img.is-loaded)');
    let thumb: Awaited<ReturnType<typeof inSight>>;
    for (let turn = 0; turn < 8 && thumb === undefined; turn++) {
      await stage.page.mouse.wheel(0, -300);
      await settled();
      thumb = await inSight(await loaded.all(), window);
    }
    if (thumb === undefined) throw new Error('no thumbnail lies in sight');
    await stage.page.mouse.move(thumb.x, thumb.y);
    await stage.page.locator('.map-card figcaption').waitFor();
    await stage.page.mouse.click(thumb.x, thumb.y);
    const image = (await stage.app.query('query($id: ID!) { image(id: $id) { name } }', { id: thumb.id })).data.image;
    await stage.page.getByRole('dialog', { name: image.name }).waitFor();
  });

  it.each(['light', 'dark'] as const)('has no fault that axe calls serious, in %s', async (colorScheme) => {
    await stage.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open();
    await lasso({ shift: true });
    await stage.page.locator('.map-chosen li img').first().waitFor();
    expect(await seriousFaults(stage.page)).toEqual([]);
    await stage.page.emulateMedia({ colorScheme: null, reducedMotion: null });
  });

  it('fits a phone, without a scroll to the side', async () => {
    await stage.page.setViewportSize({ width: 390, height: 844 });
    await open();
    const { width } = await boxOf();
    expect(width).toBeGreaterThan(360);
    expect(await stage.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await stage.page.setViewportSize({ width: 1200, height: 800 });
  });

  /** A line around the left half of the window. */
  async function lasso({ shift }: { readonly shift: boolean }) {
    const { x, y, width, height } = await boxOf();
    const { mouse, keyboard } = stage.page;
    if (shift) await keyboard.down('Shift');
    await mouse.move(x + 10, y + 10);
    await mouse.down();
    for (const [across, down] of [
      [0.5, 0.03],
      [0.5, 0.97],
      [0.02, 0.97],
      [0.02, 0.03],
    ] as const) {
      await mouse.move(x + width * across, y + height * down, { steps: 5 });
    }
    await mouse.up();
    if (shift) await keyboard.up('Shift');
    await chosenLine().waitFor();
  }
});

interface Thumb {
  boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
  getAttribute(name: string): Promise<string | null>;
}

/** The middle of a thumbnail that lies wholly in the window, away from the buttons at its right; undefined where none does. */
async function inSight(thumbs: readonly Thumb[], window: { x: number; y: number; width: number; height: number }) {
  for (const thumb of thumbs) {
    const box = await thumb.boundingBox();
    if (box === null) continue;
    const isInside = box.x > window.x && box.x + box.width < window.x + window.width - 100;
    if (!isInside || box.y < window.y || box.y + box.height > window.y + window.height) continue;
    return { id: await thumb.getAttribute('data-id'), x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  return undefined;
}

/** Every seventh drawing of the demo gallery. */
async function drawMore(folder: string): Promise<void> {
  const drawings = (await listDrawings()).filter((_, i) => i % 7 === 0).slice(0, DRAWINGS);
  for (const { path, svg } of drawings) {
    const bytes = await sharp(svg, { density: 200 })
      .resize(200, 200)
      .flatten({ background: '#ffffff' })
      .png()
      .toBuffer();
    await writeFile(join(folder, `more ${basename(path)}`), bytes);
  }
}
