// Whether a tag names the class of a photo: the same word, its plural, or a synonym by WordNet.
import { WordNet, wordNetFolder } from '../../src/words/wordnet.ts';

const wordnet = new WordNet(wordNetFolder());

/** Words are compared without case, in singular and plural; synonyms share the most used meaning of both. */
export function isSameThing(label: string, tag: string): boolean {
  const [a, b] = [label.toLowerCase(), tag.toLowerCase()];
  if (a === b) return true;
  const lemma = wordnet.lemma(a);
  return lemma !== undefined && (lemma === wordnet.lemma(b) || wordnet.sameSynset(a, b));
}
