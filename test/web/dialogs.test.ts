// Dialogs as they follow one another: the late word of one that was closed must not reach the next.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openStage, type Stage, TITLE_SUFFIX } from './stage.ts';

describe.skipIf(!hasChromium)(`dialogs of the page${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const dialogs = () => stage.page.getByRole('dialog').count();
  /** Closes what is open by Escape and acts at once: before the browser's event that it was closed, which is a task of its own. */
  const closeAnd = (act: string) =>
    stage.page.evaluate(`(async () => {
      document.querySelector('dialog').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      for (let i = 0; i < 20 && document.querySelector('dialog') !== null; i++) await Promise.resolve();
      const isGone = document.querySelector('dialog') === null;
      ${act};
      await new Promise((done) => setTimeout(done, 100));
      return isGone;
    })()`);

  it('stays open where it is opened right after the one before was closed', async () => {
    await stage.page.goto(stage.url);
    await stage.page.getByRole('button', { name: 'Add pictures' }).click();
    await stage.page.getByRole('dialog').waitFor();
    expect(await closeAnd(`document.querySelector('[aria-label="Add pictures"]').click()`)).toBe(true);
    expect(await dialogs()).toBe(1);
    await stage.page.keyboard.press('Escape');
    await expect.poll(dialogs).toBe(0);
  });

  it('goes back by one step where an open picture is closed, and the next that is opened at once stays', async () => {
    await stage.page.goto(stage.url);
    await stage.page.goto(`${stage.url}/?q=cat`);
    await stage.page.locator('.tile-picture').first().click();
    await stage.page.getByRole('dialog').waitFor();
    expect(await closeAnd('')).toBe(true);
    await expect.poll(() => new URL(stage.page.url()).search).toBe('?q=cat');
    await stage.page.locator('.tile-picture').first().click();
    await stage.page.getByRole('dialog').waitFor();
    await closeAnd(`document.querySelector('[aria-label="Add pictures"]').click()`);
    expect(await stage.page.getByRole('dialog').getByRole('heading').allTextContents()).toEqual(['Add pictures']);
    expect(new URL(stage.page.url()).search).toBe('?q=cat');
  });
});
