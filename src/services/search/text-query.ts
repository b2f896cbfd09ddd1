// From a text to one unit vector: a text beyond the model's context is read clause by clause, and words that the model
// never learned get stand-ins. Knows no picture and no index.
import { AppError } from '../../core/errors.ts';
import { addScaled, unit, type Vector } from '../../core/vector.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { embedWithPrompts, promptsFor } from '../../embedding/prompts.ts';
import { splitIntoClauses } from '../../words/clauses.ts';
import type { ReadingPart, StandInWords } from '../words/stand-in-words.ts';

/** A remark on how a text was read. */
export interface TextNotice {
  readonly code: 'TEXT_SPLIT' | 'WORD_STOOD_IN';
  readonly message: string;
}

export interface TextVector {
  readonly vector: Vector;
  readonly notices: readonly TextNotice[];
}

interface Deps {
  readonly embedder: Embedder;
  readonly standIns: StandInWords;
}

export class TextQueries {
  readonly #deps: Deps;
  #overhead: Promise<{ readonly special: number; readonly prompt: number }> | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Of a text of any length. Rejects as `embedTexts` does. */
  async vectorOf(text: string): Promise<TextVector> {
    const clauses = await this.#clausesOf(text);
    const readings = await Promise.all(clauses.map((clause) => this.#deps.standIns.read(clause.text)));
    const texts = [
      ...new Set(readings.flatMap(({ parts }) => parts.flatMap((part) => ('text' in part ? part.text : [])))),
    ];
    const embedded = await embedWithPrompts(this.#deps.embedder, texts, 'query');
    const vectors = new Map(texts.map((one, i) => [one, embedded[i]]));
    const read = readings.map(({ parts }, i) => ({ vector: sumOf(parts, vectors), weight: clauses[i]?.tokens ?? 1 }));
    const notices = readings
      .flatMap(({ remarks }) => remarks)
      .map((message) => ({ code: 'WORD_STOOD_IN' as const, message }));
    return { vector: sumOf(read, vectors), notices: [...splitNotice(clauses.length), ...unique(notices)] };
  }

  /** One, where the text fits as it is. Longer clauses say more, so each weighs as many tokens as it has. */
  async #clausesOf(text: string): Promise<{ readonly text: string; readonly tokens: number }[]> {
    const { embedder } = this.#deps;
    this.#overhead ??= this.#countOverhead();
    const { special, prompt } = await this.#overhead;
    const room = embedder.model.contextLength - prompt;
    // A token stands for a byte at least, so a short text need not be counted.
    if (Buffer.byteLength(text) + special <= room) return [{ text, tokens: 1 }];
    const clauses = await splitIntoClauses(text, room, (texts) => embedder.countTokens(texts));
    return clauses.length > 1 ? clauses : [{ text, tokens: 1 }];
  }

  /** Tokens that every text has beside its own: special ones, and those of the longest prompt. */
  async #countOverhead(): Promise<{ readonly special: number; readonly prompt: number }> {
    const [special = 0, ...prompted] = await this.#deps.embedder.countTokens(['', ...promptsFor('')]);
    return { special, prompt: Math.max(...prompted) - special };
  }
}

/** The parts' unit vectors by weight, at length 1. */
function sumOf(parts: readonly ReadingPart[], vectors: ReadonlyMap<string, Vector | undefined>): Vector {
  let sum: Vector | undefined;
  for (const part of parts) {
    const vector = 'vector' in part ? part.vector : vectors.get(part.text);
    if (vector === undefined) throw new AppError('INTERNAL', 'The embedder answered a text with no vector.');
    sum = addScaled(sum ?? new Float32Array(vector.length), vector, part.weight);
  }
  if (sum === undefined) throw new AppError('INTERNAL', 'A reading of a text has no parts.');
  return unit(sum);
}

function splitNotice(clauses: number): TextNotice[] {
  if (clauses === 1) return [];
  const message = `The text is longer than the model reads at once; its ${clauses} parts were read one by one and averaged. Shorter queries find better.`;
  return [{ code: 'TEXT_SPLIT', message }];
}

function unique(notices: readonly TextNotice[]): TextNotice[] {
  return [...new Map(notices.map((notice) => [notice.message, notice])).values()];
}
