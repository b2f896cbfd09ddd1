// Reads every import of src and holds it against the map in the README: one way, one door for each third party.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = new URL('../../src/', import.meta.url).pathname;

/** Which folders a folder may import from. Types of the ports count like everything else. */
const LEAVES = ['query', 'media', 'embedding', 'words', 'vectors', 'store'];
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  ...Object.fromEntries(LEAVES.map((leaf) => [leaf, ['core']])),
  services: ['core', ...LEAVES],
  server: ['core', 'services', 'store', 'media'],
  commands: ['core', 'services', 'server', ...LEAVES, '.'],
  '.': ['core', 'services', 'server', 'commands', ...LEAVES, '.'],
};

/** The only folder that may import a package. */
const DOORS: Record<string, string> = {
  '@huggingface/transformers': 'embedding',
  'onnxruntime-node': 'embedding',
  usearch: 'vectors',
  'hnswlib-node': 'vectors',
  libsql: 'store',
  sharp: 'media',
  express: 'server',
  '@apollo/server': 'server',
  'graphql-upload': 'server',
  ws: 'server',
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly target: string;
}

function readImports(): Import[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('web/'),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    return targets.map((target) => ({ file, folder: folderOf(file), target }));
  });
}

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '.') : '.';
}

const imports = readImports();

describe('imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('point one way between folders', () => {
    const wrong = imports
      .filter(({ target }) => target.startsWith('.'))
      .map((entry) => ({ ...entry, to: folderOf(normalize(join(dirname(entry.file), entry.target))) }))
      .filter(({ folder, to }) => folder !== to && !MAY_IMPORT[folder]?.includes(to))
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  it('use each third party through its one door', () => {
    const wrong = imports
      .filter(({ target, folder }) => {
        const name = target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/');
        return name in DOORS && DOORS[name] !== folder;
      })
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  it('have no cycles between files', () => {
    const graph = new Map<string, string[]>();
    for (const { file, target } of imports) {
      if (target.startsWith('.')) graph.set(file, [...(graph.get(file) ?? []), normalize(join(dirname(file), target))]);
    }
    expect(findCycle(graph)).toBeUndefined();
  });

  it('let only config.ts see the environment', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const readers = files.filter((file) => /process\.env\b/.test(stripComments(readFileSync(join(SRC, file), 'utf8'))));
    expect(readers.sort()).toEqual(['config.ts']);
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}
