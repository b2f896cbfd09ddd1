// Compiles what is newer than the last build: resolver types, the service, the page.
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runBin } from './run.mjs';

const stamp = join(root, 'dist', '.built');

/** Does nothing where no source is newer than the last build. */
export function build() {
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const startedAt = new Date();
  const sources = ['src', 'schema.graphql', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  if (sources.every((source) => newest(join(root, source)) <= builtAt)) return;
  console.error('Building...');
  const steps = [
    () => runBin('typescript/bin/tsc', ['-p', 'tsconfig.build.json']),
    () => runBin('vite/bin/vite.js', ['build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn']),
  ];
  for (const step of steps) {
    const status = step();
    if (status !== 0) process.exit(status);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  // Dated to the start, so that a file saved while the build ran is built next time.
  writeFileSync(stamp, startedAt.toISOString());
  utimesSync(stamp, startedAt, startedAt);
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  // A folder's own time changes when a file in it is removed.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stats.mtimeMs);
}

if (process.argv[1]?.endsWith('build.mjs')) build();
