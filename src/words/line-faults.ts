// Counts what is wrong with single lines of a word vector file, and decides when the file as a whole is.
// Knows no bytes and no vectors.
import { AppError } from '../core/errors.ts';

export type FaultKind = 'WRONG_WIDTH' | 'NOT_A_NUMBER' | 'DUPLICATE' | 'CUT_OFF' | 'NO_WORD' | 'ZERO_VECTOR';

/** One kind of faulty lines that were left out. */
export interface FaultCount {
  readonly kind: FaultKind;
  readonly count: number;
  /** Line number (1-based) and what was wrong with the first of them. */
  readonly firstLine: number;
  readonly example: string;
}

/** A file with a larger share of faulty lines is refused. */
const MAX_FAULTY_SHARE = 0.01;

const REMEDY = 'Expected GloVe, word2vec or fastText text: a word and its numbers, separated by spaces, on each line.';

export class LineFaults {
  readonly #counts = new Map<FaultKind, { count: number; firstLine: number; example: string }>();
  readonly #name: string;

  /** `name` is how messages call the file. */
  constructor(name: string) {
    this.#name = name;
  }

  add(kind: FaultKind, line: number, example: string): void {
    const known = this.#counts.get(kind);
    if (known === undefined) this.#counts.set(kind, { count: 1, firstLine: line, example });
    else known.count++;
  }

  /** By first line. */
  list(): FaultCount[] {
    return [...this.#counts].map(([kind, fault]) => ({ kind, ...fault })).sort((a, b) => a.firstLine - b.firstLine);
  }

  /** Throws WORDS_INVALID where more than 1 % of `lines` are faulty. A cut-off last line alone never is too much. */
  assertSound(lines: number): void {
    const faults = this.list();
    const faulty = faults.reduce((sum, { kind, count }) => sum + (kind === 'CUT_OFF' ? 0 : count), 0);
    const [first] = faults;
    if (first === undefined || faulty <= lines * MAX_FAULTY_SHARE) return;
    throw this.error(first.firstLine, `${first.example}; ${faulty} of ${lines} lines are faulty, more than 1 %`);
  }

  /** WORDS_INVALID with file, line and remedy. */
  error(line: number, problem: string): AppError {
    return wordsInvalid(this.#name, `line ${line}: ${problem}. ${REMEDY}`, { line });
  }
}

/** The one shape of WORDS_INVALID: names the file first. */
export function wordsInvalid(
  name: string,
  problem: string,
  details: Record<string, number> = {},
  cause?: unknown,
): AppError {
  return new AppError('WORDS_INVALID', `${name}: ${problem}`, { cause, details: { file: name, ...details } });
}
