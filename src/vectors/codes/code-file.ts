// The file of the indexes that are made here: a count of sections, the length of each, and then their numbers as they
// lie in memory (little-endian). The labels, the checksum and the identity are index-file.ts's.
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import type { Packed } from './packed-rows.ts';

/** A read or write of more than 2 GiB at once is refused by Node. */
const PIECE_BYTES = 64 * 1024 * 1024;
const MAGIC = 0x314c4253;

/** Writes the sections in order; they are not changed and not copied. Not atomic: index-file.ts is. */
export async function writeSections(path: string, sections: readonly Packed[]): Promise<void> {
  const file = await open(path, 'w');
  try {
    const header = new Float64Array([MAGIC, sections.length, ...sections.map(({ byteLength }) => byteLength)]);
    await inPieces(header, (piece) => file.write(piece));
    for (const section of sections) await inPieces(section, (piece) => file.write(piece));
  } finally {
    await file.close();
  }
}

export interface SectionTypes {
  readonly int8: Int8Array<ArrayBuffer>;
  readonly uint32: Uint32Array<ArrayBuffer>;
  readonly float32: Float32Array<ArrayBuffer>;
}

/** Reads what `writeSections` wrote, of the named types in that order. Throws INDEX_INVALID for any other file. */
export async function readSections<const K extends readonly (keyof SectionTypes)[]>(
  path: string,
  types: K,
): Promise<{ -readonly [I in keyof K]: SectionTypes[K[I]] }> {
  const file = await open(path, 'r');
  try {
    const header = new Float64Array(2 + types.length);
    await fill(file, header, path);
    if (header[0] !== MAGIC || header[1] !== types.length) throw torn(path, 'it does not begin as such a file does');
    const { size } = await file.stat();
    const lengths = [...header.subarray(2)];
    const expected = lengths.reduce((sum, each) => sum + each, header.byteLength);
    if (size !== expected) throw torn(path, `expected ${expected} bytes, got ${size}`);
    const sections = types.map((type, i) => newSection(type, lengths[i] as number));
    for (const section of sections) await fill(file, section, path);
    return sections as { -readonly [I in keyof K]: SectionTypes[K[I]] };
  } finally {
    await file.close();
  }
}

function newSection(type: keyof SectionTypes, bytes: number): Packed {
  if (type === 'int8') return new Int8Array(bytes);
  return type === 'uint32' ? new Uint32Array(bytes / 4) : new Float32Array(bytes / 4);
}

async function fill(file: FileHandle, into: Packed | Float64Array, path: string): Promise<void> {
  await inPieces(into, async (piece) => {
    const { bytesRead } = await file.read(piece, 0, piece.length, null);
    if (bytesRead === 0) throw torn(path, 'it ends too early');
    return { bytesWritten: bytesRead };
  });
}

async function inPieces(
  { buffer, byteOffset, byteLength }: Packed | Float64Array,
  use: (piece: Uint8Array) => Promise<{ readonly bytesWritten: number }>,
): Promise<void> {
  for (let from = 0; from < byteLength; ) {
    const piece = new Uint8Array(buffer, byteOffset + from, Math.min(PIECE_BYTES, byteLength - from));
    from += (await use(piece)).bytesWritten;
  }
}

function torn(path: string, fault: string): AppError {
  return new AppError('INDEX_INVALID', `The index file ${path} cannot be read: ${fault}; rebuild it with reindex.`, {
    details: { reason: 'torn' },
  });
}
