// Splits a line of text into the words that vectors are trained for. Knows no file and no vocabulary.

const WORD = /[\p{L}\p{N}]+(?:[-'][\p{L}\p{N}]+)*/gu;

/** Lower-case words in order: letters and digits, with hyphens and apostrophes inside; a closing 's is left out. */
export function tokenise(line: string): string[] {
  const words = line.normalize('NFC').replaceAll('’', "'").toLowerCase().match(WORD) ?? [];
  return words.map((word) => (word.endsWith("'s") ? word.slice(0, -2) : word));
}
