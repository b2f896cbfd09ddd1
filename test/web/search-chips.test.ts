// The search field in a real browser: words and pictures as chips with weights, left out, in the address, by keyboard.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawing, hasChromium, openStage, type Stage, TITLE_SUFFIX } from './stage.ts';

/** A query on a busy machine. */
const SOON = { timeout: 10_000 };

describe.skipIf(!hasChromium)(`chips of the search field${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  let roseId = '';
  beforeAll(async () => {
    stage = await openStage();
    const { data } = await stage.app.query('{ images(first: 50) { edges { node { id name } } } }');
    const pictures: { node: { id: string; name: string } }[] = data.images.edges;
    roseId = pictures.find(({ node }) => node.name === 'rose.png')?.node.id ?? '';
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const field = () => stage.page.getByRole('searchbox');
  const headed = (text: string) => stage.page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
  const weightOf = (name: string) => stage.page.getByRole('slider', { name: `Weight of ${name}` });
  const settled = () => stage.page.locator('.grid[aria-busy="false"] .tile').first().waitFor();
  const firstPicture = () => stage.page.locator('.tile-picture img').first().getAttribute('alt');
  const search = () => new URL(stage.page.url()).search;

  it('mixes a picture with words by their weights; reload, back and forward keep them', async () => {
    await stage.page.goto(`${stage.url}/?image=${roseId}`);
    await headed('Similar to rose');
    await field().pressSequentially('guitar');
    await field().press('Enter');
    await headed('rose and “guitar”');
    await weightOf('guitar').fill('2');
    await weightOf('rose.png').fill('0.2');
    await stage.page.waitForURL(`**/?image=${roseId}&w=0.2&q=guitar&w=2`);
    await settled();
    expect(await firstPicture()).toBe('guitar');
    await stage.page.reload();
    await headed('rose and “guitar”');
    expect(await weightOf('guitar').inputValue()).toBe('2');
    await weightOf('guitar').fill('0.2');
    await weightOf('rose.png').fill('2');
    await stage.page.waitForURL(`**/?image=${roseId}&w=2&q=guitar&w=0.2`);
    await stage.page.goBack();
    await headed('Similar to rose');
    expect(await weightOf('rose.png').count()).toBe(0);
    await stage.page.goForward();
    await headed('rose and “guitar”');
  });

  it('puts first what weighs most', async () => {
    await stage.page.goto(`${stage.url}/?q=pizza&w=2&q=guitar&w=0.2`);
    await settled();
    expect(await firstPicture()).toBe('pizza');
    await weightOf('pizza').fill('0.2');
    await weightOf('guitar').fill('2');
    await expect.poll(firstPicture, SOON).toBe('guitar');
  });

  it('leaves a chip out by a click, a picture too, and takes it in again', async () => {
    await stage.page.goto(`${stage.url}/?q=plant`);
    await settled();
    expect(await firstPicture()).toBe('rose');
    await stage.page.goto(`${stage.url}/?q=plant&image=${roseId}`);
    await headed('“plant” and rose');
    await stage.page.getByRole('button', { name: 'Leave out rose.png' }).click();
    await headed('“plant” without rose');
    expect(search()).toBe(`?q=plant&notimage=${roseId}`);
    await settled();
    expect(await firstPicture()).not.toBe('rose');
    await stage.page.getByRole('button', { name: 'Leave out rose.png', pressed: true }).click();
    await headed('“plant” and rose');
  });

  it('takes a pasted picture beside the words that stand there, and says that no link holds it', async () => {
    await stage.page.goto(`${stage.url}/?q=animal`);
    await settled();
    const bytes = (await drawing('bicycle', 300, 'jpeg')).toString('base64');
    await stage.page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0))], 'bike.jpg', { type: 'image/jpeg' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }`);
    await headed('bike and “animal”');
    await stage.page.getByText('not in the link').waitFor();
    await weightOf('animal').fill('0.2');
    await expect.poll(firstPicture, SOON).toBe('bicycle');
    await stage.page.reload();
    await stage.page.getByText('A picture of yours belonged to this search').waitFor();
    await headed('“animal”');
  });

  it('works by keyboard alone: chips, weights, exclusion, and back into words', async () => {
    const { keyboard } = stage.page;
    await stage.page.goto(stage.url);
    await settled();
    await keyboard.press('/');
    await keyboard.type('pizza');
    await keyboard.press('Enter');
    await keyboard.type('guitar -"dog face"');
    await keyboard.press('Enter');
    await headed('“pizza” and “guitar” without dog face');
    // Out of the field, over the remove button of what is left out, its name, the remove button of the guitar, its weight.
    for (let presses = 0; presses < 4; presses++) await keyboard.press('Shift+Tab');
    await keyboard.press('End');
    await stage.page.waitForURL('**/?q=pizza&q=guitar&w=2&not=dog+face');
    await expect.poll(firstPicture, SOON).toBe('guitar');
    await keyboard.press('/');
    await keyboard.press('Backspace');
    await headed('“pizza” and “guitar” without dog face');
    expect(await field().inputValue()).toBe('-"dog face"');
    await keyboard.press('Escape');
    await headed('Newest pictures');
  });
});
