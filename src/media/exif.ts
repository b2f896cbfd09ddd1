// When a picture was taken, from its EXIF block.
import { openExif } from './exif-folders.ts';

const DATE_TIME_ORIGINAL = 0x9003;
const OFFSET_TIME_ORIGINAL = 0x9011;
/** No photograph is older (View from the Window at Le Gras). */
const FIRST_PHOTOGRAPH_YEAR = 1826;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * DateTimeOriginal as a moment: with OffsetTimeOriginal where the camera wrote it, else taken as UTC. Null where
 * there is none, where it is no date of the calendar, before 1826, or later than tomorrow. Never throws.
 */
export function takenAtFrom(exif: Uint8Array | undefined, now: Date = new Date()): Date | null {
  const folder = openExif(exif)?.photograph;
  if (folder === undefined) return null;
  const local = parseDateTime(folder.text(DATE_TIME_ORIGINAL));
  if (local === null) return null;
  const taken = new Date(local.getTime() - offsetMs(folder.text(OFFSET_TIME_ORIGINAL)));
  return taken.getTime() <= now.getTime() + DAY_MS ? taken : null;
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
