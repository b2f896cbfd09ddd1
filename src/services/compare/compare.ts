// `semblance compare`: every encoder by every metric and every way to search, on pictures whose classes are known. The flow
// alone; how a row is measured, and what is printed of it, stands in the files beside it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { AppError, isAppError, toAppError } from '../../core/errors.ts';
import type { Matrix } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import type { Metric } from '../../vectors/vector-index.ts';
import { rowsToStored } from '../spaces/space-encoder.ts';
import { drawQueries, type Measured, measure, neighborsOf, type Queries } from './compare-measure.ts';
import {
  assertClasses,
  countByClass,
  type LabelledFolder,
  type LabelledPicture,
  type SkippedFile,
} from './compare-pictures.ts';
import { type BuiltVariant, buildVariant, isCoarse, nameVariant, type Variant } from './compare-variants.ts';
import type { EmbeddedPictures, OnProgress } from './compare-vectors.ts';

/** What is compared: a name for people, and how its vectors come about. */
export interface Contender {
  readonly name: string;
  /** Called once. */
  embed(pictures: readonly LabelledPicture[], onProgress: OnProgress): Promise<EmbeddedPictures>;
}

export interface CompareRequest {
  readonly folder: LabelledFolder;
  readonly contenders: readonly Contender[];
  readonly metrics: readonly Metric[];
  readonly variants: readonly Variant[];
  readonly k: number;
  /** At most so many pictures ask; all of them stand to be found. */
  readonly queries: number;
  readonly seed: number;
  readonly onProgress?: (what: string) => OnProgress;
  /** Told the vectors of each contender once, for further uses such as the neighbour grid. */
  readonly onVectors?: (name: string, embedded: EmbeddedPictures) => void;
}

export interface ComparedRow extends Measured {
  readonly space: string;
  readonly dimension: number;
  readonly metric: Metric;
  readonly variant: Variant;
  /** Candidates by the variant's own order, scored again with the full vectors. */
  readonly isRescored: boolean;
  readonly msPerPicture: number;
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  readonly pictures: number;
  readonly classes: number;
  readonly queries: number;
  readonly k: number;
  readonly seed: number;
  /** Files that are no readable pictures, or lie in no class folder. */
  readonly skipped: readonly SkippedFile[];
  /** What could not be compared, in a sentence each. */
  readonly leftOut: readonly string[];
}

/**
 * Rows in the order of contenders, metrics and variants. A contender that cannot be opened, a library that is not installed and a
 * reduction that vectors are too short for are left out and named. Throws BAD_ARGUMENT where nothing is left, or the readable
 * pictures are too few.
 */
export async function compare(request: CompareRequest): Promise<Comparison> {
  const { folder, contenders } = request;
  const scratch = await mkdtemp(join(tmpdir(), 'semblance-compare-'));
  const set = new ReadableSet(folder);
  const rows: ComparedRow[] = [];
  const leftOut: string[] = [];
  let queries: Queries | undefined;
  try {
    for (const { name, embed } of contenders) {
      const onProgress = request.onProgress?.(`Embedding ${name}`) ?? (() => {});
      const embedded = await orLeaveOut(leftOut, name, () => embed(set.pictures, onProgress));
      if (embedded === undefined) continue;
      set.narrow(embedded);
      queries ??= drawQueries(set.classes(), request.queries, request.seed);
      request.onVectors?.(name, embedded);
      rows.push(...(await compareOne(request, name, embedded, queries, scratch, leftOut)));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  if (rows.length === 0) throw new AppError('BAD_ARGUMENT', `Nothing could be compared. ${leftOut.join(' ')}`);
  const { k, seed } = request;
  const counts = countByClass(set.pictures);
  return {
    rows,
    pictures: set.pictures.length,
    classes: counts.size,
    queries: queries?.rows.length ?? 0,
    k,
    seed,
    skipped: set.skipped,
    leftOut: [...new Set(leftOut)],
  };
}

/** The first encoder finds out which pictures can be read; from then on the set stays, so that all rows speak of the same. */
class ReadableSet {
  readonly #root: string;
  readonly skipped: SkippedFile[];
  #pictures: readonly LabelledPicture[];
  #isKnown = false;

  constructor({ root, pictures, skipped }: LabelledFolder) {
    this.#root = root;
    this.#pictures = pictures;
    this.skipped = [...skipped];
  }

  get pictures(): readonly LabelledPicture[] {
    return this.#pictures;
  }

  classes(): string[] {
    return this.#pictures.map(({ className }) => className);
  }

  /** Throws BAD_ARGUMENT where too few are left, and the picture's error where one that could be read no longer can. */
  narrow({ pictures, refused }: EmbeddedPictures): void {
    const [first] = refused;
    if (this.#isKnown && first !== undefined) throw first.error;
    this.#isKnown = true;
    this.#pictures = pictures;
    for (const { picture, error } of refused) {
      this.skipped.push({ name: relative(this.#root, picture.path), code: error.code, reason: error.message });
    }
    assertClasses(pictures, this.#root);
  }
}

async function compareOne(
  request: CompareRequest,
  name: string,
  { vectors, msPerPicture }: EmbeddedPictures,
  queries: Queries,
  scratch: string,
  leftOut: string[],
): Promise<ComparedRow[]> {
  const rows: ComparedRow[] = [];
  const total = request.metrics.length * request.variants.length;
  const onProgress = request.onProgress?.(`Measuring ${name}`) ?? (() => {});
  let done = 0;
  for (const metric of request.metrics) {
    const stored = rowsToStored(vectors, metric);
    const truth = await exactNeighbors(stored, metric, queries, request.k, scratch);
    for (const variant of request.variants) {
      const what = `${nameVariant(variant)} of ${name}`;
      const built = await orLeaveOut(leftOut, what, () => buildVariant(variant, stored, metric, scratch));
      for (const isRescored of built === undefined ? [] : isCoarse(variant) ? [false, true] : [false]) {
        const measured = measure(built as BuiltVariant, stored, queries, request.k, truth, isRescored);
        rows.push({
          space: name,
          dimension: vectors.dimension,
          metric,
          variant,
          isRescored,
          msPerPicture,
          ...measured,
        });
      }
      built?.close();
      onProgress(++done, total);
      // The bar is drawn by a timer.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return rows;
}

async function exactNeighbors(
  vectors: Matrix,
  metric: Metric,
  { rows }: Queries,
  k: number,
  scratch: string,
): Promise<Label[][]> {
  const exact = await buildVariant({ index: 'exact', reduction: 'none' }, vectors, metric, scratch);
  const truth = neighborsOf(exact, vectors, rows, k);
  exact.close();
  return truth;
}

/** What a user chose and this machine or these vectors do not allow; a fault of the service is thrown. */
async function orLeaveOut<T>(leftOut: string[], what: string, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (isAppError(error, 'INTERNAL') || !isAppError(error)) throw error;
    leftOut.push(`${what}: ${toAppError(error).message}`);
    return undefined;
  }
}
