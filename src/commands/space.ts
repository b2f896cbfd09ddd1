// `semblance space`: add, list, remove and import embedding spaces. `semblance export` writes one to files.
import { resolve } from 'node:path';
import type { App } from '../compose.ts';
import type { Config } from '../config.ts';
import { AppError } from '../core/errors.ts';
import { defineSpace } from '../services/spaces/space-definition.ts';
import { exportSpace } from '../services/spaces/space-export.ts';
import { importSpace } from '../services/spaces/space-import.ts';
import { assertDone, followJob, type Output, printJson, printRows, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export interface SpaceOptions extends Output {
  readonly encoder?: string;
  readonly metric?: string;
  readonly index?: string;
  readonly reduce?: string;
  readonly map?: string;
}

const ACTIONS: Readonly<Record<string, (app: App, args: readonly string[], options: SpaceOptions) => Promise<number>>> =
  {
    add,
    list,
    remove,
    import: importFiles,
  };

export async function space(config: Config, args: readonly string[], options: SpaceOptions): Promise<number> {
  const [name = '', ...rest] = args;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) {
    const message = `semblance space expects ${Object.keys(ACTIONS).join(', ')}; got "${name}".`;
    throw new AppError('BAD_ARGUMENT', message);
  }
  return withApp(config, (app) => action(app, rest, options));
}

/** Done again after it was cut short, it goes on where it stopped. */
async function add(app: App, args: readonly string[], options: SpaceOptions): Promise<number> {
  const name = only(args, 'space add NAME');
  const { encoder, metric, index, reduce } = options;
  await app.spaces.add(defineSpace({ name, encoder, metric, index, reduce }));
  const job = await followJob(app.upkeep.fill(name), `Embedding for ${name}`);
  assertDone(job);
  // The next command finds a finished index file instead of building its own.
  await (await app.spaces.get(name)).vectors.index.rebuild();
  const status = (await app.spaces.list()).find((one) => one.name === name);
  if (options.json) printJson({ ...status, embedded: job.added, skipped: job.skipped });
  else
    say(
      `${name}: ${job.added} pictures embedded, ${status?.pictures} in the space, ${status?.dimension} numbers each.`,
    );
  return 0;
}

async function list(app: App, _args: readonly string[], options: SpaceOptions): Promise<number> {
  const spaces = await app.spaces.list();
  const rows = spaces.map(({ name, encoder, dimension, metric, index, reduction, hasText, pictures, problem }) => [
    name,
    problem ?? encoder,
    `${dimension}`,
    metric,
    `${index.kind}, ${index.state.toLowerCase()}`,
    reduction ?? '',
    hasText ? 'yes' : '',
    `${pictures}`,
  ]);
  const headings = ['space', 'encoder', 'numbers', 'metric', 'index', 'reduction', 'texts', 'pictures'];
  printRows(options, spaces, headings, rows);
  return 0;
}

async function remove(app: App, args: readonly string[], options: SpaceOptions): Promise<number> {
  const name = only(args, 'space remove NAME');
  await app.spaces.remove(name);
  if (options.json) printJson({ removed: name });
  else say(`The space ${name} is gone; the pictures stay.`);
  return 0;
}

async function importFiles(app: App, args: readonly string[], options: SpaceOptions): Promise<number> {
  const [name, features, ...more] = args;
  const { map, metric, index, reduce } = options;
  if (name === undefined || features === undefined || more.length > 0 || map === undefined)
    throw new AppError('BAD_ARGUMENT', 'Expected: semblance space import NAME features.npy --map map.json.');
  const { catalog } = app.services;
  const request = { name, features, map, metric, index, reduce };
  const outcome = await importSpace({ catalog, spaces: app.spaces }, request);
  await (await app.spaces.get(name)).vectors.index.rebuild();
  if (options.json) {
    printJson(outcome);
    return 0;
  }
  say(`${name}: ${outcome.pictures} of ${outcome.rows} rows fit a picture, ${outcome.dimension} numbers each.`);
  for (const row of outcome.unmatched.slice(0, 10)) say(`  no picture for ${row}`);
  if (outcome.unmatched.length > 10) say(`  ... and ${outcome.unmatched.length - 10} more; \`--json\` lists them.`);
  return 0;
}

export async function exportVectors(
  config: Config,
  args: readonly string[],
  options: Output & { readonly space?: string },
): Promise<number> {
  const file = only(args, 'export --space NAME out.npy');
  if (!file.endsWith('.npy'))
    throw new AppError('BAD_ARGUMENT', `A file that ends in .npy is expected, got "${file}".`);
  return withApp(config, async ({ services, spaces }) => {
    const target = resolve(file);
    const outcome = await exportSpace(services.catalog, await spaces.get(options.space), target).catch(
      (cause: unknown) => {
        if (cause instanceof AppError) throw cause;
        throw new AppError('STORAGE_FAILED', `${target} cannot be written; choose another place.`, { cause });
      },
    );
    if (options.json) printJson({ file: target, ...outcome });
    else say(`${outcome.rows} vectors of ${outcome.dimension} numbers: ${target}; their pictures: ${outcome.map}`);
    return 0;
  });
}

function only([first, ...more]: readonly string[], usage: string): string {
  if (first === undefined || more.length > 0) throw new AppError('BAD_ARGUMENT', `Expected: semblance ${usage}.`);
  return first;
}
