// A picture of every view of the page, in light, in dark and on a phone, over the demo gallery on the real service:
// `npm run screenshots -- [--out FOLDER] [--data FOLDER] [--only NAME] [--docs]`. `--data` keeps the indexed gallery for the
// next run; `--docs` writes the three that the README shows into docs/ as well.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { build } from 'vite';
import { compose } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';
import { makeDemoGallery } from '../src/media/demo-gallery.ts';
import { ROOT } from '../src/root.ts';
import { startServer } from '../src/server/http-server.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    data: { type: 'string' },
    only: { type: 'string', multiple: true },
    docs: { type: 'boolean', default: false },
  },
});

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
} as const;
type Look = keyof typeof LOOKS;

interface View {
  readonly address: string;
  /** What is done there, and what is waited for. */
  ready(page: Page): Promise<unknown>;
}

const tiles = (page: Page) => page.locator('.grid[aria-busy="false"] .tile').first().waitFor();
const inDialog = (page: Page) => page.getByRole('dialog').waitFor();

const views = (ids: ReadonlyMap<string, string>): Readonly<Record<string, View>> => {
  const id = (name: string) => ids.get(`${name}.png`) ?? ids.get(`${name}.jpg`) ?? '1';
  const viewer = async (page: Page) => {
    await inDialog(page);
    await page.locator('.folder-walk').waitFor();
    await page.locator('.strip button').first().waitFor();
  };
  const tab = (name: string, ready: View['ready']) => ({ address: `/?view=library&tab=${name}`, ready });
  return {
    newest: { address: '/', ready: tiles },
    search: { address: '/?q=moon', ready: tiles },
    mix: { address: `/?q=in+the+snow&w=1.4&image=${id('penguin')}&not=bird`, ready: tiles },
    focus: {
      address: `/?image=${id('cowboy hat face')}&more=hat:0.8`,
      ready: (page) => Promise.all([tiles(page), page.getByRole('slider').first().waitFor()]),
    },
    nothing: { address: '/?q=a+parking+garage&sure=1', ready: (page) => page.locator('.nothing').waitFor() },
    viewer: { address: `/?q=moon&open=${id('crescent moon')}`, ready: viewer },
    box: {
      address: `/?open=${id('cat')}`,
      async ready(page) {
        await viewer(page);
        await page.getByRole('button', { name: 'Search a part' }).click();
        await page.getByRole('application').waitFor();
      },
    },
    add: {
      address: '/',
      async ready(page) {
        await tiles(page);
        await page.getByRole('button', { name: 'Add pictures' }).click();
        await inDialog(page);
      },
    },
    adding: {
      address: '/',
      async ready(page) {
        await tiles(page);
        await page.getByRole('button', { name: 'Add pictures' }).click();
        await page.getByLabel('Pictures to add').setInputFiles([
          { name: 'holiday notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') },
          { name: 'cut off.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a', 'hex') },
        ]);
        await page.getByText('2 refused').waitFor();
      },
    },
    map: {
      address: '/?view=map',
      async ready(page) {
        await page.locator('.map-window[data-thumbs]').waitFor({ timeout: 120_000 });
        await page.locator('.map-label.is-shown').first().waitFor();
      },
    },
    'map-near': {
      address: '/?view=map',
      async ready(page) {
        await page.locator('.map-window[data-thumbs]').waitFor({ timeout: 120_000 });
        const box = await page.getByRole('application').boundingBox();
        if (box === null) throw new Error('the map is not in sight');
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        // A small screen begins farther off.
        const thumbs = page.locator('.map-thumb img.is-loaded');
        for (let turn = 0; turn < 4 || (turn < 10 && (await thumbs.count()) < 4); turn++) {
          await page.mouse.wheel(0, -260);
          await page.waitForTimeout(250);
        }
        await page.mouse.move(box.x + 4, box.y + box.height - 4);
        await thumbs.nth(1).waitFor();
      },
    },
    'map-chosen': {
      address: '/?view=map',
      async ready(page) {
        await page.locator('.map-window[data-thumbs]').waitFor({ timeout: 120_000 });
        await page.getByRole('navigation', { name: 'Regions of the map' }).getByRole('button').first().click();
        await page.locator('.map-chosen li img').first().waitFor();
      },
    },
    'library-add': tab('add', (page) => page.locator('.library-work').waitFor()),
    'library-duplicates': tab('duplicates', (page) => page.locator('.duplicates, .nothing').first().waitFor()),
    'library-facets': tab('facets', (page) => page.locator('.facet').first().waitFor()),
    'library-words': tab('words', (page) => page.locator('.words-across').first().waitFor({ state: 'attached' })),
    'unknown-word': tab('words', async (page) => {
      await page.getByLabel('A word', { exact: true }).fill('gutiar');
      await page.keyboard.press('Enter');
      await page.getByRole('list', { name: 'Did you mean' }).waitFor();
    }),
    palette: {
      address: '/?q=cat',
      async ready(page) {
        await tiles(page);
        await page.keyboard.press('Control+k');
        await inDialog(page);
      },
    },
    away: {
      address: '/?q=cat',
      async ready(page) {
        await tiles(page);
        await page.route('**/graphql', (route) => route.abort());
        await page.getByRole('searchbox').fill('dog');
        await page.locator('.away').waitFor();
      },
    },
  };
};

