// The command line as a user runs it: the built program, the real starter model, its output and its exit status.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../src/compose.ts';
import { solid, writeFiles } from '../support/pictures.ts';

const CLI = join(ROOT, 'dist', 'cli.js');

let directory: string;
let data: string;
let pictures: string;

beforeAll(async () => {
  if (!existsSync(CLI)) throw new Error('The command line is tested as built; run `npm run build` first.');
  directory = await mkdtemp(join(tmpdir(), 'semblance-cli-'));
  data = join(directory, 'data');
  pictures = join(directory, 'pictures');
  await writeFiles(pictures, {
    'cat.png': await drawing('1f431'),
    'car.png': await drawing('1f697'),
    'pizza.png': await drawing('1f355'),
    'broken.jpg': 'no picture',
  });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A drawing of the demo gallery by its code point, as a picture file. */
async function drawing(code: string): Promise<Buffer> {
  const svg = await readFile(join(ROOT, `node_modules/@discordapp/twemoji/dist/svg/${code}.svg`));
  return sharp(svg, { density: 300 }).resize(200, 200).flatten({ background: '#ffffff' }).png().toBuffer();
}

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function semblance(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd: directory }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('semblance', () => {
  it('indexes a folder, finds by words and by picture, tags, and says what it holds', async () => {
    const indexed = await semblance('index', pictures, '--data', data, '--json');
    expect(indexed.status).toBe(0);
    expect(JSON.parse(indexed.out)).toMatchObject({ added: 3, skippedCount: 1, skipped: [{ code: 'NOT_A_PICTURE' }] });

    const found = await semblance('search', 'pizza', '--data', data, '--json');
    expect(JSON.parse(found.out).hits.map(({ name }: { name: string }) => name)[0]).toBe('pizza.png');

    const grid = join(directory, 'grid.png');
    const alike = await semblance('similar', join(pictures, 'cat.png'), '--data', data, '--grid', grid);
    expect(alike.status).toBe(0);
    expect(alike.out).toMatch(/score.*file/);
    expect(alike.out).toContain('cat.png');
    expect((await sharp(grid).metadata()).format).toBe('png');

    const tags = await semblance('tags', join(pictures, 'car.png'), '--data', data, '--json', '-n', '5');
    expect(JSON.parse(tags.out)[0].tags.map(({ name }: { name: string }) => name)).toContain('car');

    const status = await semblance('status', '--data', data, '--json');
    expect(JSON.parse(status.out)).toMatchObject({
      imageCount: 3,
      model: { id: 'starter' },
      index: { state: 'READY', size: 3 },
    });
  });

  it.each([
    [2, 'UNKNOWN VERB', ['fly']],
    [2, 'no such file', ['similar', 'nowhere.jpg']],
    [2, 'not a picture', ['similar', 'PICTURES/broken.jpg']],
    [3, 'no such id', ['similar', '424242']],
    [2, 'a bad setting', ['status', '--port', 'many']],
    [2, 'a bad count', ['search', 'cat', '-n', '1000']],
    [1, 'a missing model', ['search', 'cat', '--model', './no-model']],
  ])('exits with %i for %s, and says what to do', async (status, _title, args) => {
    const outcome = await semblance(
      ...args.map((arg) => arg.replace('PICTURES', pictures)),
      ...(args[0] === 'fly' ? [] : ['--data', data]),
    );
    expect(outcome.status).toBe(status);
    expect(outcome.err.length).toBeGreaterThan(20);
    expect(outcome.err).not.toMatch(/\n\s+at /);
  });

  it('says in one line that a port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const outcome = await semblance('serve', '--port', String(port), '--data', join(directory, 'taken'));
    taken.close();
    expect(outcome.status).toBe(2);
    expect(outcome.err.trim().split('\n')).toHaveLength(1);
    expect(outcome.err).toContain(`port ${port} is taken`);
  });

  it('has help with examples for every verb', async () => {
    const { out, status } = await semblance('--help');
    expect(status).toBe(0);
    for (const verb of ['serve', 'index', 'search', 'similar', 'tags', 'status', 'doctor']) {
      expect(out).toContain(verb);
      expect((await semblance(verb, '--help')).out).toContain('Examples:');
    }
  });

  it('loses nothing that was committed when it is killed, and goes on from there', async () => {
    const many = join(directory, 'many');
    const files = Array.from({ length: 300 }, async (_, i) => [`${i}.png`, await solid('red', 20 + i, 40)] as const);
    await writeFiles(many, Object.fromEntries(await Promise.all(files)));
    const killed = join(directory, 'killed');
    const child = spawn(process.execPath, [CLI, 'index', many, '--data', killed], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await firstPictures(killed);
    child.kill('SIGKILL');
    await ended;

    const { out } = await semblance('index', many, '--data', killed, '--json');
    const { added, known } = JSON.parse(out) as { added: number; known: number };
    expect(known).toBeGreaterThan(0);
    expect(added).toBeGreaterThan(0);
    expect(added + known).toBe(300);
    const status = JSON.parse((await semblance('status', '--data', killed, '--json')).out);
    expect(status).toMatchObject({ imageCount: 300, index: { size: 300 } });
  });

  it('ends without a word when nobody reads on', async () => {
    const child = spawn(process.execPath, [CLI, 'search', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect({ status, said }).toEqual({ status: 0, said: '' });
  });
});

/** Resolves once the catalog holds its first pictures. */
async function firstPictures(folder: string): Promise<void> {
  const { openSqliteCatalog } = await import('../../src/store/sqlite-catalog.ts');
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (!existsSync(join(folder, 'catalog.sqlite'))) continue;
    const catalog = await openSqliteCatalog({ path: join(folder, 'catalog.sqlite') });
    const count = await catalog.countImages({});
    await catalog.close();
    if (count > 0) return;
  }
}
