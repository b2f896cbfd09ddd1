// Signs of the search field: "cat -dog" looks for cats and leaves dogs out, -"red car" leaves out a phrase, and #mine or
// #"my dog" asks for pictures that carry this very tag.

export interface TypedQuery {
  /** What is looked for; empty where everything is left out. */
  readonly query: string;
  readonly not: readonly string[];
  readonly tags: readonly string[];
}

/** The service takes no more. */
const MOST_OF_A_KIND = 16;

/** Only a sign at the start of a word counts ("t-shirt" stays one word); one that stands alone is still being typed. */
export function readTyped(text: string): TypedQuery {
  const not: string[] = [];
  const tags: string[] = [];
  const query = text.replace(SIGNED, (_all, space: string, sign: string, phrase?: string, word?: string) => {
    const meant = (phrase ?? word ?? '').trim();
    const list = sign === '-' ? not : tags;
    if (meant !== '' && list.length < MOST_OF_A_KIND) list.push(meant);
    return space;
  });
  return { query: query.replace(/\s+/g, ' ').trim(), not, tags };
}

const SIGNED = /(^|\s)([-#])(?:"([^"]*)"?|(\S*))/g;
