// The header of an index file: what it says, how it is parsed, and whether it is the index that was asked for.
import { join } from 'node:path';
import type { IndexKind, Metric } from './vector-index.ts';

/** What an index must be to be of use: its kind, and the vectors it was made from. */
export interface IndexIdentity {
  readonly kind: IndexKind;
  /** Names the model (or vocabulary) that the vectors come from. */
  readonly fingerprint: string;
  readonly dimension: number;
  readonly metric: Metric;
}

export interface PartFile {
  /** Base name, beside the header. */
  readonly file: string;
  readonly bytes: number;
  readonly crc32: number;
}

export interface IndexHeader extends IndexIdentity {
  readonly format: typeof FORMAT;
  readonly generation: string;
  readonly count: number;
  readonly payload: PartFile;
  readonly labels: PartFile;
}

/** Raised whenever the files change their meaning; older ones are then rebuilt. */
const FORMAT = 1;

export function headerPath(directory: string, name: string): string {
  return join(directory, `${name}.json`);
}

/** The header, or what is wrong with it. */
export function parseHeader(text: string, name: string): IndexHeader | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const header = value as Partial<IndexHeader> | null;
  if (header === null || typeof header !== 'object') return 'is not an object';
  if (header.format !== FORMAT) return `has format ${header.format}, expected ${FORMAT}`;
  if (typeof header.generation !== 'string' || !Number.isInteger(header.count)) return 'lacks its generation or count';
  for (const part of [header.payload, header.labels]) {
    if (!isPart(part) || !part.file.startsWith(`${name}-${header.generation}.`)) return 'does not name its files';
  }
  return header as IndexHeader;
}

/** Why this index is not the expected one, or undefined. */
export function headerFault(header: IndexHeader, expected: IndexIdentity): string | undefined {
  for (const key of ['kind', 'fingerprint', 'dimension', 'metric'] as const) {
    if (header[key] !== expected[key]) return `expected ${key} ${expected[key]}, got ${header[key]}`;
  }
  return undefined;
}

function isPart(part: PartFile | undefined): part is PartFile {
  return typeof part?.file === 'string' && Number.isInteger(part.bytes) && Number.isInteger(part.crc32);
}
