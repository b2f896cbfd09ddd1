#!/usr/bin/env node
// The command line: `semblance VERB ...`.
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2));
