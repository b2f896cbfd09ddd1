// The classes that an encoder's own last layer tells apart, found by name: what a focus by WEIGHTS reads in a space without a
// text tower. Knows no picture and no index.
import { distance } from 'fastest-levenshtein';
import { AppError } from '../../core/errors.ts';
import { row } from '../../core/vector.ts';
import type { Classifier } from '../../embedding/embedder.ts';
import type { Focus } from '../../query/focus-windows.ts';
import type { FocusTerm } from './query-expression.ts';

/** How many names a refusal suggests. */
const SUGGESTIONS = 5;

/**
 * The class's column of each focus, in order, with its strength. Names are compared without case; ImageNet's lists of
 * synonyms ("tabby, tabby cat") answer to each of them. Throws BAD_ARGUMENT with the nearest names.
 */
export function columnsOf(classifier: Classifier, focus: readonly FocusTerm[]): Focus[] {
  return focus.map(({ text, strength }) => ({
    vector: row(classifier.weights, findClass(classifier, text)),
    strength,
  }));
}

/** Row of the class. An exact name wins over a synonym; among equals the first. */
function findClass({ classes }: Classifier, text: string): number {
  const wanted = folded(text);
  const whole = classes.findIndex((name) => folded(name) === wanted);
  const found = whole >= 0 ? whole : classes.findIndex((name) => synonymsOf(name).includes(wanted));
  if (found >= 0) return found;
  const nearest = nearestNames(classes, wanted);
  throw new AppError(
    'BAD_ARGUMENT',
    `The encoder's classifier has no class "${text}"; the nearest of its ${classes.length} are ${nearest.join(', ')}.`,
    { details: { suggestions: nearest } },
  );
}

function nearestNames(classes: readonly string[], wanted: string): string[] {
  const names = [...new Set(classes.flatMap(synonymsOf))];
  const ranked = names.map((name) => ({ name, isPart: name.includes(wanted), far: distance(name, wanted) }));
  ranked.sort((a, b) => Number(b.isPart) - Number(a.isPart) || a.far - b.far || (a.name < b.name ? -1 : 1));
  return ranked.slice(0, SUGGESTIONS).map(({ name }) => name);
}

function synonymsOf(name: string): string[] {
  return name
    .split(',')
    .map(folded)
    .filter((synonym) => synonym !== '');
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('_', ' ').replace(/\s+/g, ' ').trim();
}
