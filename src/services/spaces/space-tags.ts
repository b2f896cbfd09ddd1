// Tags by a space other than the main one: its own text tower over its own words, or over the library's vocabulary. People's
// tags, word space and synonyms are the main space's business.
import { AppError } from '../../core/errors.ts';
import { dot, type Vector } from '../../core/vector.ts';
import { assertFirst, checkedText } from '../checks.ts';
import type { PictureSource, QueryVectors } from '../search/query-vectors.ts';
import type { Tag } from '../tags/tag-service.ts';
import { softmax } from '../tags/zero-shot.ts';
import type { SpaceTexts } from './space-encoder.ts';

const MAX_LABELS = 1000;

interface Deps {
  readonly queryVectors: Pick<QueryVectors, 'ofPicture'>;
  /** Throws SPACE_HAS_NO_TEXT. */
  readonly openTexts: () => Promise<SpaceTexts>;
  /** The library's vocabulary, for a text tower that brings no words of its own. */
  readonly vocabulary: readonly string[];
}

interface KnownWord {
  readonly word: string;
  readonly vector: Vector;
}

export class SpaceTags {
  readonly #deps: Deps;
  #words: Promise<KnownWord[]> | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Words that name what a picture shows, each with its probability among all of them, best first. Throws SPACE_HAS_NO_TEXT. */
  async tagsFor(source: PictureSource, first: number): Promise<Tag[]> {
    assertFirst(first);
    const { openTexts, vocabulary } = this.#deps;
    const texts = await openTexts();
    this.#words ??= knownWords(texts, texts.words ?? vocabulary);
    this.#words.catch(() => {
      this.#words = undefined;
    });
    return rank(await this.#words, await this.#deps.queryVectors.ofPicture(source), texts.scale).slice(0, first);
  }

  /** The caller's labels; those that the space has no word of are left out. Throws BAD_ARGUMENT, SPACE_HAS_NO_TEXT. */
  async labelsFor(source: PictureSource, labels: readonly string[], first: number): Promise<Tag[]> {
    assertFirst(first);
    const names = [...new Set(labels.map((label) => checkedText(label, 'vocabulary')))];
    if (names.length < 1 || names.length > MAX_LABELS)
      throw new AppError('BAD_ARGUMENT', `\`vocabulary\` expects 1 to ${MAX_LABELS} labels, got ${names.length}.`);
    const texts = await this.#deps.openTexts();
    const known = await knownWords(texts, names);
    if (known.length === 0)
      throw new AppError('UNKNOWN_WORD', `The space knows no word of these labels: ${names.slice(0, 5).join(', ')}.`);
    return rank(known, await this.#deps.queryVectors.ofPicture(source), texts.scale).slice(0, first);
  }
}

async function knownWords(texts: SpaceTexts, words: readonly string[]): Promise<KnownWord[]> {
  const vectors = await texts.vectorsOf(words);
  return words.flatMap((word, i) => {
    const vector = vectors[i];
    return vector === undefined ? [] : [{ word, vector }];
  });
}

/** Softmax over cosines at the scale of the space's texts. */
function rank(words: readonly KnownWord[], picture: Vector, scale: number): Tag[] {
  const probabilities = softmax(words.map(({ vector }) => scale * dot(vector, picture)));
  return words
    .map(
      ({ word }, i): Tag => ({ name: word, score: probabilities[i] ?? 0, source: 'MODEL', via: ['TOWER'], also: [] }),
    )
    .sort((a, b) => b.score - a.score);
}
