// The texts to train on, as lines of words: any text files, and WordNet's glosses. Words of one line are each other's
// context, words of two lines never. Knows no vocabulary and no counts.
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { tokenise } from './tokens.ts';

const PARTS_OF_SPEECH = ['noun', 'verb', 'adj', 'adv'] as const;

/** Lines of a text file (`.gz` is unpacked), as words. A line without words is left out. */
export async function* linesOfFile(path: string): AsyncGenerator<string[]> {
  const bytes = createReadStream(path);
  const input = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const words = tokenise(line);
    if (words.length > 0) yield words;
  }
}

/**
 * WordNet's glosses: of each synset one line that holds its lemmas and then its definition, so that a word stands beside
 * what it means, and one line for each example. `folder` holds data.noun, data.verb, data.adj and data.adv.
 */
export function* linesOfWordNet(folder: string): Generator<string[]> {
  for (const part of PARTS_OF_SPEECH) {
    for (const line of readFileSync(join(folder, `data.${part}`), 'utf8').split('\n')) {
      if (line.startsWith('  ') || line === '') continue;
      const { lemmas, definition, examples } = parseSynset(line);
      yield [...lemmas, ...tokenise(definition)];
      for (const example of examples) yield tokenise(example);
    }
  }
}

/** One line of a data file: offset, file, part of speech, count of lemmas in hexadecimal, lemmas..., pointers | gloss. */
function parseSynset(line: string): { lemmas: string[]; definition: string; examples: string[] } {
  const bar = line.indexOf(' | ');
  const fields = line.slice(0, bar).split(' ');
  const count = Number.parseInt(fields[3] ?? '0', 16);
  const lemmas = Array.from({ length: count }, (_, i) => fields[4 + i * 2] ?? '').flatMap((lemma) =>
    tokenise(lemma.replace(/\([a-z]+\)$/, '').replaceAll('_', ' ')),
  );
  const gloss = line.slice(bar + 3);
  const examples = [...gloss.matchAll(/"([^"]+)"/g)].map(([, text]) => text ?? '');
  return { lemmas, definition: gloss.replaceAll(/"[^"]*"/g, ' '), examples };
}
