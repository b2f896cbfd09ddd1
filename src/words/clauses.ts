// Cuts a text that is longer than the tower reads into parts that fit, at the best places: between sentences, then clauses,
// then words. Knows no model; the caller counts.

export interface Clause {
  readonly text: string;
  /** Without special tokens: its weight in an average. */
  readonly tokens: number;
}

/** Tokens of each text, special tokens included, as Embedder.countTokens says. */
export type CountTokens = (texts: readonly string[]) => Promise<number[]>;

/** Each cuts a text into pieces that join up to it again; finer from one to the next. */
const CUTS: readonly ((text: string) => string[])[] = [
  (text) => segments(text, 'sentence'),
  (text) =>
    text.split(
      /(?<=[,;:–—]\s)|(?<=\s)(?=(?:and|but|or|while|with|who|which|that|where|when|as|in front of|next to)\s)/iu,
    ),
  (text) => segments(text, 'word'),
];

/**
 * The text's parts in order, each of at most `contextLength` tokens (special ones included), as few as cutting at those
 * places allows. A text that fits comes back whole; one word that does not fit is left to the tower to cut.
 */
export async function splitIntoClauses(
  text: string,
  contextLength: number,
  countTokens: CountTokens,
): Promise<Clause[]> {
  const [special = 0, whole = 0] = await countTokens(['', text]);
  const room = contextLength - special;
  return cut({ text: text.trim(), tokens: whole - special }, room, 0, async (texts) =>
    (await countTokens(texts)).map((tokens) => tokens - special),
  );
}

async function cut(clause: Clause, room: number, level: number, count: CountTokens): Promise<Clause[]> {
  const cutter = CUTS[level];
  if (clause.tokens <= room || cutter === undefined) return [clause];
  const pieces = cutter(clause.text).filter((piece) => piece !== '');
  const tokens = await count(pieces.map((piece) => piece.trim()));
  const out: Clause[] = [];
  for (const packed of pack(pieces, tokens, room)) out.push(...(await cut(packed, room, level + 1, count)));
  return out;
}

/** Joins neighbours as long as they fit together. Tokenizers cut at spaces first, so counts of pieces add up. */
function pack(pieces: readonly string[], tokens: readonly number[], room: number): Clause[] {
  const packed: { text: string; tokens: number }[] = [];
  pieces.forEach((text, i) => {
    const count = tokens[i] ?? 0;
    const last = packed.at(-1);
    if (last !== undefined && last.tokens + count <= room) {
      last.text += text;
      last.tokens += count;
    } else if (text.trim() !== '') packed.push({ text, tokens: count });
  });
  return packed.map((clause) => ({ text: clause.text.trim(), tokens: clause.tokens }));
}

function segments(text: string, granularity: 'sentence' | 'word'): string[] {
  return Array.from(new Intl.Segmenter('en', { granularity }).segment(text), ({ segment }) => segment);
}
