// `npm run words:judge -- FILE`: what word vectors are worth, by three measures that they were not fitted to.
import { parseArgs } from 'node:util';
import { dot } from '../../src/core/vector.ts';
import { readGloveFile } from '../../src/words/glove-file.ts';
import { normaliseRows, packedInMemory } from '../../src/words/packed-words.ts';
import { WordVectors } from '../../src/words/word-vectors.ts';
import { WordNet, wordNetFolder } from '../../src/words/wordnet.ts';
import { seededRandom } from '../eval/random.ts';
import { MILLER_CHARLES } from './similarity-list.ts';

const EVERYDAY =
  `dog cat horse bird car train bicycle boat house street beach mountain tree flower food pizza apple coffee chair
  table man woman child king red snow run music computer ball`.split(/\s+/);
/** Categories for the odd one out, as WordNet names them. */
const CATEGORIES = [
  'animal',
  'vehicle',
  'fruit',
  'vegetable',
  'furniture',
  'clothing',
  'building',
  'musical instrument',
  'tool',
  'beverage',
  'body part',
  'flower',
  'tree',
  'color',
  'athlete',
];
const WORDS_PER_CATEGORY = 40;
const PUZZLES = 2000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});
const vectors = await open(positionals[0] ?? 'models/words/semblance.100d.txt.gz');
console.log(`${vectors.size} words, ${vectors.dimension} dimensions`);
console.log(similarity(vectors));
console.log(oddOneOut(vectors, Number(values.seed)));
for (const word of EVERYDAY) console.log(`| ${word} | ${neighbours(vectors, word, 6).join(', ')} |`);

async function open(path: string): Promise<WordVectors> {
  const { words, blocks, dimension, fingerprint } = await readGloveFile(path);
  const data = new Float32Array(words.length * dimension);
  let at = 0;
  for (const block of blocks) {
    data.set(block, at);
    at += block.length;
  }
  normaliseRows(data, dimension);
  return new WordVectors(packedInMemory(words, data, fingerprint));
}

function neighbours(vectors: WordVectors, word: string, count: number): string[] {
  const query = vectors.vector(word);
  if (query === undefined) return ['(unknown)'];
  const scored: { word: string; score: number }[] = [];
  for (const { start, vectors: matrix } of vectors.scan(vectors.size)) {
    for (let i = 0; i < matrix.rows; i++) {
      const score = dot(query, matrix.data.subarray(i * matrix.dimension, (i + 1) * matrix.dimension));
      scored.push({ word: vectors.words[start + i] ?? '', score });
    }
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(1, count + 1)
    .map(({ word: other }) => other);
}

function similarity(vectors: WordVectors): string {
  const rated = MILLER_CHARLES.flatMap(([a, b, rating]) => {
    const [left, right] = [vectors.vector(a), vectors.vector(b)];
    return left === undefined || right === undefined ? [] : [{ rating, score: dot(left, right) }];
  });
  const rho = correlation(ranks(rated.map(({ rating }) => rating)), ranks(rated.map(({ score }) => score)));
  return `Miller & Charles 1991: Spearman ${rho.toFixed(3)} over ${rated.length} of ${MILLER_CHARLES.length} pairs`;
}

/** Ties share their mean rank. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const sum = (f: (x: number, y: number) => number): number =>
    a.reduce((total, x, i) => total + f(x - meanA, (b[i] as number) - meanB), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

/** Three words of one category and one of another: the odd one has the least mean cosine to the rest. Chance: 25 %. */
function oddOneOut(vectors: WordVectors, seed: number): string {
  const random = seededRandom(seed);
  const groups = wordsByCategory(vectors);
  let right = 0;
  for (let n = 0; n < PUZZLES; n++) {
    const [one, other] = random.shuffle(groups) as [string[], string[]];
    const words = [...random.shuffle(one).slice(0, 3), other[random.below(other.length)] as string];
    const all = words.map((word) => vectors.vector(word) as Float32Array);
    const fits = all.map((vector) => all.reduce((sum, second) => sum + dot(vector, second), 0));
    if (fits.indexOf(Math.min(...fits)) === 3) right++;
  }
  const share = ((100 * right) / PUZZLES).toFixed(1);
  return `odd one out: ${share} % of ${PUZZLES}, ${groups.length} categories of up to ${WORDS_PER_CATEGORY} words (chance 25 %)`;
}

/** The most frequent words whose most used meaning is a kind of the category. */
function wordsByCategory(vectors: WordVectors): string[][] {
  const wordnet = new WordNet(wordNetFolder());
  const groups = new Map(CATEGORIES.map((name): [string, string[]] => [name, []]));
  for (const word of vectors.words) {
    if (wordnet.lemma(word) !== word) continue;
    for (const [name, group] of groups) {
      if (group.length < WORDS_PER_CATEGORY && wordnet.stepsUp(word, name, 12) !== undefined) {
        group.push(word);
        break;
      }
    }
  }
  wordnet.close();
  return [...groups.values()].filter((group) => group.length >= 4);
}
