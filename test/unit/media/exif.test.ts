import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WHOLE_REGION } from '../../../src/core/pixels.ts';
import { takenAtFrom } from '../../../src/media/exif.ts';
import { readPicture } from '../../../src/media/picture.ts';
import { flat, RED, SPEC } from './fixtures.ts';

const NOW = new Date('2024-06-01T00:00:00Z');

describe('takenAt', () => {
  it('comes from a real picture: as UTC without a zone, else by its zone', async () => {
    const photo = (format: 'jpeg' | 'png' | 'webp' | 'tiff', fields: Record<string, string>) =>
      flat(20, 20, RED)
        .toFormat(format)
        .withExif({ IFD0: { Make: 'Camera' }, IFD2: fields })
        .toBuffer();
    const taken = async (bytes: Uint8Array) => (await readPicture(bytes, SPEC, [WHOLE_REGION])).takenAt?.toISOString();
    const local = { DateTimeOriginal: '2019:07:14 10:20:30' };
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      expect(await taken(await photo(format, local)), format).toBe('2019-07-14T10:20:30.000Z');
    }
    expect(await taken(await photo('jpeg', { ...local, OffsetTimeOriginal: '+02:00' }))).toBe(
      '2019-07-14T08:20:30.000Z',
    );
    expect(await taken(await photo('jpeg', { ...local, OffsetTimeOriginal: '-09:30' }))).toBe(
      '2019-07-14T19:50:30.000Z',
    );
    expect(await taken(await photo('jpeg', { DateTimeOriginal: '2023:02:30 10:00:00' }))).toBeUndefined();
  });

  it('is read in both byte orders, with and without the prefix of JPEG', () => {
    for (const littleEndian of [true, false]) {
      for (const prefix of [true, false]) {
        const block = exifBlock({ date: '2001:02:03 04:05:06', littleEndian, prefix });
        expect(takenAtFrom(block, NOW)?.toISOString()).toBe('2001-02-03T04:05:06.000Z');
      }
    }
  });

  it.each([
    '0000:00:00 00:00:00',
    '2023:13:01 00:00:00',
    '2023:02:29 00:00:00',
    '2023:01:01 24:00:00',
    '1799:01:01 00:00:00',
    '2024:06:03 00:00:00',
    '    :  :     :  :  ',
    'yesterday, at night',
  ])('is null for the date "%s"', (date) => {
    expect(takenAtFrom(exifBlock({ date }), NOW)).toBeNull();
  });

  it('gives back every moment of the calendar that was written', () => {
    const moment = fc.date({ min: new Date('1900-01-01'), max: NOW, noInvalidDate: true });
    const minutes = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(moment, minutes, (date, offset) => {
        const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
        const local = new Date(seconds.getTime() + offset * 60_000).toISOString();
        const written = local.slice(0, 19).replaceAll('-', ':').replace('T', ' ');
        expect(takenAtFrom(exifBlock({ date: written, offset: zone(offset) }), NOW)?.getTime()).toBe(seconds.getTime());
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('is null or a date for any bytes, and never an error', () => {
    const block = exifBlock({ date: '2001:02:03 04:05:06', offset: '+01:00' });
    const damaged = fc.array(fc.tuple(fc.nat(block.length - 1), fc.nat(255)), { maxLength: 20 }).map((changes) => {
      const copy = Uint8Array.from(block);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
    const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([Buffer.from('II*\0'), bytes]));
    fc.assert(
      fc.property(fc.oneof(damaged, noise), (bytes) => {
        const date = takenAtFrom(bytes, NOW);
        expect(date === null || Number.isFinite(date.getTime())).toBe(true);
      }),
      { numRuns: 1000, seed: 4 },
    );
    expect(takenAtFrom(undefined, NOW)).toBeNull();
  });
});

function zone(minutes: number): string {
  const digits = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

/** The smallest EXIF block that holds a date: one folder that points to the Exif folder, and that. */
function exifBlock(content: { date: string; offset?: string; littleEndian?: boolean; prefix?: boolean }): Uint8Array {
  const { date, offset = 'none', littleEndian = true, prefix = false } = content;
  const block = Buffer.alloc(120);
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const field = (at: number, tag: number, type: number, count: number, value: number) => {
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, type, littleEndian);
    view.setUint32(at + 4, count, littleEndian);
    view.setUint32(at + 8, value, littleEndian);
  };
  block.write(littleEndian ? 'II*\0' : 'MM\0*', 0, 'latin1');
  view.setUint32(4, 8, littleEndian);
  view.setUint16(8, 1, littleEndian);
  field(10, 0x8769, 4, 1, 30);
  view.setUint16(30, 2, littleEndian);
  field(32, 0x9003, 2, 20, 70);
  field(44, 0x9011, 2, 7, 95);
  block.write(`${date}\0`, 70, 'latin1');
  block.write(`${offset}\0`, 95, 'latin1');
  return prefix ? Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]) : block;
}
