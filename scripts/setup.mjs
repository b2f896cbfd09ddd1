// Makes node_modules what the lockfile says. Called by start and test, so that a clone needs nothing by hand.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, runOrExit } from './run.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Installs where node_modules is missing or older than the lockfile. */
export function setup() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Semblance needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  if (isUpToDate()) return;
  console.error('Installing packages...');
  runOrExit(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  buildHnswlib();
}

function isUpToDate() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** The second index library is compiled where there is a toolchain; without it usearch and exact search are there. */
function buildHnswlib() {
  if (!existsSync(join(root, 'node_modules', 'hnswlib-node'))) return;
  const status = run(npm, ['rebuild', 'hnswlib-node', '--ignore-scripts=false', '--loglevel=error'], {
    stdio: 'ignore',
  });
  if (status !== 0) console.error('hnswlib-node could not be compiled here; SEMBLANCE_INDEX=hnswlib is not available.');
}

if (process.argv[1]?.endsWith('setup.mjs')) setup();
