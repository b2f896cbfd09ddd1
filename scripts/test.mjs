// `npm test`: installs, then types, lint, format, generated code and all tests. Ends with `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { run, runBin } from './run.mjs';
import { setup } from './setup.mjs';

setup();
build();

const checks = {
  'types of the service, tests and scripts': () => runBin('typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json']),
  'types of the page': () => runBin('typescript/bin/tsc', ['--noEmit', '-p', 'src/web/tsconfig.json']),
  'lint and format': () => runBin('@biomejs/biome/bin/biome', ['ci', '.']),
  'generated resolver types': () => run(process.execPath, ['scripts/codegen.mjs', '--check']),
};

let passed = 0;
let failed = 0;
for (const [title, check] of Object.entries(checks)) {
  const ok = check() === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${title}`);
  if (ok) passed++;
  else failed++;
}

const scratch = mkdtempSync(join(tmpdir(), 'semblance-test-'));
const report = join(scratch, 'report.json');
const status = runBin('vitest/vitest.mjs', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const counts = readReport();
rmSync(scratch, { recursive: true, force: true });
passed += counts.passed;
failed += counts.failed;
// A suite that could not even be loaded fails no single test.
if (status !== 0 && counts.failed === 0) failed++;

console.log(`${passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

function readReport() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
