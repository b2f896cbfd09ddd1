// The comparison in as few lines as the README has room for: encoders by metric, and what indexes and reductions keep of it.
import type { ComparedRow, Comparison } from '../../../src/services/compare/compare.ts';
import { nameVariant } from '../../../src/services/compare/compare-variants.ts';
import type { Metric } from '../../../src/vectors/vector-index.ts';

const METRICS: readonly Metric[] = ['cosine', 'dot', 'euclidean'];

/** Exact search: precision by each metric, mAP by cosine, and what an encoder costs. */
export function metricTable({ rows, k }: Comparison): string {
  const exact = rows.filter(({ variant }) => nameVariant(variant) === 'exact');
  return markdown(
    ['encoder', 'numbers', ...METRICS.map((metric) => `${metric}, P@${k}`), 'cosine, mAP@100', 'ms a picture'],
    spacesOf(exact).map((space) => {
      const own = (metric: Metric) => exact.find((row) => row.space === space && row.metric === metric);
      const best = Math.max(...METRICS.map((metric) => own(metric)?.precision ?? 0));
      return [
        space,
        `${own('cosine')?.dimension ?? ''}`,
        ...METRICS.map((metric) => {
          const precision = own(metric)?.precision ?? Number.NaN;
          return precision === best ? `**${share(precision)}**` : share(precision);
        }),
        share(own('cosine')?.meanAveragePrecision ?? Number.NaN),
        (own('cosine')?.msPerPicture ?? Number.NaN).toFixed(2),
      ];
    }),
  );
}

/** One metric: precision by the variant's own order, with its recall of exact search and its bytes a picture. */
export function variantTable({ rows, k }: Comparison, metric: Metric): string {
  const shown = rows.filter((row) => row.metric === metric && !row.isRescored);
  const variants = [...new Set(shown.map(({ variant }) => nameVariant(variant)))];
  return markdown(
    [`${metric}, P@${k} (recall, bytes)`, ...variants],
    spacesOf(shown).map((space) => [
      space,
      ...variants.map((name) => cellOf(shown.find((row) => row.space === space && nameVariant(row.variant) === name))),
    ]),
  );
}

/** What re-scoring makes of the coarse ones: the least recall over all encoders and metrics. */
export function rescoredSentence({ rows, k }: Comparison): string {
  const rescored = rows.filter(({ isRescored }) => isRescored);
  const least = rescored.toSorted((a, b) => a.recall - b.recall)[0];
  if (least === undefined) return '';
  const { space, metric, variant, recall } = least;
  return `Re-scored with the full vectors, as the service does, recall@${k} is ${share(recall)} or more everywhere (least: ${space}, ${metric}, ${nameVariant(variant)}).`;
}

export function markdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

export function share(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(3).replace(/^0/, '');
}

function cellOf(row: ComparedRow | undefined): string {
  if (row === undefined) return '';
  return `${share(row.precision)} (${share(row.recall)}, ${row.bytesPerPicture.toFixed(0)})`;
}

function spacesOf(rows: readonly ComparedRow[]): string[] {
  return [...new Set(rows.map(({ space }) => space))];
}
