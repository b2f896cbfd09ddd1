// Reads a published word vector file as a whole: streamed, checked line by line, the vectors packed. Takes seconds for the
// large files, on the thread that calls: load-words.ts runs it in a worker. Knows no cache.
import { createHash } from 'node:crypto';
import { GloveParser, type ParsedWords } from './glove-parser.ts';
import { openText, type TextChoice } from './glove-stream.ts';

export interface ReadOptions extends TextChoice {
  /** Only the first words of the file, which are the most frequent (default 500,000: of dimension 300, 600 MB). */
  readonly maxWords?: number;
  /** Called now and then with the bytes of the file that were read, and all there are. */
  readonly onProgress?: (readBytes: number, totalBytes: number) => void;
}

export interface WordFile extends ParsedWords {
  /** The file, with the archive's entry. */
  readonly name: string;
  /** Names what was read, however it was packed: 16 hex digits over words and numbers. */
  readonly fingerprint: string;
}

export const DEFAULT_MAX_WORDS = 500_000;

/**
 * GloVe text, word2vec text or fastText .vec; plain, .gz or inside a .zip. Faulty lines are left out and counted.
 * Throws FILE_NOT_FOUND; WORDS_INVALID with the line where the first line of data is wrong or over 1 % of the lines are.
 */
export async function readGloveFile(path: string, options: ReadOptions = {}): Promise<WordFile> {
  const maxWords = options.maxWords ?? DEFAULT_MAX_WORDS;
  const stream = await openText(path, options);
  const parser = new GloveParser({ name: stream.name, maxWords });
  for await (const chunk of stream.chunks) {
    const wantsMore = parser.push(chunk);
    options.onProgress?.(stream.readBytes(), stream.totalBytes);
    if (!wantsMore) break;
  }
  const parsed = parser.finish();
  return { ...parsed, name: stream.name, fingerprint: fingerprintOf(parsed) };
}

function fingerprintOf({ dimension, words, blocks }: ParsedWords): string {
  const hash = createHash('sha256').update(`${dimension}\n${words.join('\n')}\n`);
  for (const block of blocks) hash.update(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
  return hash.digest('hex').slice(0, 16);
}
