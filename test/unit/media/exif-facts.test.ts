// What is read of a camera's record, from real files and from damaged ones.
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { exifFactsFrom, readExifFacts } from '../../../src/media/exif-facts.ts';
import { flat, RED } from './fixtures.ts';

const FIELDS = {
  IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
  IFD2: { LensModel: 'EF 50mm', ExposureTime: '1/250', FNumber: '28/10', ISOSpeedRatings: '400', FocalLength: '50/1' },
};
const photo = (fields: Record<string, Record<string, string>>) => flat(20, 20, RED).jpeg().withExif(fields).toBuffer();

describe('exif facts', () => {
  it('come from a real picture, the maker named once', async () => {
    expect(await readExifFacts(await photo(FIELDS))).toEqual({
      camera: 'Canon EOS 5D',
      lens: 'EF 50mm',
      exposureTime: 1 / 250,
      aperture: 2.8,
      iso: 400,
      focalLength: 50,
    });
    const { camera, lens } = (await readExifFacts(await photo({ IFD0: { Make: 'NIKON', Model: 'D70' } }))) ?? {};
    expect([camera, lens]).toEqual(['NIKON D70', null]);
  });

  it('are null for a picture without a record', async () => {
    expect(await readExifFacts(await flat(20, 20, RED).jpeg().toBuffer())).toBeNull();
    expect(exifFactsFrom(undefined)).toBeNull();
  });

  it('are facts or null for any damage, and never an error', async () => {
    const { exif } = await sharp(await photo(FIELDS)).metadata();
    const block = exif ?? Buffer.alloc(0);
    const changes = fc.array(fc.tuple(fc.nat(block.length - 1), fc.nat(255)), { maxLength: 24 });
    fc.assert(
      fc.property(changes, (changes) => {
        const copy = Uint8Array.from(block);
        for (const [at, value] of changes) copy[at] = value;
        const facts = exifFactsFrom(copy);
        for (const value of Object.values(facts ?? {})) {
          expect(value === null || typeof value === 'string' || (Number.isFinite(value) && value > 0)).toBe(true);
        }
      }),
      { numRuns: 1000, seed: 5 },
    );
  });
});
