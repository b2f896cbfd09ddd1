#!/usr/bin/env node
// The command line: `semblance VERB ...`.
import { runCli } from './run-cli.ts';

// Whoever reads may have seen enough (`semblance search cat | head`): that is an end, not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2));