/** Files of docs/, and what each shows. The README has room for 300 KB. */
const DOCS: Readonly<Record<string, { readonly view: string; readonly look: Look; readonly quality: number }>> = {
  'page.webp': { view: 'search', look: 'light', quality: 82 },
  'map.webp': { view: 'map-near', look: 'dark', quality: 80 },
  'phone.webp': { view: 'viewer', look: 'phone', quality: 80 },
};

const scratch = await mkdtemp(join(tmpdir(), 'semblance-screenshots-'));
const data = values.data === undefined ? scratch : resolve(values.data);
const webDirectory = join(scratch, 'web');
await build({
  configFile: join(ROOT, 'src/web/vite.config.ts'),
  build: { outDir: webDirectory, emptyOutDir: true },
  logLevel: 'error',
});
const app = await compose(readConfig({ data, log: 'silent' }, {}));
const gallery = join(data, 'gallery');
await makeDemoGallery(gallery, {});
await app.services.ingest.indexFolder(gallery).ended;
await app.wordly.bridge.make();
const server = await startServer({
  port: 0,
  host: '127.0.0.1',
  gate: { apiKeys: [], isLocal: true },
  services: app.services,
  thumbnails: app.thumbnails,
  webDirectory,
  schemaFile: join(ROOT, 'schema.graphql'),
  log: app.log,
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader'],
});
try {
  const names = new Map<string, string>();
  const all = await app.services.catalog.idsMatching({});
  for (const image of await app.services.catalog.getImages(all)) if (image) names.set(image.name, String(image.id));
  await mkdir(values.out, { recursive: true });
  for (const [name, view] of Object.entries(views(names))) {
    if (values.only !== undefined && !values.only.includes(name)) continue;
    for (const look of Object.keys(LOOKS) as Look[]) await take(browser, name, view, look);
  }
} finally {
  await browser.close();
  await server.close();
  await app.close();
  await rm(scratch, { recursive: true, force: true });
}

async function take(browser: Browser, name: string, view: View, look: Look): Promise<void> {
  const page = await browser.newPage({ ...LOOKS[look], reducedMotion: 'reduce' });
  try {
    await page.goto(`http://127.0.0.1:${server.port}${view.address}`);
    await view.ready(page);
    await page.waitForLoadState('networkidle').catch(() => {});
    await page.waitForTimeout(700);
    const shot = await page.screenshot();
    await writeFile(join(values.out, `${name}-${look}.png`), shot);
    for (const [file, { view, look: wanted, quality }] of Object.entries(DOCS)) {
      if (!values.docs || view !== name || wanted !== look) continue;
      await sharp(shot)
        .webp({ quality, effort: 6 })
        .toFile(join(ROOT, 'docs', file));
    }
    process.stdout.write(`${name}-${look}.png\n`);
  } catch (error) {
    process.stdout.write(`${name}-${look}: ${error instanceof Error ? error.message.split('\n')[0] : error}\n`);
    process.exitCode = 1;
  } finally {
    await page.close();
  }
}
