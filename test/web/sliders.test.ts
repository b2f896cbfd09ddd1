// Sliders under a picture of two things, in a real browser: more of the one, none of the other.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openStage, pairOfDrawings, type Stage, TITLE_SUFFIX } from './stage.ts';

/** A query on a busy machine. */
const SOON = { timeout: 10_000 };

describe.skipIf(!hasChromium)(`a picture of two things${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const headed = (text: string) => stage.page.getByRole('heading', { level: 1 }).filter({ hasText: text }).waitFor();
  const firstPicture = async () => {
    await stage.page.locator('.grid[aria-busy="false"] .tile').first().waitFor();
    return stage.page.locator('.tile-picture img').first().getAttribute('alt');
  };
  const slider = (tag: string) => stage.page.getByRole('slider', { name: `More of ${tag}` });
  const litPixels = () =>
    stage.page.evaluate<number>(`(() => {
      const { width, height } = document.querySelector('.focus-overlay');
      const { data } = document.querySelector('.focus-overlay').getContext('2d').getImageData(0, 0, width, height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    })()`);
  const openPair = async (first: string, second: string) => {
    await stage.page.goto(stage.url);
    await headed('Newest pictures');
    const buffer = await pairOfDrawings(first, second);
    const file = { name: 'pair.png', mimeType: 'image/png', buffer };
    await stage.page.getByLabel('Picture to search by').setInputFiles(file);
    await headed('Similar to pair');
  };

  it('shows first what a slider asks for more of, lights where it looked, and forgets it on reset', async () => {
    await openPair('dog face', 'pizza');
    await slider('dog').waitFor();
    expect(await firstPicture()).toBe('pizza');
    expect(await litPixels()).toBe(0);
    await slider('dog').fill('1');
    await stage.page.waitForURL('**/?upload=*&more=dog%3A1');
    expect(await firstPicture()).toBe('dog face');
    expect(await slider('dog').getAttribute('aria-valuetext')).toBe('100 % more');
    // Drawn after the next frame.
    await expect.poll(litPixels, SOON).toBeGreaterThan(0);
    await stage.page.getByRole('button', { name: 'Reset' }).click();
    await stage.page.waitForURL(({ searchParams }) => !searchParams.has('more'));
    expect(await firstPicture()).toBe('pizza');
    expect(await slider('dog').inputValue()).toBe('0');
  });

  it('leaves out what a slider is moved below nothing for, by keyboard too', async () => {
    await openPair('dog face', 'bicycle');
    await slider('bicycle').waitFor();
    expect(await firstPicture()).toBe('bicycle');
    await slider('bicycle').focus();
    await stage.page.keyboard.press('ArrowLeft');
    await stage.page.waitForURL('**/?upload=*&less=bicycle');
    await expect.poll(firstPicture, SOON).not.toBe('bicycle');
    expect(await slider('bicycle').getAttribute('aria-valuetext')).toBe('none of it');
  });

  it('keeps the sliders of a picture of the library in the address', async () => {
    await stage.page.goto(`${stage.url}/?q=guitar`);
    await firstPicture();
    await stage.page.locator('.tile-frame').first().hover();
    await stage.page.getByRole('button', { name: 'Find pictures similar to guitar' }).click();
    await slider('guitar').fill('0.6');
    await stage.page.waitForURL('**/?image=*&more=guitar%3A0.6');
    await stage.page.reload();
    await headed('Similar to guitar');
    expect(await slider('guitar').inputValue()).toBe('0.6');
    await stage.page.goBack();
    await headed('“guitar”');
  });
});
