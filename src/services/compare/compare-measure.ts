// What one way to search finds of a picture's own class, how much of the exact answer it keeps, and what it costs. Every query is
// a picture of the set itself, which never answers itself.

import { seededUniform } from '../../core/seeded-random.ts';
import { type Matrix, row } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { average, averagePrecision, median, precisionAt } from '../../query/measures.ts';
import type { BuiltVariant } from './compare-variants.ts';

/** Average precision is taken over so many neighbours: what a person may look through. */
export const MAP_DEPTH = 100;

export interface Queries {
  /** Row numbers, ascending. */
  readonly rows: readonly number[];
  /** The same in the order they were drawn. */
  readonly drawn: readonly number[];
  /** Class of each row of the vectors. */
  readonly classes: readonly string[];
  /** Pictures of each class. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface Measured {
  /** Of the first k, the share of the query's class (of as many as there are where they are fewer); mean over the queries. */
  readonly precision: number;
  /** Mean average precision over the first 100. */
  readonly meanAveragePrecision: number;
  /** Share of the exact search's first k that are found. */
  readonly recall: number;
  readonly bytesPerPicture: number;
  /** Median over the queries; without the network. */
  readonly msPerQuery: number;
}

/** At most `count` pictures that have another of their class, drawn by the seed. */
export function drawQueries(classes: readonly string[], count: number, seed: number): Queries {
  const counts = new Map<string, number>();
  for (const name of classes) counts.set(name, (counts.get(name) ?? 0) + 1);
  const candidates = classes.flatMap((name, i) => ((counts.get(name) ?? 0) > 1 ? [i] : []));
  const next = seededUniform(seed);
  // Fisher and Yates (1938), as far as it is needed.
  const size = Math.min(count, candidates.length);
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(next() * (candidates.length - i));
    [candidates[i], candidates[j]] = [candidates[j] as number, candidates[i] as number];
  }
  const drawn = candidates.slice(0, size);
  return { rows: drawn.toSorted((a, b) => a - b), drawn, classes, counts };
}

/** The k nearest of each query, without itself. */
export function neighborsOf(built: BuiltVariant, vectors: Matrix, rows: readonly number[], k: number): Label[][] {
  return rows.map((at) => withoutSelf(built.search(row(vectors, at), k + 1, false), at, k));
}

/** `truth`: neighborsOf the exact search of the same metric. */
export function measure(
  built: BuiltVariant,
  vectors: Matrix,
  queries: Queries,
  k: number,
  truth: readonly (readonly Label[])[],
  isRescored: boolean,
): Measured {
  const { rows, classes, counts } = queries;
  const depth = Math.min(MAP_DEPTH, vectors.rows - 1);
  const times: number[] = [];
  const precisions: number[] = [];
  const averages: number[] = [];
  const recalls: number[] = [];
  rows.forEach((at, i) => {
    const query = row(vectors, at);
    const startedAt = performance.now();
    const found = built.search(query, k + 1, isRescored);
    times.push(performance.now() - startedAt);
    const relevant = (counts.get(classes[at] ?? '') ?? 1) - 1;
    const isRight = (label: Label) => classes[label] === classes[at];
    const nearest = withoutSelf(found, at, k);
    precisions.push(precisionAt(k, nearest.map(isRight), relevant));
    const further = withoutSelf(built.search(query, depth + 1, isRescored), at, depth);
    averages.push(averagePrecision(further.map(isRight), { relevant: Math.min(relevant, depth) }));
    const exact = truth[i] ?? [];
    const answered = new Set(nearest);
    recalls.push(exact.length === 0 ? 1 : exact.filter((label) => answered.has(label)).length / exact.length);
  });
  return {
    precision: average(precisions),
    meanAveragePrecision: average(averages),
    recall: average(recalls),
    bytesPerPicture: built.bytesPerPicture,
    msPerQuery: median(times),
  };
}

/** Where many vectors are equal, the query itself may not be among those that were found. */
function withoutSelf(found: readonly Label[], self: number, k: number): Label[] {
  return found.filter((label) => label !== self).slice(0, k);
}
