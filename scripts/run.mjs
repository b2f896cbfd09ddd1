// Runs a program of this project's node_modules or of npm, and stops the whole script where it fails.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Exit status of the command; its output goes where ours goes. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

export function runOrExit(command, args, options) {
  const status = run(command, args, options);
  if (status !== 0) process.exit(status);
}

/** A JavaScript entry of an installed package, run with this very Node. */
export function runBin(path, args) {
  return run(process.execPath, [join(root, 'node_modules', path), ...args]);
}
