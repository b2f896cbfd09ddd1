// When a picture was taken, from its EXIF block. Reads the three fields it needs and nothing else: a general reader
// unfolds every field it is told of, and 64 KB of hostile EXIF can name gigabytes of them.

const EXIF_FOLDER = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const OFFSET_TIME_ORIGINAL = 0x9011;
const TYPE_ASCII = 2;
const TYPE_UINT32 = 4;
/** No photograph is older (View from the Window at Le Gras). */
const FIRST_PHOTOGRAPH_YEAR = 1826;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * DateTimeOriginal as a moment: with OffsetTimeOriginal where the camera wrote it, else taken as UTC. Null where
 * there is none, where it is no date of the calendar, before 1826, or later than tomorrow. Never throws.
 */
export function takenAtFrom(exif: Uint8Array | undefined, now: Date = new Date()): Date | null {
  if (exif === undefined) return null;
  const folder = exifFolder(exif);
  if (folder === undefined) return null;
  const local = parseDateTime(folder.text(DATE_TIME_ORIGINAL));
  if (local === null) return null;
  const taken = new Date(local.getTime() - offsetMs(folder.text(OFFSET_TIME_ORIGINAL)));
  return taken.getTime() <= now.getTime() + DAY_MS ? taken : null;
}

interface ExifFolder {
  text(tag: number): string | undefined;
}

/** The Exif folder (IFD) of a TIFF block, with or without the `Exif\0\0` that JPEG puts ahead of it. */
function exifFolder(bytes: Uint8Array): ExifFolder | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const block = all.toString('latin1', 0, 6) === 'Exif\0\0' ? all.subarray(6) : all;
  const order = block.toString('latin1', 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return undefined;
  const littleEndian = order === 'II*\0';
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const first = uint32(view, 4, littleEndian);
  const pointer = first === undefined ? undefined : findField(view, first, EXIF_FOLDER, TYPE_UINT32, littleEndian);
  const start = pointer === undefined ? undefined : uint32(view, pointer + 8, littleEndian);
  if (start === undefined) return undefined;
  return {
    text(tag) {
      const field = findField(view, start, tag, TYPE_ASCII, littleEndian);
      if (field === undefined) return undefined;
      const length = uint32(view, field + 4, littleEndian) ?? 0;
      // Up to four bytes stand in the field itself.
      const from = length <= 4 ? field + 8 : uint32(view, field + 8, littleEndian);
      if (from === undefined || length > 64 || from + length > block.length) return undefined;
      return block
        .toString('latin1', from, from + length)
        .replace(/\0.*$/s, '')
        .trim();
    },
  };
}

/** Where the twelve bytes of a field begin: tag, type, count, value or its place. */
function findField(
  view: DataView,
  folder: number,
  tag: number,
  type: number,
  littleEndian: boolean,
): number | undefined {
  if (folder + 2 > view.byteLength) return undefined;
  const count = view.getUint16(folder, littleEndian);
  for (let i = 0; i < count; i++) {
    const at = folder + 2 + i * 12;
    if (at + 12 > view.byteLength) return undefined;
    if (view.getUint16(at, littleEndian) === tag && view.getUint16(at + 2, littleEndian) === type) return at;
  }
  return undefined;
}

function uint32(view: DataView, at: number, littleEndian: boolean): number | undefined {
  return at + 4 <= view.byteLength ? view.getUint32(at, littleEndian) : undefined;
}

/** `2023:05:20 17:02:00` as if it were UTC; null for what the calendar does not have. */
function parseDateTime(text: string | undefined): Date | null {
  const match = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/.exec(text ?? '');
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < FIRST_PHOTOGRAPH_YEAR || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
}

/** `+02:00` in milliseconds; 0 for anything that is no offset from -14:00 to +14:00. */
function offsetMs(text: string | undefined): number {
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(text ?? '');
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (minutes > 14 * 60) return 0;
  return (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}
