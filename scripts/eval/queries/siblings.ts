// Classes whose names share a word (flamingo and flamingo head, the kinds of milk) are one thing to whoever asks. They are
// never set against each other, and are put in a library or left out of it together.

/** True where the names have a word in common, plural or not. */
export function areSiblings(a: string, b: string): boolean {
  const words = new Set(wordsOf(a));
  return wordsOf(b).some((word) => words.has(word));
}

/** For each name the number of its family: names linked by shared words, directly or through others. */
export function familiesOf(names: readonly string[]): number[] {
  const family = names.map((_, i) => i);
  names.forEach((name, i) => {
    for (let j = 0; j < i; j++) {
      const [kept, gone] = [family[j] as number, family[i] as number];
      if (kept === gone || !areSiblings(name, names[j] as string)) continue;
      family.forEach((value, k) => {
        if (value === gone) family[k] = kept;
      });
    }
  });
  return family;
}

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[\s-]+/)
    .map((word) => word.replace(/s$/, ''))
    .filter((word) => word.length > 2);
}
