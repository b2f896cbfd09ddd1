import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readGloveFile } from '../../../src/words/glove-file.ts';
import { importWords } from '../../../src/words/import-words.ts';
import { loadWords } from '../../../src/words/load-words.ts';
import { type CachedWords, openWordCache, wordSourceOf } from '../../../src/words/word-cache.ts';
import { WordVectors } from '../../../src/words/word-vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = 'the 3 4\nCat 0 2\ncat 1 1\n';

function write(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A .zip of deflated files, by the format's own description (PKWARE APPNOTE 4.3). */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

describe('reading a published file', () => {
  it('reads the same words from plain, gzipped and zipped text', async () => {
    const paths = [write('a.txt', TEXT), write('a.txt.gz', gzipSync(TEXT)), write('a.zip', zip({ 'a.2d.txt': TEXT }))];
    const files = await Promise.all(paths.map((path) => readGloveFile(path)));
    for (const file of files) {
      expect(file.words).toEqual(['the', 'Cat', 'cat']);
      expect(file.fingerprint).toBe(files[0]?.fingerprint);
    }
    expect(files[2]?.name).toBe(`${paths[2]} (a.2d.txt)`);
  });

  it('takes from a .zip the text asked for by dimension or by name, else the largest', async () => {
    const path = write(
      'glove.zip',
      zip({ 'glove.1d.txt': 'a 1\nb 2\n', 'glove.2d.txt': TEXT, 'readme.md': 'x'.repeat(99) }),
    );
    expect((await readGloveFile(path)).dimension).toBe(2);
    expect((await readGloveFile(path, { dimension: 1 })).dimension).toBe(1);
    expect((await readGloveFile(path, { entry: 'glove.1d.txt' })).dimension).toBe(1);
    await expect(readGloveFile(path, { dimension: 50 })).rejects.toMatchObject({ code: 'WORDS_INVALID' });
    await expect(readGloveFile(path, { dimension: 50 })).rejects.toThrow(/glove\.2d\.txt/);
  });

  it('refuses archives that are cut off', async () => {
    const noise = Array.from({ length: 5000 }, (_, i) => `w${i} ${Math.sin(i)} ${Math.cos(i)}\n`).join('');
    const gz = gzipSync(noise);
    const zipped = zip({ 'a.txt': noise });
    for (const path of [
      write('cut.gz', gz.subarray(0, gz.length / 2)),
      write('cut.zip', zipped.subarray(0, zipped.length / 2)),
    ]) {
      await expect(readGloveFile(path)).rejects.toMatchObject({ code: 'WORDS_INVALID' });
    }
  });

  it('names a file that is not there', async () => {
    await expect(readGloveFile(join(folder, 'none.txt'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

describe('the binary cache', () => {
  const open = async (
    name: string,
    text: string,
  ): Promise<{ path: string; cache: string; words: CachedWords | undefined }> => {
    const path = write(`${name}.txt`, text);
    const cache = join(folder, `${name}.words`);
    const source = wordSourceOf(path, '');
    await importWords(source, cache, {});
    return { path, cache, words: openWordCache(cache, source) };
  };

  it('gives back words and unit vectors', async () => {
    const { words } = await open('whole', TEXT);
    expect(words?.words).toEqual(['the', 'Cat', 'cat']);
    expect([...(words?.read(0, 2) ?? [])]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 1]);
    expect(words?.isIntact()).toBe(true);
    words?.close();
  });

  it('is dropped when the file changed', async () => {
    const { path, cache, words } = await open('changed', TEXT);
    words?.close();
    utimesSync(path, 1000, 1000);
    expect(openWordCache(cache, wordSourceOf(path, ''))).toBeUndefined();
  });

  it('is dropped when something else was asked for', async () => {
    const { path, cache, words } = await open('choice', TEXT);
    words?.close();
    expect(openWordCache(cache, wordSourceOf(path, 'first 2'))).toBeUndefined();
  });

  it('is dropped when it is torn, at whatever byte', async () => {
    const { path, cache, words } = await open('torn', TEXT);
    words?.close();
    const bytes = readFileSync(cache);
    for (let length = 0; length < bytes.length; length += 7) {
      writeFileSync(cache, bytes.subarray(0, length));
      expect(openWordCache(cache, wordSourceOf(path, '')), `${length} bytes`).toBeUndefined();
    }
  });

  it('is dropped when a byte of its header or words is wrong, and knows when one of its vectors is', async () => {
    const { path, cache, words } = await open('flipped', TEXT);
    words?.close();
    const bytes = readFileSync(cache);
    const flip = (at: number): CachedWords | undefined => {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      writeFileSync(cache, wrong);
      return openWordCache(cache, wordSourceOf(path, ''));
    };
    expect(flip(3)).toBeUndefined();
    expect(flip(30)).toBeUndefined();
    expect(flip(bytes.length - 1)).toBeUndefined();
    const suspect = flip(bytes.length - 'the\nCat\ncat'.length - 1);
    expect(suspect?.isIntact()).toBe(false);
    suspect?.close();
  });
});

describe('loading words', () => {
  it('reads the file in a worker the first time, from the cache the second, and anew when it changed', async () => {
    const path = write('load.txt', TEXT);
    const caches = join(folder, 'caches');
    for (const [text, expected] of [
      [TEXT, [false, true]],
      [`${TEXT}dog 1 2\n`, [false, true]],
    ] as const) {
      writeFileSync(path, text);
      const seen: boolean[] = [];
      for (let i = 0; i < 2; i++) {
        const { words, wasCached } = await loadWords(path, caches);
        seen.push(wasCached);
        expect(words.words.length).toBe(text.trim().split('\n').length);
        words.close();
      }
      expect(seen).toEqual(expected);
    }
    expect(readdirSync(caches).length).toBe(1);
  });

  it('tells of a faulty file as readGloveFile does', async () => {
    const failure = loadWords(write('bad.txt', 'a 1 2\nb 1\nc x y\n'), join(folder, 'caches'));
    await expect(failure).rejects.toMatchObject({ code: 'WORDS_INVALID', details: { line: 2 } });
  });

  it('says when the cache cannot be written', async () => {
    const failure = loadWords(write('good.txt', TEXT), write('a-file', ''));
    await expect(failure).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });
});

describe('word vectors', () => {
  it('finds a word as it is spelled, else in lower case', async () => {
    const { words } = await loadWords(write('case.txt', TEXT), join(folder, 'caches'));
    const vectors = new WordVectors(words);
    expect(['Cat', 'cat', 'CAT', 'THE', 'dog'].map((word) => vectors.indexOf(word))).toEqual([1, 2, 2, 0, undefined]);
    expect(vectors.vector('dog')).toBeUndefined();
    vectors.close();
  });
});
