// Lists of labels: which row counts when a label comes twice, and what two ascending lists do not share.
import type { Label } from '../core/views.ts';

/** Each label once, with the row that came last; `rows` is undefined where no label came twice. */
export function lastOfEach(labels: readonly Label[]): { labels: readonly Label[]; rows: number[] | undefined } {
  const rowOf = new Map<Label, number>();
  labels.forEach((label, row) => {
    rowOf.set(label, row);
  });
  if (rowOf.size === labels.length) return { labels, rows: undefined };
  return { labels: [...rowOf.keys()], rows: [...rowOf.values()] };
}

/** Both lists ascending without doubles; so are the results. */
export function diffLabels(
  wanted: readonly Label[],
  held: readonly Label[],
): { readonly missing: Label[]; readonly surplus: Label[] } {
  const missing: Label[] = [];
  const surplus: Label[] = [];
  let i = 0;
  let j = 0;
  while (i < wanted.length || j < held.length) {
    const want = wanted[i] ?? Number.POSITIVE_INFINITY;
    const have = held[j] ?? Number.POSITIVE_INFINITY;
    if (want < have) missing.push(want as Label);
    else if (have < want) surplus.push(have as Label);
    if (want <= have) i++;
    if (have <= want) j++;
  }
  return { missing, surplus };
}
