// Single fields of an EXIF block. Reads those it is asked for and nothing else: a general reader unfolds every field it
// is told of, and 64 KB of hostile EXIF can name gigabytes of them. Knows no meaning of any field.

const EXIF_FOLDER = 0x8769;
const TYPE_ASCII = 2;
const TYPE_UINT16 = 3;
const TYPE_UINT32 = 4;
const TYPE_RATIONAL = 5;
const LONGEST_TEXT = 128;

export interface ExifFolder {
  /** Without the end marker and outer spaces; undefined where it is absent, no text, or over 128 bytes. */
  text(tag: number): string | undefined;
  /** The first value of a SHORT, LONG or RATIONAL field; undefined where there is none or it is no number. */
  number(tag: number): number | undefined;
}

export interface ExifFolders {
  /** IFD0: the camera. */
  readonly camera: ExifFolder;
  /** The Exif folder: the photograph. */
  readonly photograph: ExifFolder | undefined;
}

/** Opens a TIFF block, with or without the `Exif\0\0` that JPEG puts ahead of it. Undefined where it is none. Never throws. */
export function openExif(bytes: Uint8Array | undefined): ExifFolders | undefined {
  if (bytes === undefined) return undefined;
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const block = all.toString('latin1', 0, 6) === 'Exif\0\0' ? all.subarray(6) : all;
  const order = block.toString('latin1', 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return undefined;
  const reader = new FieldReader(block, order === 'II*\0');
  const first = reader.uint32(4);
  if (first === undefined) return undefined;
  const pointer = reader.find(first, EXIF_FOLDER, TYPE_UINT32);
  const photograph = pointer === undefined ? undefined : reader.uint32(pointer + 8);
  return {
    camera: reader.folder(first),
    photograph: photograph === undefined ? undefined : reader.folder(photograph),
  };
}

class FieldReader {
  readonly #block: Buffer;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(block: Buffer, littleEndian: boolean) {
    this.#block = block;
    this.#view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    this.#littleEndian = littleEndian;
  }

  folder(start: number): ExifFolder {
    return { text: (tag) => this.#text(start, tag), number: (tag) => this.#number(start, tag) };
  }

  /** Where the twelve bytes of a field begin: tag, type, count, value or its place. */
  find(folder: number, tag: number, type: number): number | undefined {
    const view = this.#view;
    if (folder + 2 > view.byteLength) return undefined;
    const count = view.getUint16(folder, this.#littleEndian);
    for (let i = 0; i < count; i++) {
      const at = folder + 2 + i * 12;
      if (at + 12 > view.byteLength) return undefined;
      if (view.getUint16(at, this.#littleEndian) === tag && view.getUint16(at + 2, this.#littleEndian) === type)
        return at;
    }
    return undefined;
  }

  uint32(at: number): number | undefined {
    return at + 4 <= this.#view.byteLength ? this.#view.getUint32(at, this.#littleEndian) : undefined;
  }

  #text(folder: number, tag: number): string | undefined {
    const field = this.find(folder, tag, TYPE_ASCII);
    if (field === undefined) return undefined;
    const length = this.uint32(field + 4) ?? 0;
    // Up to four bytes stand in the field itself.
    const from = length <= 4 ? field + 8 : this.uint32(field + 8);
    if (from === undefined || length > LONGEST_TEXT || from + length > this.#block.length) return undefined;
    return this.#block
      .toString('latin1', from, from + length)
      .replace(/\0.*$/s, '')
      .trim();
  }

  #number(folder: number, tag: number): number | undefined {
    const short = this.find(folder, tag, TYPE_UINT16);
    if (short !== undefined) return this.#view.getUint16(short + 8, this.#littleEndian);
    const long = this.find(folder, tag, TYPE_UINT32);
    if (long !== undefined) return this.uint32(long + 8);
    const rational = this.find(folder, tag, TYPE_RATIONAL);
    const at = rational === undefined ? undefined : this.uint32(rational + 8);
    if (at === undefined) return undefined;
    const above = this.uint32(at);
    const below = this.uint32(at + 4);
    return above === undefined || below === undefined || below === 0 ? undefined : above / below;
  }
}
