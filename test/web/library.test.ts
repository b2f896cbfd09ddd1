// The library view in a real browser against the real service: what comes in, what is there twice, what is counted, which
// words lie near each other.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebSocketRoute } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seriousFaults } from './serious-faults.ts';
import { drawing, hasChromium, openStage, type Stage, TITLE_SUFFIX } from './stage.ts';

describe.skipIf(!hasChromium)(`the library view${TITLE_SUFFIX}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.stop());
  afterEach(() => expect(stage.faults.splice(0)).toEqual([]));

  const open = async (tab: string) => {
    await stage.page.goto(`${stage.url}/?view=library&tab=${tab}`);
    await stage.page.getByRole('tabpanel').waitFor();
  };
  const heading = (text: string) => stage.page.getByRole('heading', { level: 1 }).filter({ hasText: text });

  it('takes in a dropped folder with everything below it, and names the broken file with its reason', async () => {
    await open('add');
    const [rocket, melon] = [await drawing('rocket'), await drawing('watermelon')];
    await dropFolder({
      'my pictures/rocket.png': rocket,
      'my pictures/summer/melon.png': melon,
      'my pictures/summer/torn.jpg': Buffer.from('this is no picture'),
      'my pictures/.DS_Store': Buffer.from('stray'),
    });
    const panel = stage.page.getByRole('article', { name: 'Your files' });
    await panel.getByText('2 pictures added, 1 refused.').waitFor();
    const refusal = panel.getByRole('listitem').filter({ hasText: 'torn.jpg' });
    expect(await refusal.locator('code').textContent()).toBe('NOT_A_PICTURE');
    expect((await refusal.textContent())?.length).toBeGreaterThan('torn.jpg NOT_A_PICTURE'.length + 10);
  });

  it('follows a folder of the service live, and finds the work again after a reload', async () => {
    const folder = join(stage.app.directory, 'more pictures');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'snail.png'), await drawing('snail'));
    await writeFile(join(folder, 'broken.png'), (await drawing('snail')).subarray(0, 900));
    await open('add');
    await stage.page.getByLabel('A folder on the machine that runs Semblance').fill(folder);
    const isLive = stage.page.waitForEvent('websocket');
    await stage.page.keyboard.press('Enter');
    await isLive;
    const panel = stage.page.getByRole('article', { name: folder });
    await panel.getByText('1 picture added, 1 refused.').waitFor();
    await panel.getByText('PICTURE_BROKEN').waitFor();
    await stage.page.reload();
    await panel.getByText('1 picture added, 1 refused.').waitFor();
  });

  it('finds work that runs already, and goes on telling of it after the connection broke', async () => {
    let isDone = () => {};
    const job = stage.app.app.services.jobs.start(
      'INDEX_FOLDER',
      () =>
        new Promise<void>((resolve) => {
          isDone = resolve;
        }),
      '/elsewhere',
    );
    job.found = 9;
    job.foundAll = true;
    const connections: WebSocketRoute[] = [];
    await stage.page.routeWebSocket('**/graphql', (route) => {
      route.connectToServer();
      connections.push(route);
    });
    await open('add');
    const panel = stage.page.getByRole('article', { name: '/elsewhere' });
    await panel.getByText('0 of 9 files').waitFor();
    job.countAdded(4);
    await panel.getByText('4 of 9 files').waitFor();
    await connections[0]?.close({ code: 1001, reason: 'gone' });
    await stage.page.getByText('The connection broke').waitFor();
    job.countAdded(3);
    await panel.getByText('7 of 9 files').waitFor();
    expect(connections.length).toBeGreaterThan(1);
    job.countAdded(2);
    isDone();
    await panel.getByText('9 pictures added.').waitFor();
  });

  it('shows why pictures are duplicates; a group that is none disappears for good, a removed picture too', async () => {
    const folder = join(stage.app.directory, 'twice');
    await mkdir(folder, { recursive: true });
    for (const name of ['pizza', 'guitar']) {
      const smaller = await sharp(await drawing(name))
        .resize(200, 200)
        .jpeg()
        .toBuffer();
      await writeFile(join(folder, `${name} again.jpg`), smaller);
    }
    await stage.app.index(folder);
    await open('duplicates');
    const group = (name: string) => stage.page.getByRole('article').filter({ hasText: `${name} again.jpg` });
    await group('pizza').getByRole('img', { name: 'pizza again' }).click();
    await stage.page.getByRole('dialog', { name: 'pizza again.jpg' }).waitFor();
    expect(new URL(stage.page.url()).search).toMatch(/^\?view=library&tab=duplicates&open=\d+$/);
    await stage.page.keyboard.press('Escape');
    await stage.page.waitForURL('**/?view=library&tab=duplicates');
    await group('pizza')
      .getByText(/perceptual hash/)
      .waitFor();
    await group('pizza').getByRole('button', { name: 'Not duplicates' }).click();
    await group('pizza').waitFor({ state: 'detached' });
    await group('guitar').getByRole('button', { name: 'Remove guitar again.jpg' }).click();
    await stage.page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await group('guitar').waitFor({ state: 'detached' });
    await stage.page.reload();
    await stage.page.getByRole('heading', { name: 'No duplicates of this kind' }).waitFor();
    const { data } = await stage.app.query('{ images(first: 100) { edges { node { name } } } }');
    const names = data.images.edges.map(({ node }: { node: { name: string } }) => node.name);
    expect(names).toContain('pizza again.jpg');
    expect(names).not.toContain('guitar again.jpg');
  });

  it('counts the labels that one types, and a click searches for one', async () => {
    await open('facets');
    await stage.page.getByLabel('Labels, with commas between them').fill('cat, guitar, submarine');
    const { data } = await stage.app.query(
      '{ library { imageCount } facets(labels: ["cat", "guitar", "submarine"]) { count } }',
    );
    const counts: number[] = data.facets.map(({ count }: { count: number }) => count);
    expect(counts.reduce((a, b) => a + b)).toBe(data.library.imageCount);
    const row = (label: string) => stage.page.getByRole('button', { name: new RegExp(`^${label}`) });
    for (const [i, label] of ['cat', 'guitar', 'submarine'].entries()) {
      await row(label)
        .getByText(new RegExp(`^${counts[i]} picture`))
        .waitFor();
    }
    await row('guitar').click();
    await heading('“guitar”').waitFor();
    await stage.page.goBack();
    await row('guitar').waitFor();
  });

  it('shows the words around a word as a graph and as a list, goes on from word to word, and to pictures', async () => {
    await open('words');
    await stage.page.getByLabel('A word', { exact: true }).fill('guitar');
    await stage.page.keyboard.press('Enter');
    const list = stage.page.getByRole('list', { name: 'Words around guitar, nearest first' });
    await list.waitFor();
    expect(await list.getByRole('listitem').count()).toBe(12);
    expect(await stage.page.locator('.words-plane g').count()).toBe(13);
    // The links among the neighbours come after those to the middle.
    await stage.page.locator('.words-across').first().waitFor({ state: 'attached' });
    const next = (await stage.page.locator('.words-node text').first().textContent()) ?? '';
    await stage.page.locator('.words-node').first().click();
    await stage.page.getByRole('list', { name: `Words around ${next}, nearest first` }).waitFor();
    await stage.page.getByRole('button', { name: `Pictures of ${next}`, exact: true }).click();
    await heading(`“${next}”`).waitFor();
  });

  it('offers the nearest spellings of a word that is not known, and goes to the one that is meant', async () => {
    await open('words');
    await stage.page.getByLabel('A word', { exact: true }).fill('gutiar');
    await stage.page.keyboard.press('Enter');
    const alert = stage.page.getByRole('alert');
    await alert.getByText('UNKNOWN_WORD').waitFor();
    await alert
      .getByRole('list', { name: 'Did you mean' })
      .getByRole('button', { name: 'guitar', exact: true })
      .click();
    await stage.page.getByRole('list', { name: 'Words around guitar, nearest first' }).waitFor();
    expect(await alert.count()).toBe(0);
  });

  it('shows every tab whole on a phone', async () => {
    await stage.page.setViewportSize({ width: 390, height: 780 });
    await open('words');
    const tabs = await stage.page.getByRole('tab').all();
    const ends = await Promise.all(tabs.map(async (tab) => (await tab.boundingBox()) ?? { x: 0, width: 999 }));
    expect(Math.max(...ends.map(({ x, width }) => x + width))).toBeLessThanOrEqual(390);
    await stage.page.setViewportSize({ width: 1200, height: 800 });
  });

  it('has no fault that axe calls serious on any tab, goes through tabs by arrows, and fits a phone', async () => {
    await stage.page.emulateMedia({ reducedMotion: 'reduce' });
    await open('add');
    await stage.page.getByRole('tab', { name: 'Add & jobs' }).focus();
    for (const colorScheme of ['light', 'dark'] as const) {
      await stage.page.emulateMedia({ colorScheme });
      for (const name of ['Duplicates', 'Facets', 'Words', 'Add & jobs']) {
        await stage.page.keyboard.press('ArrowRight');
        await stage.page.getByRole('tabpanel', { name }).waitFor();
        expect(await seriousFaults(stage.page)).toEqual([]);
      }
    }
    await stage.page.setViewportSize({ width: 320, height: 700 });
    for (let i = 0; i < 4; i++) {
      await stage.page.keyboard.press('ArrowRight');
      expect(await stage.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320);
    }
    await stage.page.setViewportSize({ width: 1200, height: 800 });
  });

  /** Drops folders as the browser does: entries that are read a few at a time. A real drag cannot be made from outside. */
  async function dropFolder(files: Readonly<Record<string, Buffer>>): Promise<void> {
    const given = Object.entries(files).map(([path, bytes]) => [path, bytes.toString('base64')]);
    await stage.page.evaluate(`(() => {
      const root = {};
      for (const [path, base64] of ${JSON.stringify(given)}) {
        const parts = path.split('/');
        const name = parts.pop();
        let folder = root;
        for (const part of parts) folder = folder[part] ??= {};
        folder[name] = new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name);
      }
      const entryOf = (name, node) => node instanceof File
        ? { isDirectory: false, isFile: true, name, fullPath: '/' + name, file: (take) => take(node) }
        : { isDirectory: true, isFile: false, name, fullPath: '/' + name, createReader() {
            const children = Object.entries(node).map(([name, child]) => entryOf(name, child));
            return { readEntries: (take) => take(children.splice(0, 2)) };
          } };
      const items = Object.entries(root).map(([name, node]) => ({ kind: 'file', webkitGetAsEntry: () => entryOf(name, node) }));
      const event = new Event('drop', { bubbles: true, cancelable: true });
      Object.defineProperty(event, 'dataTransfer', { value: { items, files: [], types: ['Files'] } });
      document.querySelector('.library-add .drop-target').dispatchEvent(event);
    })()`);
  }
});
