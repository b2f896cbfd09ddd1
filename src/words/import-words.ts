// From a published file to the binary cache, in one go: parse, normalise, write. Blocks its thread for seconds with the
// large files, so it runs in glove-worker.ts.

import { type ReadOptions, readGloveFile } from './glove-file.ts';
import { normaliseRows } from './packed-words.ts';
import { type WordSource, type WordSummary, writeWordCache } from './word-cache.ts';

/** Throws what readGloveFile throws, and the system's error where the cache cannot be written. */
export async function importWords(source: WordSource, cachePath: string, options: ReadOptions): Promise<WordSummary> {
  const { words, blocks, ...file } = await readGloveFile(source.path, options);
  for (const block of blocks) normaliseRows(block, file.dimension);
  const summary: WordSummary = { ...file, count: words.length };
  await writeWordCache(cachePath, source, summary, words, blocks);
  return summary;
}
