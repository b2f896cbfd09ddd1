// A projection as bytes, to be stored beside the vectors it was fitted on: a line of JSON, then numbers in little-endian.
// Random projections are their seed alone.
import { AppError } from '../../core/errors.ts';
import { GaussianProjection } from './gaussian-projection.ts';
import { type PcaParts, PcaProjection } from './pca-projection.ts';
import type { Projection } from './projection.ts';
import { SparseProjection } from './sparse-projection.ts';

interface Header {
  readonly format: typeof FORMAT;
  readonly kind: string;
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly seed?: number;
  readonly isCentred?: boolean;
  readonly kept?: number;
}

/** Raised whenever the same bytes would mean another projection. */
const FORMAT = 1;
const NEWLINE = 10;

/** The bytes that `projectionFromBytes` takes. Throws INTERNAL for a projection that is not of this folder. */
export function projectionToBytes(projection: Projection): Uint8Array {
  const { kind, id, from, to } = projection;
  if (projection instanceof PcaProjection) {
    const { axes, mean, variances, kept } = projection.parts;
    const header: Header = { format: FORMAT, kind, id, from, to, isCentred: mean !== undefined, kept };
    return joined(header, [variances, axes, mean ?? new Float32Array(0)]);
  }
  if (projection instanceof GaussianProjection || projection instanceof SparseProjection) {
    return joined({ format: FORMAT, kind, id, from, to, seed: projection.seed }, []);
  }
  throw new AppError('INTERNAL', `There is no way to store the projection ${id}.`);
}

/** The very projection, of equal id and results. Throws INDEX_INVALID for bytes that are damaged or of a later version. */
export function projectionFromBytes(bytes: Uint8Array): Projection {
  const end = bytes.indexOf(NEWLINE);
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end))));
  // A copy: a Buffer's slice is a view that may begin anywhere, and floats must begin at a multiple of four.
  const projection = read(header, Uint8Array.from(bytes.subarray(end + 1)));
  if (projection.id !== header.id) throw invalid(`expected ${header.id}, got ${projection.id}`);
  return projection;
}

function read({ kind, from, to, seed = 0, isCentred = false, kept = 0 }: Header, payload: Uint8Array): Projection {
  if (kind === 'gaussian') return new GaussianProjection(from, to, seed);
  if (kind === 'sparse') return new SparseProjection(from, to, seed);
  if (kind !== 'pca') throw invalid(`its method "${kind}" is not known here`);
  const expected = 4 * (to + from * to + (isCentred ? from : 0));
  if (payload.length !== expected) throw invalid(`expected ${expected} bytes of numbers, got ${payload.length}`);
  const numbers = new Float32Array(payload.buffer, payload.byteOffset, payload.length / 4);
  const parts: PcaParts = {
    from,
    to,
    variances: numbers.slice(0, to),
    axes: numbers.slice(to, to + from * to),
    mean: isCentred ? numbers.slice(to + from * to) : undefined,
    kept,
  };
  return new PcaProjection(parts);
}

function parseHeader(text: string): Header {
  let header: Partial<Header>;
  try {
    header = JSON.parse(text) as Partial<Header>;
  } catch {
    throw invalid('its header is not JSON');
  }
  if (header?.format !== FORMAT) throw invalid(`expected format ${FORMAT}, got ${header?.format}`);
  const { from, to, seed = 0 } = header;
  const isWhole = [from, to, seed].every((value) => Number.isSafeInteger(value));
  if (!isWhole || (from ?? 0) < 1 || (to ?? 0) < 1) throw invalid('its header lacks its lengths');
  return header as Header;
}

function joined(header: Header, parts: readonly Float32Array[]): Uint8Array {
  const bytes = parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  return new Uint8Array(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...bytes]));
}

function invalid(fault: string): AppError {
  return new AppError('INDEX_INVALID', `The stored projection cannot be used: ${fault}; fit it again with reindex.`, {
    details: { reason: 'torn' },
  });
}
