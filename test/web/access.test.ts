// Everybody can use the page: by keyboard alone, with a screen reader, on a phone, and with a key where one is asked for.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seriousFaults } from './serious-faults.ts';
import { API_KEY, hasChromium, openStage, type Stage, TITLE_SUFFIX } from './stage.ts';

describe.skipIf(!hasChromium)(`access to the page${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const focused = () =>
    stage.page.evaluate<string>(
      'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
    );
  const focusedPicture = () => stage.page.evaluate<string>('document.activeElement.querySelector("img")?.alt');
  const headed = (text: string) => stage.page.getByRole('heading', { level: 1 }).filter({ hasText: text }).waitFor();
  const open = async (address: string) => {
    await stage.page.goto(address);
    await stage.page.locator('.tile img.is-loaded').first().waitFor();
  };

  it('works by keyboard alone: search, walk, open, close, similar', async () => {
    const { keyboard } = stage.page;
    await open(stage.url);
    await keyboard.press('/');
    await keyboard.type('bicycle');
    await keyboard.press('Enter');
    await headed('“bicycle”');
    await stage.page.locator('.grid[aria-busy="false"]').waitFor();
    for (let presses = 0; (await focusedPicture()) !== 'bicycle' && presses < 14; presses++)
      await keyboard.press('Tab');
    expect(await focusedPicture()).toBe('bicycle');
    await keyboard.press('ArrowRight');
    expect(await focusedPicture()).not.toBe('bicycle');
    await keyboard.press('ArrowLeft');
    await keyboard.press('Enter');
    const dialog = stage.page.getByRole('dialog', { name: 'bicycle.png' });
    await dialog.waitFor();
    expect(await focused()).toBe('Close');
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focusedPicture()).toBe('bicycle');
    await keyboard.press('Tab');
    expect(await focused()).toBe('Find pictures similar to bicycle');
    await keyboard.press('Enter');
    await headed('Similar to bicycle');
  });

  it.each(['light', 'dark'] as const)('has no fault that axe calls serious, in %s', async (colorScheme) => {
    await stage.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const act of [openNewest, openNothing, openSteered, openMixed, openMap, openLibrary]) {
      await act();
      expect(await seriousFaults(stage.page), act.name).toEqual([]);
    }
    for (const act of [async () => {}, openViewer, openBox, openAdding, openPalette]) {
      await open(`${stage.url}/?q=cat`);
      await act();
      expect(await seriousFaults(stage.page), act.name).toEqual([]);
    }
  });

  it('fits a phone without scrolling sideways', async () => {
    await stage.page.setViewportSize({ width: 360, height: 740 });
    for (const path of [
      '/',
      '/?q=cat',
      '/?image=1&more=car:0.6',
      '/?q=cat&q=a+very+long+phrase+about+dogs&image=1&not=pizza&open=2',
    ]) {
      await open(stage.url + path);
      expect(await stage.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);
    }
    await stage.page.setViewportSize({ width: 1200, height: 800 });
  });

  it('asks for the API key where one is wanted, says when it is wrong, and goes on with the right one', async () => {
    await stage.page.goto(`${stage.lockedUrl}/?q=guitar`);
    const dialog = stage.page.getByRole('dialog', { name: 'This library is locked' });
    const key = dialog.getByLabel('API key');
    await key.fill('not the key of this service');
    await key.press('Enter');
    await dialog.getByRole('alert').getByText('UNAUTHENTICATED').waitFor();
    await key.fill(API_KEY);
    await key.press('Enter');
    await stage.page.locator('.tile img.is-loaded').first().waitFor();
    expect(await stage.page.locator('.tile img').first().getAttribute('alt')).toBe('guitar');
    await open(`${stage.lockedUrl}/?q=rose`);
    expect(await dialog.count()).toBe(0);
  });

  async function openNewest(): Promise<void> {
    await open(stage.url);
  }

  async function openNothing(): Promise<void> {
    await stage.page.goto(`${stage.url}/?q=castle&sure=1`);
    await stage.page.getByRole('heading', { name: 'Nothing here matches' }).waitFor();
  }

  async function openPalette(): Promise<void> {
    await stage.page.keyboard.press('Control+k');
    await stage.page.getByRole('dialog', { name: 'Commands and help' }).waitFor();
  }

  async function openViewer(): Promise<void> {
    await stage.page.locator('.tile-picture').first().click();
    await stage.page.getByRole('dialog').waitFor();
  }

  async function openBox(): Promise<void> {
    await openViewer();
    await stage.page.getByRole('button', { name: 'Search a part' }).click();
    await stage.page.getByRole('application').waitFor();
  }

  async function openMixed(): Promise<void> {
    await open(`${stage.url}/?q=cat&image=1&not=dog`);
    await stage.page.getByRole('slider', { name: 'Weight of cat' }).waitFor();
  }

  async function openMap(): Promise<void> {
    await stage.page.goto(`${stage.url}/?view=map`);
    await stage.page.locator('main canvas').first().waitFor();
  }

  async function openLibrary(): Promise<void> {
    await stage.page.goto(`${stage.url}/?view=library`);
    await stage.page.getByRole('tablist').waitFor();
  }

  async function openSteered(): Promise<void> {
    await open(`${stage.url}/?image=1&more=car:0.6`);
    await stage.page.getByRole('slider', { name: 'More of car' }).waitFor();
  }

  async function openAdding(): Promise<void> {
    await stage.page.getByRole('button', { name: 'Add pictures' }).click();
    await stage.page.getByRole('dialog').waitFor();
  }
});
