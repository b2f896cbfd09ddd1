// `semblance serve` and `npm start`: opens the service, listens, and takes in the folders it was given, or the demo
// gallery where the library is empty.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App } from '../compose.ts';
import { type Config, isLoopback } from '../config.ts';
import { ROOT } from '../root.ts';
import { type FrontDoor, openFrontDoor } from '../server/front-door.ts';
import type { RunningServer, ServerOptions } from '../server/http-server.ts';
import { downloadProgress } from './download-progress.ts';
import { followJob, progressBar, say } from './terminal.ts';

/** Serves until a signal ends it. Resolves once everything is closed. */
export async function serve(config: Config, folders: readonly string[]): Promise<void> {
  // Whoever opens the page early sees it at once, and the pictures as soon as the model is read.
  const door = await openFrontDoor({ port: config.port, host: config.host, webDirectory: webDirectory() });
  const { app, server } = await openService(config, door).catch(async (error: unknown) => {
    await door.close();
    throw error;
  });
  const stopped = stopOnSignal(app, server);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host === '127.0.0.1' ? 'localhost' : config.host;
  const address = `http://${host}:${server.port}`;
  const isEmpty = (await app.services.catalog.countImages({})) === 0;
  if (folders.length > 0 || isEmpty) {
    say(`The page is open at ${address} while pictures are indexed.`);
    prepareAhead(app);
    await takeIn(app, folders.length > 0 ? folders : [await demoGallery(config)]);
    announce(address, await app.services.catalog.countImages({}));
  } else {
    announce(address, await app.services.catalog.countImages({}));
    prepareAhead(app);
    await lookAgain(app);
  }
  await bringUpToDate(app);
  await stopped;
}

async function openService(config: Config, door: FrontDoor): Promise<{ app: App; server: RunningServer }> {
  // Their code is read only now, when the door is open: before it, the page would wait for them.
  const { compose } = await import('../compose.ts');
  // The towers load in threads of their own meanwhile: together half a second less.
  const [app, { startServer }] = await Promise.all([
    compose(config, { onDownload: downloadProgress() }),
    import('../server/http-server.ts'),
  ]);
  try {
    return { app, server: await startServer({ ...serverOptions(app, config), door }) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** What the first query and the first words would otherwise wait for. */
function prepareAhead(app: App): void {
  app.wordly.start();
  app.warmUp().catch((err: unknown) => app.log.warn({ err }, 'Queries could not be prepared ahead'));
}

function announce(address: string, count: number): void {
  process.stdout.write(`
Semblance is ready: ${count} pictures.
  page     ${address}
  GraphQL  ${address}/graphql
`);
}

function serverOptions(app: App, config: Config): ServerOptions {
  return {
    port: config.port,
    host: config.host,
    gate: { apiKeys: config.apiKeys, isLocal: isLoopback(config.host) },
    services: app.services,
    thumbnails: app.thumbnails,
    webDirectory: webDirectory(),
    schemaFile: join(ROOT, 'schema.graphql'),
    log: app.log,
  };
}

function webDirectory(): string | undefined {
  const directory = join(ROOT, 'dist', 'web');
  return existsSync(directory) ? directory : undefined;
}

async function demoGallery(config: Config): Promise<string> {
  const directory = join(config.dataDirectory, 'gallery');
  say('The library is empty, so the demo gallery is made (drawings: Twemoji, CC BY 4.0; photographs: public domain).');
  const { makeDemoGallery } = await import('../media/demo-gallery.ts');
  await makeDemoGallery(directory, { onProgress: progressBar('Drawing') });
  return directory;
}

async function takeIn(app: App, folders: readonly string[]): Promise<void> {
  await app.wordly.bridge.opened();
  for (const folder of folders) {
    const { error, removed } = await followJob(app.services.ingest.indexFolder(resolve(folder)), 'Indexing');
    if (removed > 0) say(`  ${removed} pictures are gone from disk and were taken out.`);
    if (error !== null) say(`semblance: ${folder}: ${error.message} [${error.code}]`);
  }
}

/** A later start: what changed in the known folders is taken in while the service already answers. */
async function lookAgain(app: App): Promise<void> {
  await app.wordly.bridge.opened();
  for (const folder of await app.services.catalog.folders()) {
    const job = app.services.ingest.indexFolder(folder);
    await job.ended;
    const { added, removed, error } = job.snapshot();
    if (added > 0 || removed > 0) say(`${folder}: ${added} pictures added, ${removed} gone.`);
    if (error !== null && error.code !== 'SHUTTING_DOWN') say(`semblance: ${folder}: ${error.message} [${error.code}]`);
  }
}

/** Last, because the bridge wants the text tower for some seconds, and tags are computed anew with it. */
async function bringUpToDate(app: App): Promise<void> {
  await app.wordly.bridge.make();
  const job = await app.reembed.startIfNeeded();
  if (job !== undefined) await followJob(job, 'Bringing the library up to this model');
}

/** SIGINT and SIGTERM drain and close; a second one ends the process at once. */
function stopOnSignal(app: App, server: RunningServer): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      server
        .close()
        .then(() => app.close())
        .catch((error: unknown) => app.log.error({ err: error }, 'closing failed'))
        .then(resolve);
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
