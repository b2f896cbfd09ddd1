// Things that every test file of the page needs and that take seconds to make: made once for the same sources, and kept where
// npm keeps what can be thrown away. Every test file runs in a process of its own.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { build } from 'vite';
import { ROOT } from '../../src/root.ts';
import { startTestApp } from '../support/app.ts';

const KEPT_IN = join(ROOT, 'node_modules/.cache/semblance-tests');

/** The folder of the built page; not to be written to. */
export function builtPage(): Promise<string> {
  const isOfPage = (file: string) => file.startsWith(join('src', 'web') + sep);
  return kept('page', isOfPage, async (folder) => {
    await build({
      configFile: join(ROOT, 'src/web/vite.config.ts'),
      build: { outDir: folder, emptyOutDir: true },
      logLevel: 'error',
    });
  });
}

/** A new folder with the data of a library without pictures, whose vocabulary the starter model has read. The caller removes it. */
export async function emptyLibrary(): Promise<string> {
  const isOfService = (file: string) => !file.startsWith(join('src', 'web') + sep);
  const folder = await kept('library', isOfService, async (directory) => {
    await (await startTestApp({ flags: { model: 'starter' }, directory })).stop();
  });
  const copy = await mkdtemp(join(tmpdir(), 'semblance-test-'));
  await cp(folder, copy, { recursive: true });
  return copy;
}

/** What `make` writes, from the sources that count. What was made of other sources is removed. */
async function kept(
  name: string,
  counts: (file: string) => boolean,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const prefix = `${name}-${await fingerprint(counts)}`;
  const folder = join(KEPT_IN, prefix);
  if (existsSync(folder)) return folder;
  await mkdir(KEPT_IN, { recursive: true });
  // Beside, and renamed when it is whole: another process may make the same just now.
  const draft = await mkdtemp(join(KEPT_IN, `${prefix}-draft-`));
  await make(draft);
  await rename(draft, folder).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  for (const other of await readdir(KEPT_IN)) {
    if (!other.startsWith(prefix) && other.startsWith(`${name}-`)) {
      await rm(join(KEPT_IN, other), { recursive: true, force: true });
    }
  }
  return folder;
}

/** Of the sources that count, the models' notes and the packages' versions. */
async function fingerprint(counts: (file: string) => boolean): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(join(ROOT, 'src'), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
  for (const file of [...files.filter(counts).toSorted(), 'package-lock.json', 'models/README.md']) {
    hash.update(`${file}\0`).update(await readFile(join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
