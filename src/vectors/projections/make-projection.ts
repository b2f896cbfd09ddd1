// The registry of reductions: how one is written in a setting, and how it is made.
import { AppError } from '../../core/errors.ts';
import type { Matrix } from '../../core/vector.ts';
import { GaussianProjection } from './gaussian-projection.ts';
import { fitPca } from './pca-projection.ts';
import type { Projection, ProjectionKind } from './projection.ts';
import { SparseProjection } from './sparse-projection.ts';

export interface ProjectionChoice {
  readonly kind: ProjectionKind;
  /** Numbers that are kept. */
  readonly to: number;
}

export const PROJECTION_KINDS: readonly ProjectionKind[] = ['pca', 'gaussian', 'sparse'];
/** Above, a projection saves nothing worth its cost. */
const MOST_NUMBERS = 4096;

/** `pca:64`, `gaussian:128` or `sparse:64`; `none` is undefined. Throws BAD_ARGUMENT for anything else. */
export function parseProjection(text: string): ProjectionChoice | undefined {
  if (text === 'none') return undefined;
  const [, name, digits] = /^([a-z]+):(\d{1,5})$/.exec(text) ?? [];
  const kind = PROJECTION_KINDS.find((each) => each === name);
  const to = Number(digits);
  if (kind === undefined || to < 1 || to > MOST_NUMBERS) {
    throw new AppError(
      'BAD_ARGUMENT',
      `A projection is written as pca:64, gaussian:64 or sparse:64 (1 to ${MOST_NUMBERS} numbers), or none; got "${text}".`,
    );
  }
  return { kind, to };
}

export function formatProjection(choice: ProjectionChoice | undefined): string {
  return choice === undefined ? 'none' : `${choice.kind}:${choice.to}`;
}

/**
 * Makes a projection of the length of the sample's rows; only `pca` looks at their values (a few thousand suffice).
 * Equal arguments give an equal projection. None of them normalises: products and distances are kept as well as so many
 * numbers can. `isCentred`: see PcaOptions. Throws BAD_ARGUMENT if vectors would not become shorter or the sample is too small.
 */
export function fitProjection(
  kind: ProjectionKind,
  to: number,
  sample: Matrix,
  seed: number,
  { isCentred = false }: { readonly isCentred?: boolean } = {},
): Projection {
  const from = sample.dimension;
  if (to >= from) {
    throw new AppError('BAD_ARGUMENT', `${kind}:${to} expects vectors longer than ${to} numbers, got ${from}.`);
  }
  if (kind === 'gaussian') return new GaussianProjection(from, to, seed);
  if (kind === 'sparse') return new SparseProjection(from, to, seed);
  return fitPca(sample, { to, seed, isCentred });
}
