// The command palette by keyboard alone, as a screen reader meets it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPart, type PartStage } from './part-stage.ts';
import { seriousFaults } from './serious-faults.ts';
import { hasChromium, TITLE_SUFFIX } from './stage.ts';

describe.skipIf(!hasChromium)(`the command palette${TITLE_SUFFIX}`, () => {
  let stage: PartStage;
  beforeAll(async () => {
    stage = await openPart('palette-page');
    await stage.page.goto(stage.url);
    // What listens to keys does so after the first paint: a key that comes earlier on a busy machine is nobody's.
    await stage.page.locator('#told').waitFor({ state: 'attached' });
    await stage.page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const told = () => stage.page.locator('#told').textContent();
  const isGone = () => stage.page.getByRole('dialog').waitFor({ state: 'detached' });
  const open = async (keys = 'Control+k') => {
    await stage.page.keyboard.press(keys);
    await stage.page.locator('[role=combobox]:focus').waitFor();
  };
  /** The option that a screen reader is told of. */
  const active = () =>
    stage.page.evaluate<string>(
      'document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).firstChild.textContent',
    );

  it.each([
    ['lib', 'Go to the library', 'go library'],
    ['upload', 'Add pictures', 'add'],
    ['cat -"red sofa"', 'Search for “cat -"red sofa"”', 'search cat -"red sofa"'],
    ['only sure', 'Show only sure hits', 'sure true'],
    ['all hits', 'Show all hits', 'sure false'],
  ])('finds by "%s" what to do, and does it on Enter', async (typed, name, outcome) => {
    await open();
    await stage.page.keyboard.type(typed);
    await expect.poll(active).toBe(name);
    await stage.page.keyboard.press('Enter');
    await isGone();
    await expect.poll(told).toBe(outcome);
  });

  it('walks through the options and around, and Escape leaves all as it was, with the focus where it was', async () => {
    await stage.page.getByRole('button', { name: 'Commands and help' }).focus();
    await open('Meta+k');
    const names = await stage.page.getByRole('option').allTextContents();
    expect(names.length).toBeGreaterThan(5);
    const met: string[] = [];
    for (const _ of names) {
      met.push(await active());
      await stage.page.keyboard.press('ArrowDown');
    }
    expect(new Set(met).size).toBe(names.length);
    expect(await active()).toBe(met[0]);
    await stage.page.keyboard.press('ArrowUp');
    expect(await active()).toBe(met.at(-1));
    const before = await told();
    await stage.page.keyboard.press('Escape');
    await isGone();
    expect(await told()).toBe(before);
    expect(await stage.page.evaluate<string>('document.activeElement.ariaLabel')).toBe('Commands and help');
  });

  it('stays open where it is opened again right after it was closed', async () => {
    for (let i = 0; i < 8; i++) {
      await open();
      await stage.page.keyboard.press('Escape');
      await stage.page.keyboard.press('Control+k');
      await stage.page.locator('[role=combobox]:focus').waitFor();
      // The old dialog's word that it was closed comes in a task of its own.
      await stage.page.evaluate('new Promise((done) => setTimeout(done, 60))');
      expect(await stage.page.getByRole('dialog').count()).toBe(1);
      await stage.page.keyboard.press('Escape');
      await isGone();
    }
  });

  it('explains how to ask, and an example of it can be asked', async () => {
    await open();
    await stage.page.keyboard.type('help');
    await expect.poll(active).toBe('Help: how to ask');
    await stage.page.keyboard.press('Enter');
    await stage.page.locator('[aria-label="How to ask"]:focus').waitFor();
    for (const lesson of ['Minus', 'Quotes', 'Weights', 'Focus'])
      await stage.page.getByRole('term').filter({ hasText: lesson }).waitFor();
    await stage.page.keyboard.press('Tab');
    await stage.page.keyboard.press('Tab');
    await stage.page.keyboard.press('Enter');
    await isGone();
    expect(await told()).toBe('search cat -sofa');
  });

  it.each(['light', 'dark'] as const)(
    'has no fault that axe calls serious, in %s, and fits a phone',
    async (scheme) => {
      await stage.page.emulateMedia({ colorScheme: scheme });
      await stage.page.setViewportSize({ width: 320, height: 700 });
      await open();
      expect(await seriousFaults(stage.page)).toEqual([]);
      expect(await stage.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320);
      await stage.page.keyboard.press('Escape');
      await isGone();
    },
  );
});
