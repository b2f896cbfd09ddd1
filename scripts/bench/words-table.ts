// How fast word vectors are read: parsing a made file in GloVe's format against reading its bytes at all, and against opening
// the binary cache that the first time leaves behind.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readGloveFile } from '../../src/words/glove-file.ts';
import { loadWords } from '../../src/words/load-words.ts';
import { seededRandom } from '../eval/random.ts';
import { spread } from './rounds.ts';

export interface WordsOptions {
  readonly words: number;
  readonly dimension: number;
  readonly rounds: number;
  readonly seed: number;
}

export async function wordsTable({ words, dimension, rounds, seed }: WordsOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  try {
    const path = join(folder, 'made.txt');
    await pipeline(Readable.from(lines(words, dimension, seed)), createWriteStream(path));
    const megabytes = (await stat(path)).size / 1e6;
    const rates: Record<'read' | 'parse' | 'cache', number[]> = { read: [], parse: [], cache: [] };
    await loadWords(path, folder);
    for (let round = 0; round < rounds; round++) {
      rates.read.push(megabytes / (await seconds(() => drain(path))));
      rates.parse.push(megabytes / (await seconds(() => readGloveFile(path))));
      rates.cache.push((await seconds(async () => (await loadWords(path, folder)).words.close())) * 1000);
    }
    return [
      `A made file of ${words.toLocaleString('en')} words x ${dimension} (${megabytes.toFixed(0)} MB), ${rounds} rounds in turn, seed ${seed}; median (least to most)`,
      '',
      '| | |',
      '| --- | --- |',
      `| reading the bytes | ${spread(rates.read, 0)} MB/s |`,
      `| parsing and checking | ${spread(rates.parse, 0)} MB/s |`,
      `| opening the cache | ${spread(rates.cache, 0)} ms |`,
      '',
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function* lines(words: number, dimension: number, seed: number): Generator<string> {
  const random = seededRandom(seed);
  for (let i = 0; i < words; i++) {
    const numbers = Array.from({ length: dimension }, () => (random.next() * 2 - 1).toFixed(5));
    yield `word${i} ${numbers.join(' ')}\n`;
  }
}

async function drain(path: string): Promise<void> {
  for await (const _chunk of createReadStream(path, { highWaterMark: 2 ** 20 }));
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) / 1000;
}
