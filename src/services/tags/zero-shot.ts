// Names a picture by labels that the caller brings: a probability for each, all together 1. Knows no vocabulary of its own.
import { AppError } from '../../core/errors.ts';
import { dot, type Vector } from '../../core/vector.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { embedWithPrompts } from '../../embedding/prompts.ts';
import { checkedText } from '../checks.ts';

export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

export const MAX_LABELS = 1000;

/** All labels, most probable first: softmax over cosines at the model's logit scale (CLIP, Radford et al. 2021). Throws BAD_ARGUMENT. */
export async function labelProbabilities(
  embedder: Embedder,
  picture: Vector,
  labels: readonly string[],
): Promise<LabelProbability[]> {
  const texts = [...new Set(labels.map((label) => checkedText(label, 'vocabulary')))];
  if (texts.length < 1 || texts.length > MAX_LABELS) {
    throw new AppError('BAD_ARGUMENT', `\`vocabulary\` expects 1 to ${MAX_LABELS} labels, got ${texts.length}.`);
  }
  const vectors = await embedWithPrompts(embedder, texts, 'query');
  const probabilities = softmax(vectors.map((vector) => embedder.model.logitScale * dot(vector, picture)));
  return texts
    .map((label, i) => ({ label, probability: probabilities[i] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
}

export function softmax(logits: readonly number[]): number[] {
  const greatest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - greatest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
