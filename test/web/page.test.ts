// The page in a real browser against the real service with the starter model: words, pictures, addresses, faults.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawing, hasChromium, openStage, type Stage, TITLE_SUFFIX } from './stage.ts';

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
  });

  it('says that the service is away, and goes on when it is back', async () => {
    await openNewest();
    await stage.page.route('**/graphql', (route) => route.abort());
    await field().fill('dog');
    await stage.page.getByRole('alert').getByText('OFFLINE').waitFor();
    await stage.page.unrouteAll();
    await stage.page.getByRole('button', { name: 'Try again' }).click();
    expect(await firstPicture()).toBe('dog face');
  });
});
