#!/usr/bin/env node
// The command line: `semblance VERB ...`.
import { runCli } from './run-cli.ts';

// Whoever reads may have seen enough (`semblance search cat | head`): no fault, and what runs goes on to its own end and status.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
});

process.exitCode = await runCli(process.argv.slice(2));
