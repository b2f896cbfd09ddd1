// The header of a .npy file, numpy's format for one array: a magic word, a version, and a Python dict in ASCII
// (numpy.lib.format, NEP 1). Read strictly: a few types, one or two dimensions, never a pickle.
import { AppError } from './errors.ts';

export type NpyType = 'float16' | 'float32' | 'float64';

export interface NpyHeader {
  readonly type: NpyType;
  /** Columns lie together instead of rows. */
  readonly isFortran: boolean;
  /** A one-dimensional array is one row. */
  readonly rows: number;
  readonly dimension: number;
  /** Where the numbers begin in the file. */
  readonly offset: number;
}

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const TYPES: Readonly<Record<string, NpyType>> = { '<f2': 'float16', '<f4': 'float32', '<f8': 'float64' };
/** Magic, version and the length of the dict: 10 bytes in version 1, 12 in versions 2 and 3. */
export const NPY_PREFIX_BYTES = 12;
/** numpy refuses longer ones by default too (max_header_size). */
const MOST_HEADER_BYTES = 10_000;
/** Beyond it the size of the file could not be computed exactly. */
const MOST_NUMBERS = Number.MAX_SAFE_INTEGER / 16;
/** numpy aligns the numbers to 64 bytes; two blocks leave room for any shape, so that a count can be filled in at the end. */
const WRITTEN_HEADER_BYTES = 128;

/** How many bytes a header needs that begins so. Throws BAD_ARGUMENT if it is no .npy file. */
export function npyHeaderLength(prefix: Uint8Array, name: string): number {
  if (!MAGIC.every((byte, i) => prefix[i] === byte)) {
    throw refused(name, 'it does not begin as a .npy file does (an .npz is a zip: unpack it first)');
  }
  const [major = 0] = prefix.subarray(6);
  if (prefix.length < NPY_PREFIX_BYTES || major < 1 || major > 3)
    throw refused(name, `its version ${major} is unknown`);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const length = major === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (length > MOST_HEADER_BYTES) throw refused(name, `its header of ${length} bytes is too long`);
  return length;
}

/** `header`: as many bytes as `npyHeaderLength` says. Throws BAD_ARGUMENT, naming what is wrong. */
export function parseNpyHeader(header: Uint8Array, name: string): NpyHeader {
  const dict = new TextDecoder('latin1').decode(header.subarray(header[6] === 1 ? 10 : 12));
  const type = /'descr'\s*:\s*('([^']*)'|\[)/.exec(dict);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(dict)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(dict)?.[1];
  if (type === null || order === undefined || shape === undefined) throw refused(name, 'its header is not understood');
  const sizes = shape.split(',').map((part) => part.trim());
  if (sizes.at(-1) === '') sizes.pop();
  if (sizes.length < 1 || sizes.length > 2 || !sizes.every((size) => /^\d{1,15}$/.test(size))) {
    throw refused(name, `expected one or two dimensions, got shape (${shape}); reshape it to (count, length)`);
  }
  const dimension = Number(sizes.at(-1));
  const rows = sizes.length === 1 ? 1 : Number(sizes[0]);
  if (dimension < 1 || rows * dimension > MOST_NUMBERS) {
    throw refused(
      name,
      `expected at least one number a row, and no more of them than a file can hold, got shape (${shape})`,
    );
  }
  const isFortran = order === 'True' && sizes.length === 2;
  return {
    type: numberType(type[2], name),
    isFortran,
    rows,
    dimension,
    offset: header.length,
  };
}

/** The header of a C-ordered float32 array, version 1.0, of 128 bytes whatever the shape. */
export function writtenNpyHeader(rows: number, dimension: number): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimension}), }`;
  const room = WRITTEN_HEADER_BYTES - 10;
  const bytes = Buffer.alloc(WRITTEN_HEADER_BYTES);
  bytes.set(MAGIC);
  bytes.set([1, 0], 6);
  bytes.writeUInt16LE(room, 8);
  bytes.write(`${dict.padEnd(room - 1)}\n`, 10, 'latin1');
  return bytes;
}

export function refused(name: string, fault: string): AppError {
  return new AppError('BAD_ARGUMENT', `${name} cannot be read as vectors: ${fault}.`);
}

function numberType(descr: string | undefined, name: string): NpyType {
  const type = TYPES[descr ?? ''];
  if (type !== undefined) return type;
  if (descr?.includes('O') === true) {
    throw refused(name, 'it holds Python objects (a pickle), which are never loaded; save it as np.float32');
  }
  const got = descr === undefined ? 'a record type' : `"${descr}"`;
  throw refused(
    name,
    `expected little-endian float16, float32 or float64, got ${got}; save it with .astype(np.float32)`,
  );
}
