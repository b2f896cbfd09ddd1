// Everything a test of the page needs: the built page, the real service with the starter model over a handful of real
// drawings, and Debian's Chromium with a fresh profile.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { listDrawings } from '../../src/media/drawings.ts';
import { ROOT } from '../../src/root.ts';
import { openFrontDoor } from '../../src/server/front-door.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/http-server.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { builtPage, emptyLibrary } from './kept.ts';

export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);
export const TITLE_SUFFIX = hasChromium ? '' : ` (skipped: ${CHROMIUM} is not installed)`;
export const API_KEY = 'a key of sixteen characters or more';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Drawings of the demo gallery that look nothing like each other. */
const DRAWN = ['cat face', 'automobile', 'pizza', 'rose', 'guitar', 'bicycle', 'dog face'];

export interface Stage {
  readonly app: TestApp;
  readonly url: string;
  /** The same library behind an API key. */
  readonly lockedUrl: string;
  readonly page: Page;
  /** What the page did against its own rules: policy violations, errors, requests to other hosts. Empty is right. */
  readonly faults: string[];
  /** The same library behind a door that is open before the service is ready; `letIn` makes it ready. */
  openEarly(): Promise<{ readonly url: string; letIn(): Promise<RunningServer> }>;
  stop(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [app, webDirectory] = await Promise.all([
    emptyLibrary().then((directory) => startTestApp({ flags: { model: 'starter' }, directory })),
    builtPage(),
  ]);
  await drawGallery(join(app.directory, 'gallery'));
  await app.index(join(app.directory, 'gallery'));
  const open = await serve(app, webDirectory, []);
  const locked = await serve(app, webDirectory, [API_KEY]);
  const browser = await chromium.launchPersistentContext(join(app.directory, 'profile'), {
    executablePath: CHROMIUM,
    args: FLAGS,
    viewport: { width: 1200, height: 800 },
  });
  const url = `http://127.0.0.1:${open.port}`;
  const faults: string[] = [];
  const hosts = new Set([open.port, locked.port].map((port) => `127.0.0.1:${port}`));
  const page = await watchedPage(browser, hosts, faults);
  return {
    app,
    url,
    lockedUrl: `http://127.0.0.1:${locked.port}`,
    page,
    faults,
    async openEarly() {
      const door = await openFrontDoor({ port: 0, host: '127.0.0.1', webDirectory });
      hosts.add(`127.0.0.1:${door.port}`);
      return {
        url: `http://127.0.0.1:${door.port}`,
        letIn: () => startServer({ ...serverOptions(app, webDirectory, []), door }),
      };
    },
    async stop() {
      await browser.close();
      await Promise.all([open.close(), locked.close()]);
      await app.stop();
      await rm(app.directory, { recursive: true, force: true });
    },
  };
}

/** A drawing as a picture file; the margin keeps a model's crop from cutting into it. */
export async function drawing(name: string, side = 256, format: 'png' | 'jpeg' = 'png'): Promise<Buffer> {
  const found = (await listDrawings()).find(({ path }) => path.endsWith(`/${name}.png`));
  if (found === undefined) throw new Error(`no drawing is called ${name}`);
  const inner = Math.round(side * 0.84);
  const margin = Math.round((side - inner) / 2);
  return sharp(found.svg, { density: 400 })
    .resize(inner, inner)
    .flatten({ background: '#ffffff' })
    .extend({ top: margin, bottom: margin, left: margin, right: margin, background: '#ffffff' })
    .toFormat(format)
    .toBuffer();
}

/** Two drawings side by side in one picture. */
export async function pairOfDrawings(left: string, right: string): Promise<Buffer> {
  const side = 260;
  return sharp({ create: { width: 2 * side, height: side, channels: 3, background: '#ffffff' } })
    .composite([
      { input: await drawing(left), left: 0, top: 0 },
      { input: await drawing(right), left: side, top: 0 },
    ])
    .png()
    .toBuffer();
}

async function drawGallery(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of DRAWN) await writeFile(join(folder, `${name}.png`), await drawing(name));
}

function serve(app: TestApp, webDirectory: string, apiKeys: readonly string[]): Promise<RunningServer> {
  return startServer(serverOptions(app, webDirectory, apiKeys));
}

function serverOptions({ app }: TestApp, webDirectory: string, apiKeys: readonly string[]): ServerOptions {
  return {
    port: 0,
    host: '127.0.0.1',
    gate: { apiKeys, isLocal: true },
    services: app.services,
    thumbnails: app.thumbnails,
    webDirectory,
    schemaFile: join(ROOT, 'schema.graphql'),
    log: app.log,
  };
}

/** `hosts` are those of the service: whatever the page asks of another is a fault. */
async function watchedPage(browser: BrowserContext, hosts: ReadonlySet<string>, faults: string[]): Promise<Page> {
  const page = browser.pages()[0] ?? (await browser.newPage());
  // Shorter than a test may take, so that a failure names what was waited for.
  page.setDefaultTimeout(25_000);
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  const check = (address: string) => {
    const { protocol, host } = new URL(address);
    if (protocol !== 'blob:' && protocol !== 'data:' && !hosts.has(host)) faults.push(`asked for ${address}`);
  };
  page.on('request', (request) => check(request.url()));
  page.on('websocket', (socket) => check(socket.url()));
  return page;
}
