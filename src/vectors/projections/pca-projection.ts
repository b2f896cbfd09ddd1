// Projection on the directions in which the vectors of a sample spread most: what keeps most of the data in so few numbers.
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { Matrix } from '../../core/vector.ts';
import { projectRows } from './gaussian-projection.ts';
import { principalDirections } from './principal-directions.ts';
import type { Projection } from './projection.ts';

export interface PcaParts {
  readonly from: number;
  readonly to: number;
  /** `to` orthonormal rows of length `from`, the direction of the most spread first. */
  readonly axes: Float32Array;
  /** Subtracted from every vector first; undefined for a linear projection. */
  readonly mean: Float32Array | undefined;
  /** Mean square of the sample along each axis, falling. */
  readonly variances: Float32Array;
  /** Share of the sample's mean square that the axes keep, 0..1. */
  readonly kept: number;
}

export class PcaProjection implements Projection {
  readonly kind = 'pca';
  readonly id: string;
  readonly parts: PcaParts;

  constructor(parts: PcaParts) {
    this.parts = parts;
    const hash = createHash('sha256').update(bytesOf(parts.axes));
    if (parts.mean !== undefined) hash.update(bytesOf(parts.mean));
    const centred = parts.mean === undefined ? '' : ', centred';
    this.id = `pca:${parts.to} of ${parts.from}${centred}, ${hash.digest('hex').slice(0, 16)}`;
  }

  get from(): number {
    return this.parts.from;
  }

  get to(): number {
    return this.parts.to;
  }

  apply(vectors: Matrix): Matrix {
    const { axes, mean } = this.parts;
    const projected = projectRows(vectors, axes, this.parts);
    if (mean === undefined) return projected;
    const offset = projectRows({ rows: 1, dimension: this.from, data: mean }, axes, this.parts).data;
    for (let i = 0; i < projected.data.length; i++) {
      projected.data[i] = (projected.data[i] as number) - (offset[i % this.to] as number);
    }
    return projected;
  }
}

export interface PcaOptions {
  readonly to: number;
  /** For the range finder of large samples; equal input and seed give equal axes. */
  readonly seed: number;
  /**
   * True subtracts the sample's mean, as the textbook does: right for distances. False (the default) is linear and keeps
   * products and angles with the origin as well as so many numbers can (Eckart and Young 1936): right for every metric.
   */
  readonly isCentred?: boolean;
}

/** Fitted on the rows of a sample. Throws BAD_ARGUMENT if it has fewer rows than numbers are to be kept. */
export function fitPca(sample: Matrix, { to, seed, isCentred = false }: PcaOptions): PcaProjection {
  if (sample.rows < to || sample.dimension < to) {
    const got = `${sample.rows} of length ${sample.dimension}`;
    throw new AppError('BAD_ARGUMENT', `pca:${to} expects a sample of at least ${to} vectors that long, got ${got}.`);
  }
  const mean = isCentred ? meanOf(sample) : undefined;
  const rows = mean === undefined ? sample : minus(sample, mean);
  const { axes, variances } = principalDirections(rows, to, seed);
  const whole = rows.data.reduce((sum, value) => sum + value * value, 0) / sample.rows;
  const kept = whole === 0 ? 1 : Math.min(1, variances.reduce((sum, value) => sum + value, 0) / whole);
  return new PcaProjection({ from: sample.dimension, to, axes, mean, variances, kept });
}

/** In double precision, unlike `meanOfRows`: the projection's id is made of these very bits. */
function meanOf({ rows, dimension, data }: Matrix): Float32Array {
  const sums = new Float64Array(dimension);
  for (let i = 0; i < data.length; i++) sums[i % dimension] = (sums[i % dimension] as number) + (data[i] as number);
  return Float32Array.from(sums, (sum) => sum / rows);
}

function minus({ rows, dimension, data }: Matrix, mean: Float32Array): Matrix {
  return { rows, dimension, data: data.map((value, i) => value - (mean[i % dimension] as number)) };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
