// The minus of the search field: "cat -dog" looks for cats and leaves dogs out, -"red car" leaves out a phrase.

export interface TypedQuery {
  /** What is looked for; empty where everything is left out. */
  readonly query: string;
  readonly not: readonly string[];
}

/** The service takes no more. */
const MOST_EXCLUDED = 16;

/** Only a minus at the start of a word counts ("t-shirt" stays one word); one that stands alone is still being typed. */
export function readMinuses(text: string): TypedQuery {
  const not: string[] = [];
  const query = text.replace(/(^|\s)-(?:"([^"]*)"?|(\S*))/g, (_all, space: string, phrase?: string, word?: string) => {
    const excluded = (phrase ?? word ?? '').trim();
    if (excluded !== '' && not.length < MOST_EXCLUDED) not.push(excluded);
    return space;
  });
  return { query: query.replace(/\s+/g, ' ').trim(), not };
}
