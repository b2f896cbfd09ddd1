// The page is served before the service behind it exists: what the server process reads from disk before it listens must not
// hold the service. Follows every import that runs at the start; what comes later by `import()` is free.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../src/root.ts';

/** Each of them takes longer to load than the page should be waited for. */
const HEAVY = [
  'sharp',
  'libsql',
  'usearch',
  '@huggingface/transformers',
  'onnxruntime-node',
  '@apollo/server',
  'graphql',
];

describe('the server process, before it listens', () => {
  const { files, packages } = loadedBy('src/main.ts', 'src/commands/serve.ts');

  it('is followed through its imports', () => {
    expect(files).toContain('src/run-cli.ts');
    expect(files).toContain('src/server/front-door.ts');
    expect(packages).toContain('express');
  });

  it('loads neither the service nor a package that only the service needs', () => {
    expect(files.filter((file) => file === 'src/compose.ts' || file === 'src/server/http-server.ts')).toEqual([]);
    expect(packages.filter((name) => HEAVY.includes(name))).toEqual([]);
  });
});

/** Files of src and packages that these files load when they are loaded. Types vanish when compiled. */
function loadedBy(...entries: readonly string[]) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, target = ''] of text.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from\s+'([^']+)'/gms)) {
      if (target.startsWith('.')) waiting.push(join(dirname(file), target));
      else packages.add(target);
    }
  }
  return { files: [...files], packages: [...packages] };
}
