// What is generated from schema.graphql and the page's documents: whatever the schema renames or takes away fails here first.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CODEGEN = fileURLToPath(new URL('../../scripts/codegen.mjs', import.meta.url));

describe('generated types', () => {
  it('are what schema.graphql and the documents of the page say, and every document is valid against it', () => {
    const { stderr, status } = spawnSync(process.execPath, [CODEGEN, '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
