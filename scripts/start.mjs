// `npm start [-- FOLDER...]`: installs, builds and serves. Everything after the first time takes milliseconds.
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './run.mjs';
import { setup } from './setup.mjs';

setup();
build();
// In this very process, so that signals reach the service itself.
await import(join(root, 'dist', 'main.js'));
