// Markdown tables and the uncertainty of a mean.
import { average } from '../../../src/query/measures.ts';
import { seededRandom } from '../random.ts';

/** A table with a head line; cells are written as they come. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const RESAMPLES = 1000;

/** The mean with its 95 % bootstrap interval, as ".402 (.36-.44)". */
export function meanWithInterval(values: readonly number[], seed = 1): string {
  const random = seededRandom(seed);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[random.below(values.length)] as number;
    return sum / values.length;
  }).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.floor(share * RESAMPLES)] as number;
  return `${short(average(values))} (${short(at(0.025), 2)}-${short(at(0.975), 2)})`;
}

/** Three digits, without the leading zero. */
export function short(value: number, digits = 3): string {
  return value.toFixed(digits).replace(/^(-?)0\./, '$1.');
}

/** Area under the ROC curve: the chance that a random yes scores above a random no; ties count half. */
export function rocArea(yes: readonly number[], no: readonly number[]): number {
  const all = [...yes.map((score) => ({ score, yes: true })), ...no.map((score) => ({ score, yes: false }))];
  all.sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let i = 0; i < all.length; ) {
    let end = i;
    while (end < all.length && all[end]?.score === all[i]?.score) end++;
    const rank = (i + 1 + end) / 2;
    for (; i < end; i++) if (all[i]?.yes) rankSum += rank;
  }
  return (rankSum - (yes.length * (yes.length + 1)) / 2) / (yes.length * no.length);
}
