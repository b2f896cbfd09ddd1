// A comparison as tables: the columns, the best by each of them, Markdown, and what stands beneath. Measures nothing.
import { cpus, totalmem } from 'node:os';
import type { ComparedRow, Comparison } from './compare.ts';
import { MAP_DEPTH } from './compare-measure.ts';
import { nameVariant } from './compare-variants.ts';

interface Column {
  readonly heading: (k: number) => string;
  readonly of: (row: ComparedRow) => number;
  readonly format: (value: number) => string;
  /** Whether less is better. */
  readonly isCost: boolean;
}

const share = (value: number) => value.toFixed(3).replace(/^0/, '');
const time = (value: number) => (value >= 10 ? value.toFixed(0) : value.toFixed(value >= 1 ? 1 : 2));

const RECALL: Column = { heading: (k) => `recall@${k}`, of: (row) => row.recall, format: share, isCost: false };

const COLUMNS: readonly Column[] = [
  { heading: (k) => `precision@${k}`, of: (row) => row.precision, format: share, isCost: false },
  { heading: () => `mAP@${MAP_DEPTH}`, of: (row) => row.meanAveragePrecision, format: share, isCost: false },
  RECALL,
  {
    heading: () => 'bytes/picture',
    of: (row) => row.bytesPerPicture,
    format: (value) => value.toFixed(0),
    isCost: true,
  },
  { heading: () => 'ms/picture', of: (row) => row.msPerPicture, format: time, isCost: true },
  { heading: () => 'ms/query', of: (row) => row.msPerQuery, format: time, isCost: true },
];

export interface ComparisonTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function comparisonTable({ rows, k }: Comparison): ComparisonTable {
  return {
    headings: ['space', 'numbers', 'metric', 'search', ...COLUMNS.map(({ heading }) => heading(k))],
    rows: rows.map((row) => [
      row.space,
      `${row.dimension}`,
      row.metric,
      nameVariant(row.variant, row.isRescored),
      ...COLUMNS.map((column) => column.format(column.of(row))),
    ]),
  };
}

export interface Best {
  readonly column: string;
  readonly value: number;
  readonly text: string;
  readonly row: ComparedRow;
}

/**
 * The best row by each column; of equal ones the more precise, then the smaller, then the first. Recall is that of exact search,
 * so exact search itself does not compete for it.
 */
export function bestByColumn({ rows, k }: Comparison): Best[] {
  return COLUMNS.flatMap((column) => {
    const sign = column.isCost ? 1 : -1;
    const others = column === RECALL ? rows.filter((row) => nameVariant(row.variant) !== 'exact') : rows;
    const [row] = (others.length > 0 ? others : rows).toSorted(
      (a, b) =>
        sign * (column.of(a) - column.of(b)) || b.precision - a.precision || a.bytesPerPicture - b.bytesPerPicture,
    );
    if (row === undefined) return [];
    const value = column.of(row);
    return [{ column: column.heading(k), value, text: column.format(value), row }];
  });
}

/** `precision@10 .412: main, cosine, exact`. */
export function bestSentences(comparison: Comparison): string[] {
  return bestByColumn(comparison).map(({ column, text, row }) => {
    const { space, metric, variant, isRescored, precision } = row;
    const along = column === COLUMNS[0]?.heading(comparison.k) ? '' : ` (precision ${share(precision)})`;
    return `${column} ${text}: ${space}, ${metric}, ${nameVariant(variant, isRescored)}${along}`;
  });
}

/** What the figures speak of, in one line each. */
export function comparisonFacts(comparison: Comparison, folder: string, command: string): string[] {
  const { pictures, classes, queries, k, seed, skipped, leftOut } = comparison;
  const facts = [
    `${pictures} pictures in ${classes} classes of ${folder}; ${queries} of them asked, each for the others of its class; seed ${seed}.`,
    `Precision counts the first ${k}, mAP the first ${MAP_DEPTH}, recall the first ${k} of exact search by the same metric. Bytes are the index file's; re-scoring also reads the full vectors in the catalog. ms/picture is the network alone, ms/query the search alone (median).`,
    machineSentence(),
    `Command: ${command}`,
  ];
  if (skipped.length > 0) facts.push(`${skipped.length} files skipped: ${listSome(skipped.map(({ name }) => name))}.`);
  return [...facts, ...leftOut.map((sentence) => `Left out: ${sentence}`)];
}

/** A table with the best of each column in bold, the best in sentences, and the facts. */
export function comparisonMarkdown(comparison: Comparison, facts: readonly string[]): string {
  const { headings } = comparisonTable(comparison);
  const best = COLUMNS.map((column) => {
    const values = comparison.rows.map(column.of);
    return column.isCost ? Math.min(...values) : Math.max(...values);
  });
  const lines = comparison.rows.map((row) => {
    const cells = COLUMNS.map((column, i) => {
      const text = column.format(column.of(row));
      return column.of(row) === best[i] ? `**${text}**` : text;
    });
    const what = [row.space, `${row.dimension}`, row.metric, nameVariant(row.variant, row.isRescored)].map(escapeCell);
    return `| ${[...what, ...cells].join(' | ')} |`;
  });
  const rule = `|${headings.map((_, i) => (i === 1 || i > 3 ? '---:' : '---')).join('|')}|`;
  const sentences = bestSentences(comparison).map((sentence) => `- best ${sentence}`);
  return [`| ${headings.join(' | ')} |`, rule, ...lines, '', ...sentences, '', ...facts, ''].join('\n');
}

/** What was measured on: times mean nothing without it. */
export function machineSentence(): string {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cores[0]?.model.trim() || process.arch;
  return `Machine: ${model}, ${cores.length} threads, ${gigabytes} GiB; ${process.platform} ${process.arch}, Node ${process.versions.node}.`;
}

function listSome(names: readonly string[]): string {
  const rest = names.length - 5;
  return rest > 0 ? `${names.slice(0, 5).join(', ')} and ${rest} more` : names.join(', ');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
