// The server process: `npm start -- [FOLDER...] [--port 4000 ...]`.
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(['serve', ...process.argv.slice(2)]);
