// The page in a real browser against the real service with the starter model: words, pictures, addresses, faults.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawing, hasChromium, openStage, type Stage, TITLE_SUFFIX } from './stage.ts';

/** A query on a busy machine. */
const SOON = { timeout: 10_000 };

describe.skipIf(!hasChromium)(`the page${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const field = () => stage.page.getByRole('searchbox');
  const heading = () => stage.page.getByRole('heading', { level: 1 });
  const firstPicture = async () => {
    await stage.page.locator('.grid[aria-busy="false"] .tile').first().waitFor();
    return stage.page.locator('.tile-picture img').first().getAttribute('alt');
  };
  const choose = (name: string, buffer: Buffer) =>
    stage.page.getByLabel('Picture to search by').setInputFiles({ name, mimeType: 'image/png', buffer });
  const headed = (text: string) => heading().filter({ hasText: text }).waitFor();
  const openNewest = async () => {
    await stage.page.goto(stage.url);
    await headed('Newest pictures');
    await firstPicture();
  };

  it('begins with the newest pictures, the library line and the credit of the demo gallery', async () => {
    await openNewest();
    expect(await stage.page.locator('.tile').count()).toBe(7);
    await stage.page.getByText('7 pictures · starter model').waitFor();
    await stage.page.getByText('Twemoji by Twitter and contributors, CC BY 4.0').waitFor();
  });

  it.each([
    ['cat', 'cat face'],
    ['pizza', 'pizza'],
    ['car', 'automobile'],
  ])('shows the right picture first while "%s" is typed', async (word, name) => {
    await openNewest();
    await field().pressSequentially(word, { delay: 20 });
    await headed(`“${word}”`);
    expect(await firstPicture()).toBe(name);
    expect(new URL(stage.page.url()).search).toBe(`?q=${word}`);
  });

  it('drops the answer to an older question that comes late', async () => {
    await openNewest();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await stage.page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('"pizza"')) await held;
      // The page may have given the request up by then.
      await route.continue().catch(() => {});
    });
    const isAsked = stage.page.waitForRequest((request) => request.postData()?.includes('"pizza"') ?? false);
    await field().fill('pizza');
    await isAsked;
    await field().fill('guitar');
    await headed('“guitar”');
    release();
    await stage.page.unrouteAll({ behavior: 'wait' });
    // Time for the late answer to do its harm; a page that takes it fails here.
    await stage.page.waitForTimeout(500);
    expect(await heading().textContent()).toBe('“guitar”');
    expect(await firstPicture()).toBe('guitar');
  });

  it('finds by a dropped picture, shows it as a chip, and forgets it by the chip', async () => {
    await openNewest();
    const bytes = (await drawing('rose', 400, 'jpeg')).toString('base64');
    const dataTransfer = await stage.page.evaluateHandle(`{
      const carrier = new DataTransfer();
      carrier.items.add(new File([Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0))], 'my rose.jpg', { type: 'image/jpeg' }));
      carrier;
    }`);
    await stage.page.dispatchEvent('main', 'drop', { dataTransfer });
    await headed('Similar to my rose');
    expect(await firstPicture()).toBe('rose');
    await stage.page.locator('.chip img').waitFor();
    await stage.page.getByRole('button', { name: 'Remove my rose.jpg from the search' }).click();
    await headed('Newest pictures');
    expect(await stage.page.locator('.chip').count()).toBe(0);
  });

  it('finds pictures similar to one of the library, under an address that survives a reload', async () => {
    await stage.page.goto(`${stage.url}/?q=cat`);
    expect(await firstPicture()).toBe('cat face');
    await stage.page.locator('.tile-frame').first().hover();
    await stage.page.getByRole('button', { name: 'Find pictures similar to cat face' }).click();
    await headed('Similar to cat face');
    expect(new URL(stage.page.url()).search).toMatch(/^\?image=\d+$/);
    await stage.page.reload();
    await headed('Similar to cat face');
    expect(await stage.page.getByRole('img', { name: 'cat face', exact: true }).count()).toBe(0);
    await stage.page.goBack();
    await headed('“cat”');
    expect(await field().inputValue()).toBe('cat');
  });

  it('searches for a tag that is clicked; reload, back and forward keep the words', async () => {
    await openNewest();
    const tag = stage.page.locator('.tile .tag').first();
    const word = (await tag.textContent()) ?? '';
    await tag.click();
    await headed(`“${word}”`);
    await stage.page.reload();
    await headed(`“${word}”`);
    expect(await field().inputValue()).toBe(word);
    await stage.page.goBack();
    await headed('Newest pictures');
    await stage.page.goForward();
    await headed(`“${word}”`);
  });

  it('says in words and with its code why a file cannot be searched by', async () => {
    await openNewest();
    await choose('notes.png', Buffer.from('no picture at all'));
    const alert = stage.page.getByRole('alert');
    await alert.getByText('NOT_A_PICTURE').waitFor();
    await choose('half.png', (await drawing('pizza')).subarray(0, 2000));
    await alert.getByText('PICTURE_BROKEN').waitFor();
    await choose('whole.png', await drawing('pizza', 300));
    await headed('Similar to whole');
    expect(await firstPicture()).toBe('pizza');
    expect(await alert.count()).toBe(0);
  });

  it('adds pictures and names each refused file with its reason', async () => {
    await openNewest();
    await stage.page.getByRole('button', { name: 'Add pictures' }).click();
    await stage.page.getByLabel('Pictures to add').setInputFiles([
      { name: 'banana.png', mimeType: 'image/png', buffer: await drawing('banana') },
      { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('nothing') },
      { name: 'again.png', mimeType: 'image/png', buffer: await drawing('pizza') },
    ]);
    const panel = stage.page.getByRole('region', { name: 'Pictures being added' });
    await panel.getByText('1 picture added, 1 known already, 1 refused.').waitFor();
    const refused = await panel.getByRole('listitem').allTextContents();
    expect(refused).toEqual([expect.stringMatching(/^broken\.jpg .+ NOT_A_PICTURE$/)]);
    await stage.page.locator('.tile').nth(7).waitFor();
    expect(await firstPicture()).toBe('banana');
    // It stays beside whatever one looks at meanwhile, until it is put away.
    await stage.page.getByRole('link', { name: 'Map', exact: true }).click();
    await panel.getByText('1 picture added').waitFor();
    await panel.getByRole('button', { name: 'Put away' }).click();
    expect(await panel.count()).toBe(0);
  });

  it('takes in a folder of the service from any view, and shows it again after a reload', async () => {
    const folder = join(stage.app.directory, 'harvest');
    await mkdir(folder);
    await writeFile(join(folder, 'melon.png'), await drawing('watermelon'));
    await openNewest();
    await stage.page.getByRole('button', { name: 'Add pictures' }).click();
    await stage.page.getByLabel('A folder on the machine that runs Semblance').fill(folder);
    await stage.page.keyboard.press('Enter');
    const panel = stage.page
      .getByRole('region', { name: 'Pictures being added' })
      .getByRole('article', { name: folder });
    await panel.getByText('1 picture added.').waitFor();
    await expect.poll(firstPicture, SOON).toBe('melon');
    await stage.page.reload();
    await panel.getByText('1 picture added.').waitFor();
    await panel.getByRole('button', { name: 'Put away' }).click();
    expect(await panel.count()).toBe(0);
  });

  it('says that the service is away, and goes on when it is back', async () => {
    await openNewest();
    await stage.page.route('**/graphql', (route) => route.abort());
    await field().fill('dog');
    await stage.page.getByRole('alert').getByText('OFFLINE').waitFor();
    // What was there stays in sight.
    expect(await stage.page.locator('.tile').count()).toBeGreaterThan(0);
    await stage.page.unrouteAll();
    // Nobody has to ask again: the page does.
    await headed('“dog”');
    expect(await firstPicture()).toBe('dog face');
    await expect.poll(() => stage.page.getByRole('alert').count(), SOON).toBe(0);
  });

  it('is there before the service is ready, says so, and shows the pictures when it is', async () => {
    const { url, letIn } = await stage.openEarly();
    const answer = await fetch(`${url}/graphql`, { method: 'POST' });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'STARTING' } }] });
    await stage.page.goto(url);
    await stage.page.getByRole('status').getByText('Semblance is starting').waitFor();
    const server = await letIn();
    expect(await firstPicture()).not.toBeNull();
    await expect.poll(() => stage.page.getByText('Semblance is starting').count(), SOON).toBe(0);
    await server.close();
  });

  it('leaves out a word with a minus before it', async () => {
    await stage.page.goto(`${stage.url}/?q=pet`);
    expect(await firstPicture()).toBe('dog face');
    await field().fill('pet -dog');
    await headed('“pet” without dog');
    expect(await firstPicture()).not.toBe('dog face');
    await stage.page.reload();
    await headed('“pet” without dog');
    await stage.page.getByRole('button', { name: 'Leave out dog', pressed: true }).click();
    await headed('“pet” and “dog”');
    await stage.page.getByRole('button', { name: 'Clear the search' }).click();
    await field().fill('-dog');
    await stage.page.getByText('What should the pictures show?').waitFor();
  });

  it('says that nothing matches where only sure hits are wanted, and shows the closest all the same', async () => {
    await stage.page.goto(`${stage.url}/?q=castle`);
    await firstPicture();
    await stage.page.getByLabel('Only sure ones').check();
    await stage.page.getByRole('heading', { name: 'Nothing here matches' }).waitFor();
    expect(await stage.page.locator('.tile').count()).toBe(0);
    expect(new URL(stage.page.url()).search).toBe('?q=castle&sure=1');
    await stage.page.getByRole('button', { name: 'Show the closest anyway' }).click();
    await firstPicture();
    expect(await stage.page.getByLabel('Only sure ones').isChecked()).toBe(false);
  });

  it('says of each hit how likely it is, and of the opened one why it was found', async () => {
    await stage.page.goto(`${stage.url}/?q=dog`);
    await firstPicture();
    expect(await stage.page.locator('.score').first().getAttribute('title')).toMatch(/Confidence [<>]?\d+ %\.$/);
    expect(await stage.page.locator('.tile-why').first().textContent()).toMatch(/^Found for \w+/);
    await stage.page.locator('.tile-picture').first().click();
    const why = stage.page.getByRole('dialog').getByRole('region', { name: 'Why it was found' });
    await why.getByText(/^[<>]?\d+ % sure$/).waitFor();
    expect(await why.locator('.why-word').count()).toBeGreaterThan(0);
  });
});
