// The reduction of a space: found in the catalog, or fitted on a sample of the space's own vectors and kept there, so that every
// process shortens vectors alike.
import { AppError, isAppError } from '../../core/errors.ts';
import type { EncoderInfo } from '../../core/model-info.ts';
import type { Matrix } from '../../core/vector.ts';
import type { Catalog } from '../../store/catalog.ts';
import { fitProjection, parseProjection } from '../../vectors/projections/make-projection.ts';
import type { Projection } from '../../vectors/projections/projection.ts';
import { projectionFromBytes, projectionToBytes } from '../../vectors/projections/projection-file.ts';
import type { Metric } from '../../vectors/vector-index.ts';

/** Any number does; the same one makes the same projection everywhere. */
const SEED = 1;
/** More vectors than these make no better axes. */
const MOST_SAMPLED = 2000;

interface Asked {
  /** Of the vectors as they are stored. */
  readonly model: EncoderInfo;
  readonly metric: Metric;
  /** `pca:64`; null: none. */
  readonly reduction: string | null;
}

/** How many vectors a reduction is fitted on, where there are as many. */
export function sampleSizeOf(reduction: string): number {
  return Math.max(MOST_SAMPLED, 2 * (parseProjection(reduction)?.to ?? 0));
}

/**
 * The projection that is in use; undefined where there is none, or where it learns from vectors and was not fitted yet. Throws
 * BAD_ARGUMENT for one that would not make vectors shorter.
 */
export async function findProjection(catalog: Catalog, asked: Asked): Promise<Projection | undefined> {
  const choice = asked.reduction === null ? undefined : parseProjection(asked.reduction);
  if (choice === undefined) return undefined;
  const { dimension } = asked.model;
  if (choice.to >= dimension) {
    throw new AppError(
      'BAD_ARGUMENT',
      `${asked.reduction} expects vectors longer than ${choice.to} numbers; those of ${asked.model.id} have ${dimension}.`,
    );
  }
  // Random ones look at no vector.
  if (choice.kind !== 'pca')
    return fitProjection(choice.kind, choice.to, { rows: 0, dimension, data: new Float32Array() }, SEED);
  const stored = await catalog.getArtifact(keyOf(asked));
  if (stored === undefined) return undefined;
  try {
    return projectionFromBytes(stored);
  } catch (error) {
    // Fitted anew, like everything that can be.
    if (isAppError(error, 'INDEX_INVALID')) return undefined;
    throw error;
  }
}

/** Fits and keeps the projection; undefined while the sample holds fewer than twice the numbers that are kept. */
export async function fitAndKeep(catalog: Catalog, asked: Asked, sample: Matrix): Promise<Projection | undefined> {
  const found = await findProjection(catalog, asked);
  const choice = asked.reduction === null ? undefined : parseProjection(asked.reduction);
  if (found !== undefined || choice === undefined || sample.rows < 2 * choice.to) return found;
  const isCentred = asked.metric === 'euclidean';
  const projection = fitProjection(choice.kind, choice.to, sample, SEED, { isCentred });
  await catalog.putArtifact(keyOf(asked), projectionToBytes(projection));
  return projection;
}

function keyOf({ model, metric, reduction }: Asked): string {
  return `space-projection/${model.fingerprint}/${metric}/${reduction}`;
}
