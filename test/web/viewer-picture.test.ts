// One picture, large, in a real browser: its facts, its folder, its tags, its neighbours, and a box drawn on it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawing, hasChromium, openStage, pairOfDrawings, type Stage, TITLE_SUFFIX } from './stage.ts';

/** A query on a busy machine. */
const SOON = { timeout: 10_000 };

describe.skipIf(!hasChromium)(`a picture that is opened${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  const ids = new Map<string, string>();
  beforeAll(async () => {
    stage = await openStage();
    const gallery = join(stage.app.directory, 'gallery');
    await writeFile(join(gallery, 'pair.png'), await pairOfDrawings('dog face', 'pizza'));
    const photo = sharp(await drawing('banana'))
      .jpeg()
      .withExif({
        IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
        IFD2: {
          LensModel: 'EF 50mm',
          ExposureTime: '1/250',
          FNumber: '28/10',
          ISOSpeedRatings: '400',
          FocalLength: '50/1',
        },
      });
    await writeFile(join(gallery, 'photo.jpg'), await photo.toBuffer());
    await stage.app.index(gallery);
    const { data } = await stage.app.query('{ images(first: 50) { edges { node { id name } } } }');
    for (const { node } of data.images.edges) ids.set(node.name, node.id);
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const dialog = (name: string) => stage.page.getByRole('dialog', { name });
  const headed = (text: string) => stage.page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
  const firstPicture = async () => {
    await stage.page.locator('.grid[aria-busy="false"] .tile').first().waitFor();
    return stage.page.locator('.tile-picture img').first().getAttribute('alt');
  };
  const open = async (name: string) => {
    await stage.page.goto(`${stage.url}/?open=${ids.get(name)}`);
    await dialog(name).waitFor();
    await stage.page.locator('.folder-walk').waitFor();
  };

  it('tells what the camera wrote and where the picture lies, and walks on in the folder', async () => {
    await open('photo.jpg');
    const facts = await dialog('photo.jpg').getByRole('definition').allTextContents();
    expect(facts).toEqual([
      expect.stringMatching(/^25\d × 25\d · /),
      'Canon EOS 5D',
      'EF 50mm',
      '1/250 s · f/2.8 · 50 mm · ISO 400',
    ]);
    const folder = stage.page.getByRole('region', { name: 'Folder' });
    expect(await folder.getByRole('paragraph').innerText()).toMatch(/^gallery\s+7 of 9$/);
    await folder.getByRole('button', { name: 'Next in the folder' }).click();
    await dialog('pizza.png').waitFor();
    await folder.getByRole('button', { name: 'Previous in the folder' }).click();
    await dialog('photo.jpg').waitFor();
  });

  it('is closed by going back, walks through the answer by arrow keys, and survives a reload', async () => {
    await stage.page.goto(`${stage.url}/?q=cat`);
    expect(await firstPicture()).toBe('cat face');
    await stage.page.locator('.tile-picture').first().click();
    await dialog('cat face.png').waitFor();
    await stage.page.keyboard.press('ArrowRight');
    const second = await stage.page.locator('.tile-picture img').nth(1).getAttribute('alt');
    await dialog(`${second}.png`).waitFor();
    await stage.page.keyboard.press('ArrowLeft');
    await dialog('cat face.png').waitFor();
    await stage.page.reload();
    await dialog('cat face.png').waitFor();
    await stage.page.goBack();
    await expect.poll(() => stage.page.getByRole('dialog').count(), SOON).toBe(0);
    expect(new URL(stage.page.url()).search).toBe('?q=cat');
  });

  it("takes tags of one's own, finds by them, and forgets them", async () => {
    await open('rose.png');
    const field = stage.page.getByLabel('Add a tag of your own');
    await field.fill('grandmother');
    await field.press('Enter');
    await stage.page.getByRole('button', { name: 'Show all tagged grandmother' }).click();
    await headed('Pictures tagged grandmother');
    expect(await firstPicture()).toBe('rose');
    expect(await stage.page.locator('.tile').count()).toBe(1);
    const search = stage.page.getByRole('searchbox');
    await stage.page.getByRole('button', { name: 'Remove the tag grandmother from the search' }).click();
    await headed('Newest pictures');
    await search.fill('plant #grandmother');
    await headed('“plant” tagged grandmother');
    expect(await stage.page.locator('.tile').count()).toBe(1);
    await stage.page.locator('.tile-picture').first().click();
    await stage.page.getByRole('button', { name: 'Remove the tag grandmother', exact: true }).click();
    await expect
      .poll(() => stage.page.getByRole('button', { name: 'Show all tagged grandmother' }).count(), SOON)
      .toBe(0);
    await stage.page.goto(`${stage.url}/?tag=grandmother`);
    await stage.page.getByRole('heading', { name: 'No picture carries this tag' }).waitFor();
  });

  it('searches for the part that a box is drawn around, by pointer and by keys', async () => {
    await open('pair.png');
    await stage.page.getByRole('button', { name: 'Search a part' }).click();
    const area = stage.page.getByRole('application');
    const box = await area.boundingBox();
    if (box === null) throw new Error('nothing to draw on');
    const { mouse, keyboard } = stage.page;
    await mouse.move(box.x + box.width * 0.52, box.y + box.height * 0.03);
    await mouse.down();
    await mouse.move(box.x + box.width * 0.98, box.y + box.height * 0.97, { steps: 4 });
    await mouse.up();
    await headed('Similar to part of pair');
    expect(new URL(stage.page.url()).search).toMatch(/^\?image=\d+&box=0\.5\d*%2C0\.0\d*%2C0\.4\d*%2C0\.9\d*$/);
    expect(await firstPicture()).toBe('pizza');
    await open('pair.png');
    await stage.page.getByRole('button', { name: 'Search a part' }).press('Enter');
    // The box begins in the middle half: to the left edge, and as high as the picture.
    for (let i = 0; i < 5; i++) await keyboard.press('ArrowLeft');
    for (let i = 0; i < 5; i++) await keyboard.press('ArrowUp');
    for (let i = 0; i < 10; i++) await keyboard.press('Shift+ArrowDown');
    await keyboard.press('Enter');
    await headed('Similar to part of pair');
    expect(await firstPicture()).toBe('dog face');
  });

  it('shows its neighbours, and others when a slider asks for more of a tag', async () => {
    await open('pair.png');
    const neighbor = () => stage.page.locator('.strip button').first().getAttribute('aria-label');
    const slider = stage.page.getByRole('dialog').getByRole('slider', { name: 'More of dog' });
    await expect.poll(neighbor, SOON).toBe('Open pizza');
    await slider.fill('1');
    await expect.poll(neighbor, SOON).toBe('Open dog face');
    await stage.page.getByRole('button', { name: 'Find similar' }).click();
    await headed('Similar to pair');
    expect(new URL(stage.page.url()).search).toMatch(/^\?image=\d+&more=dog%3A1$/);
    expect(await firstPicture()).toBe('dog face');
  });
});
