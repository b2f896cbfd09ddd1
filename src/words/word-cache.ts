// The binary form of a word vector file, made once so that the next start takes milliseconds. A cache: any doubt about it
// and it is as if it were not there. Layout, little-endian: magic, length of the header, header as JSON, padding to 64,
// unit vectors as Float32 row after row, words as UTF-8, one a line.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeFileAtomic } from '../core/files.ts';
import type { FaultCount } from './line-faults.ts';
import type { PackedWords } from './packed-words.ts';

/** What the cache was made from; a cache of anything else is dropped. */
export interface WordSource {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
  /** Entry, dimension and limit that were asked for. */
  readonly choice: string;
}

export interface WordSummary {
  readonly fingerprint: string;
  readonly dimension: number;
  readonly count: number;
  /** The file, with the archive's entry. */
  readonly name: string;
  readonly faults: readonly FaultCount[];
  /** The file holds more words than were taken. */
  readonly isPartial: boolean;
}

interface Header extends WordSummary {
  readonly source: WordSource;
  readonly wordsBytes: number;
  readonly wordsCrc: number;
  readonly vectorsCrc: number;
}

export interface CachedWords extends PackedWords {
  readonly summary: WordSummary;
  /** Reads all vectors once and holds them against their checksum. */
  isIntact(): boolean;
}

/** A new layout gets a new number: older files are then dropped and made anew. */
const MAGIC = 'SEMWORD1';
const PREFIX_BYTES = MAGIC.length + 8;
const ALIGNMENT = 64;

/** Writes the cache atomically. `blocks` hold unit vectors. */
export async function writeWordCache(
  path: string,
  source: WordSource,
  summary: WordSummary,
  words: readonly string[],
  blocks: readonly Float32Array[],
): Promise<void> {
  const text = Buffer.from(words.join('\n'));
  const parts = blocks.map((block) => new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
  const vectorsCrc = parts.reduce((crc, part) => crc32(part, crc), 0);
  const header: Header = { ...summary, source, wordsBytes: text.length, wordsCrc: crc32(text), vectorsCrc };
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 0, 'latin1');
  prefix.writeUInt32LE(json.length, MAGIC.length);
  prefix.writeUInt32LE(crc32(json), MAGIC.length + 4);
  const padding = Buffer.alloc(vectorsStart(json.length) - PREFIX_BYTES - json.length);
  await writeFileAtomic(path, [prefix, json, padding, ...parts, text]);
}

/**
 * Opens the cache where it is whole and was made from `source`; undefined otherwise, for whatever reason. Reads header and
 * words; vectors stay on the disk and are read when asked for.
 */
export function openWordCache(path: string, source: WordSource): CachedWords | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  const cached = readCache(file, source);
  if (cached === undefined) closeSync(file);
  return cached;
}

/** Size and time of the file now. Throws the system's error where it is gone. */
export function wordSourceOf(path: string, choice: string): WordSource {
  const { size, mtimeMs } = statSync(path);
  return { path, bytes: size, modifiedAtMs: mtimeMs, choice };
}

function readCache(file: number, source: WordSource): CachedWords | undefined {
  const header = readHeader(file);
  if (header === undefined || JSON.stringify(header.header.source) !== JSON.stringify(source)) return undefined;
  const { wordsBytes, wordsCrc, vectorsCrc, source: _source, ...summary } = header.header;
  const { dimension, count } = summary;
  const vectorsBytes = count * dimension * 4;
  if (fstatSync(file).size !== header.start + vectorsBytes + wordsBytes) return undefined;
  const text = readBytes(file, header.start + vectorsBytes, wordsBytes);
  const words = text.toString('utf8').split('\n');
  if (crc32(text) !== wordsCrc || words.length !== count) return undefined;
  return {
    summary,
    fingerprint: summary.fingerprint,
    dimension,
    words,
    read: (start, rows) => {
      const bytes = readBytes(file, header.start + start * dimension * 4, rows * dimension * 4);
      return new Float32Array(bytes.buffer, bytes.byteOffset, rows * dimension);
    },
    isIntact: () => checksum(file, header.start, vectorsBytes) === vectorsCrc,
    close: () => closeSync(file),
  };
}

function readHeader(file: number): { header: Header; start: number } | undefined {
  const size = fstatSync(file).size;
  if (size < PREFIX_BYTES) return undefined;
  const prefix = readBytes(file, 0, PREFIX_BYTES);
  const length = prefix.readUInt32LE(MAGIC.length);
  if (prefix.toString('latin1', 0, MAGIC.length) !== MAGIC || length > size - PREFIX_BYTES) return undefined;
  const json = readBytes(file, PREFIX_BYTES, length);
  if (crc32(json) !== prefix.readUInt32LE(MAGIC.length + 4)) return undefined;
  return { header: JSON.parse(json.toString('utf8')) as Header, start: vectorsStart(length) };
}

function vectorsStart(headerBytes: number): number {
  return Math.ceil((PREFIX_BYTES + headerBytes) / ALIGNMENT) * ALIGNMENT;
}

function checksum(file: number, start: number, length: number): number {
  const step = 8 << 20;
  let crc = 0;
  for (let at = 0; at < length; at += step) crc = crc32(readBytes(file, start + at, Math.min(step, length - at)), crc);
  return crc;
}

/** Its own memory, so that Float32 views are aligned. */
function readBytes(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const read = readSync(file, bytes, done, length - done, position + done);
    if (read === 0) throw new Error(`expected ${length} bytes at ${position} of a word cache, got ${done}`);
    done += read;
  }
  return bytes;
}
