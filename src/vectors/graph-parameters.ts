// The HNSW parameters that both libraries are built with, so that their figures can be put side by side.

/** Links of a node on the upper layers (the bottom layer has twice as many). 16 is both libraries' default. */
export const M = 16;
/** Candidates kept while a node is linked in: more make the build slower and recall higher, ever less so. */
export const EF_CONSTRUCTION = 200;
/** Recall@10 of 0.98 or more on clustered 512-d vectors (`npm run bench`). */
export const LEAST_EF = 64;

/** Candidates kept by a search for k that does not say: twice k, at least LEAST_EF. */
export function defaultEf(k: number): number {
  return Math.max(LEAST_EF, 2 * k);
}
