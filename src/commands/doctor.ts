// `semblance doctor`: each thing the service stands on, tried for real, with the remedy where it fails.
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { compose } from '../compose.ts';
import type { Config } from '../config.ts';
import { AppError, toAppError } from '../core/errors.ts';
import { createIndex } from '../vectors/make-index.ts';
import { type Output, printRows } from './terminal.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly says: string;
}

const LEAST_FREE_BYTES = 500 * 2 ** 20;

/** Returns 1 where anything is wrong. */
export async function doctor(config: Config, _args: readonly string[], output: Output): Promise<number> {
  const findings = [
    await tried('node', async () => `${process.version} on ${process.platform}-${process.arch}`),
    await tried('data folder', () => checkData(config)),
    await tried('index library', async () => {
      (await createIndex(config.index, { dimension: 8, metric: 'cosine' })).close();
      return `${config.index} loads`;
    }),
    await tried('service', () => checkService(config)),
  ];
  printRows(
    output,
    findings,
    ['check', '', 'finding'],
    findings.map(({ check, ok, says }) => [check, ok ? 'ok' : 'FAULT', says]),
  );
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

async function tried(check: string, run: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, says: await run() };
  } catch (error) {
    const { code, message } = toAppError(error);
    return { check, ok: false, says: `${message} [${code}]` };
  }
}

async function checkData({ dataDirectory }: Config): Promise<string> {
  try {
    await mkdir(dataDirectory, { recursive: true });
    await access(dataDirectory, constants.W_OK);
  } catch (cause) {
    throw new AppError('STORAGE_FAILED', `${dataDirectory} cannot be written; choose another with SEMBLANCE_DATA.`, {
      cause,
    });
  }
  const { bavail, bsize } = await statfs(dataDirectory);
  const free = bavail * bsize;
  if (free < LEAST_FREE_BYTES)
    throw new AppError(
      'STORAGE_FAILED',
      `${dataDirectory} has ${Math.floor(free / 2 ** 20)} MiB left; free some space.`,
    );
  return `${dataDirectory}, ${(free / 2 ** 30).toFixed(1)} GiB free`;
}

/** The whole service is opened, and a text is embedded and searched for. */
async function checkService(config: Config): Promise<string> {
  const app = await compose(config);
  try {
    const { imageCount, model, index } = await app.services.library.status();
    await app.services.search.searchByText('a picture', { first: 1 });
    return `${model.id} reads texts; ${imageCount} pictures, ${index.size} vectors in ${index.kind} (${index.state.toLowerCase()})`;
  } finally {
    await app.close();
  }
}
