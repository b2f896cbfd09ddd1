// The bytes of a word vector file as published: plain, gzipped, or one text inside a .zip. What a file is, its first bytes
// say, not its name. Knows nothing of words.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Entry, openPromise } from 'yauzl';
import { AppError } from '../core/errors.ts';
import { wordsInvalid } from './line-faults.ts';

export interface TextChoice {
  /** Of several texts in a .zip: the one of this name. */
  readonly entry?: string;
  /** Of several texts in a .zip: the one whose name holds `.{dimension}d.`. */
  readonly dimension?: number;
}

export interface TextStream {
  /** The file's name, with the entry's where it is an archive: for messages. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
  /** Of the file as it lies on the disk. */
  readonly totalBytes: number;
  /** Bytes of it that were read so far. */
  readonly readBytes: () => number;
}

/** Large pieces, so that few lines lie across two of them. */
const CHUNK_BYTES = 1 << 20;
const GZIP = 0x1f8b;
const ZIP = 0x504b;

/**
 * Opens the text. In a .zip: the entry that `choice` names; else the one .txt or .vec; of several the largest.
 * Throws FILE_NOT_FOUND; WORDS_INVALID where an archive is damaged or holds no such text (also while reading).
 */
export async function openText(path: string, choice: TextChoice = {}): Promise<TextStream> {
  const { magic, size } = await inspect(path);
  if (magic === ZIP) return openEntry(path, size, choice);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const isGzip = magic === GZIP;
  const text = isGzip ? forwardErrors(file, file.pipe(createGunzip({ chunkSize: CHUNK_BYTES }))) : file;
  return {
    name: path,
    chunks: translate(path, text, () => file.destroy()),
    totalBytes: size,
    readBytes: () => file.bytesRead,
  };
}

async function inspect(path: string): Promise<{ magic: number; size: number }> {
  try {
    const { size } = await stat(path);
    const file = await open(path, 'r');
    try {
      const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return { magic: buffer.readUInt16BE(0), size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AppError(
      'FILE_NOT_FOUND',
      `The word vectors ${path} cannot be read; give a .txt, .vec, .gz or .zip file.`,
      { cause },
    );
  }
}

async function openEntry(path: string, size: number, choice: TextChoice): Promise<TextStream> {
  try {
    // autoClose would close the file after the last entry was listed, before one is read.
    const archive = await openPromise(path, { autoClose: false, lazyEntries: true });
    const entries: Entry[] = [];
    for await (const entry of archive.eachEntry()) entries.push(entry);
    const entry = chooseEntry(path, entries, choice);
    const source = await archive.openReadStreamPromise(entry);
    let read = 0;
    const count = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of translate(path, source, () => archive.close())) {
        read += chunk.length;
        yield chunk;
      }
    };
    const share = size / Math.max(1, entry.uncompressedSize);
    return {
      name: `${path} (${entry.fileName})`,
      chunks: count(),
      totalBytes: size,
      readBytes: () => Math.round(read * share),
    };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw wordsInvalid(path, 'the .zip is damaged or cut off; download it again.', {}, cause);
  }
}

/** Throws WORDS_INVALID where nothing fits. */
function chooseEntry(path: string, entries: readonly Entry[], { entry, dimension }: TextChoice): Entry {
  const texts = entries.filter(({ fileName }) => /\.(txt|vec)$/i.test(fileName) && !fileName.startsWith('__MACOSX/'));
  const fits = ({ fileName }: Entry): boolean =>
    entry !== undefined ? fileName === entry : dimension === undefined || fileName.includes(`.${dimension}d.`);
  const [best] = texts.filter(fits).sort((a, b) => b.uncompressedSize - a.uncompressedSize);
  if (best !== undefined) return best;
  const wanted = entry ?? (dimension === undefined ? '.txt or .vec file' : `text of ${dimension} dimensions`);
  const held = texts.map(({ fileName }) => fileName).join(', ') || 'none';
  throw wordsInvalid(path, `the .zip holds no ${wanted}; its texts: ${held}.`);
}

/** pipe() does not carry errors on. */
function forwardErrors(from: Readable, to: Readable): Readable {
  from.once('error', (error) => to.destroy(error));
  return to;
}

/** Damage found while reading becomes WORDS_INVALID; the source is closed however the reading ends. */
async function* translate(path: string, source: Readable, close: () => void): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) yield chunk as Buffer;
  } catch (cause) {
    throw wordsInvalid(
      path,
      `the file is damaged or cut off (${(cause as Error).message}); download it again.`,
      {},
      cause,
    );
  } finally {
    source.destroy();
    close();
  }
}
