// `npm run semblance -- VERB ...`: the command line, built first where it has to be.
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './run.mjs';
import { setup } from './setup.mjs';

setup();
build();
await import(join(root, 'dist', 'cli.js'));
