// What the page weighs on the wire, and what of it is waited for before the first picture.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtPage } from './kept.ts';

const KILOBYTE = 1000;

describe('the built page', () => {
  let folder = '';
  let index = '';
  beforeAll(async () => {
    folder = await builtPage();
    index = await readFile(join(folder, 'index.html'), 'utf8');
  });

  const compressed = async (file: string) => gzipSync(await readFile(join(folder, file))).length;
  const scripts = async () => (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.js'));
  const sum = async (files: readonly string[]) =>
    (await Promise.all(files.map(compressed))).reduce((total, size) => total + size, 0);

  it('has less than 150 KB of JavaScript in all, compressed, and less than 40 KB that the first pictures wait for', async () => {
    const all = await scripts();
    expect(all.length).toBeGreaterThan(3);
    const first = all.filter((file) => index.includes(file));
    expect(first.length).toBeGreaterThan(0);
    expect(await sum(all)).toBeLessThan(150 * KILOBYTE);
    expect(await sum(first)).toBeLessThan(40 * KILOBYTE);
  });

  it('names no other host in what it loads, and has nothing inline that its policy would refuse', () => {
    const links = [...index.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((link) => !link.startsWith('/'))).toEqual([]);
    expect(index).not.toMatch(/<style|style="|<script(?![^>]*src=)|\son[a-z]+=/);
  });
});
