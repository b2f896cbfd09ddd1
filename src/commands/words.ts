// `semblance words load` and `semblance words similar`: word vectors, without a model or a library.
import { basename, join, resolve } from 'node:path';
import pino from 'pino';
import { ROOT } from '../compose.ts';
import { createWordService } from '../compose-words.ts';
import type { Config } from '../config.ts';
import { AppError } from '../core/errors.ts';
import { loadWords } from '../words/load-words.ts';
import { type Output, printRows, progressBar, say } from './terminal.ts';

export interface WordsOptions extends Output {
  readonly first: number;
  readonly minus?: readonly string[];
  readonly plus?: readonly string[];
}

export async function words(
  config: Config,
  [action, ...rest]: readonly string[],
  options: WordsOptions,
): Promise<number> {
  if (action === 'load') return load(config, rest, options);
  if (action === 'similar') return similarWords(config, rest, options);
  throw new AppError('BAD_ARGUMENT', `\`words\` expects load or similar, got "${action}".`);
}

/** Makes the cache that every later start opens in milliseconds, and says what the file holds. */
async function load(config: Config, [file, ...others]: readonly string[], options: WordsOptions): Promise<number> {
  if (file === undefined || others.length > 0) throw new AppError('BAD_ARGUMENT', '`words load` expects one file.');
  const start = performance.now();
  const bar = progressBar('Reading');
  const path = resolve(file);
  const { words: loaded, wasCached } = await loadWords(path, join(config.dataDirectory, 'words'), { onProgress: bar });
  const seconds = (performance.now() - start) / 1000;
  const { summary } = loaded;
  loaded.close();
  const faults = summary.faults.map(
    ({ count, firstLine, example }) => `${count} lines, the first ${firstLine}: ${example}`,
  );
  const json = { path, wasCached, seconds, ...summary };
  printRows(
    options,
    json,
    [basename(path), ''],
    [
      ['words', `${summary.count}${summary.isPartial ? ' (the file holds more)' : ''}`],
      ['dimension', `${summary.dimension}`],
      ['took', `${seconds.toFixed(1)} s${wasCached ? ', from the cache' : ''}`],
      ['left out', faults.length === 0 ? 'nothing' : faults.join('\n')],
    ],
  );
  if (config.wordsFile !== path) say(`Serve with it: semblance serve --words ${file} (or SEMBLANCE_WORDS).`);
  return 0;
}

async function similarWords(config: Config, given: readonly string[], options: WordsOptions): Promise<number> {
  const service = createWordService(config, join(ROOT, 'models'), pino({ level: 'silent' }));
  try {
    const hits = await service.similarWords([...given, ...(options.plus ?? [])], options.minus ?? [], options.first);
    printRows(
      options,
      hits,
      ['word', 'score'],
      hits.map(({ word, score }) => [word, score.toFixed(3)]),
    );
    return hits.length === 0 ? 3 : 0;
  } finally {
    await service.close();
  }
}
