import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { WHOLE_REGION } from '../../../src/core/pixels.ts';
import { MAX_FILE_BYTES, toPictureError } from '../../../src/media/limits.ts';
import { readPicture } from '../../../src/media/picture.ts';
import { flat, RED, SPEC, waves } from './fixtures.ts';

const read = (bytes: Uint8Array) => readPicture(bytes, SPEC, [WHOLE_REGION]);
const text = (content: string) => new TextEncoder().encode(content);

describe('what is no picture', () => {
  it.each([
    [
      'an SVG drawing',
      text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
    ],
    [
      'an SVG drawing with a declaration',
      text('<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
    ['a PDF document', text('%PDF-1.7\n%abc')],
    ['an HEIC photo', Buffer.from('00000018667479706865696300000000', 'hex')],
    ['a video', Buffer.from('0000001866747970697336640000000000000000', 'hex')],
    ['text', text('hello, I am a photo.jpg')],
    ['nothing', new Uint8Array()],
    ['one byte', new Uint8Array([0xff])],
  ])('refuses %s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ name: 'AppError', code: 'NOT_A_PICTURE' });
  });

  it('says what came instead', async () => {
    await expect(read(text('<svg/>'))).rejects.toThrow(/JPEG, PNG.*SVG/);
    await expect(read(new Uint8Array())).rejects.toThrow(/no bytes/);
  });
});

describe('what is too large', () => {
  it('refuses 20000 x 20000 pixels by the header alone, and names the size', async () => {
    await expect(read(pngHeader(20_000, 20_000))).rejects.toMatchObject({
      code: 'PICTURE_TOO_LARGE',
      message: expect.stringContaining('20000 x 20000'),
    });
  });

  it('refuses more than 64 MiB before it looks at them', async () => {
    const bytes = new Uint8Array(MAX_FILE_BYTES + 1);
    bytes.set([0xff, 0xd8, 0xff]);
    await expect(read(bytes)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' });
  });

  it('reads 36 megapixels that are small on disk', async () => {
    const bytes = await flat(6000, 6000, RED).png({ compressionLevel: 9 }).toBuffer();
    expect(bytes.byteLength).toBeLessThan(1_000_000);
    expect(await read(bytes)).toMatchObject({ width: 6000, height: 6000 });
  }, 20_000);

  it('takes a decoder that gave up on time or size for too large, and anything else for broken', () => {
    expect(toPictureError(new Error('timeout: 12% complete')).code).toBe('PICTURE_TOO_LARGE');
    expect(toPictureError(new Error('Input image exceeds pixel limit')).code).toBe('PICTURE_TOO_LARGE');
    expect(toPictureError(new Error('VipsJpeg: premature end')).code).toBe('PICTURE_BROKEN');
    expect(toPictureError('odd').code).toBe('PICTURE_BROKEN');
  });
});

describe('what is damaged', () => {
  const samples: Record<string, Uint8Array> = {};
  beforeAll(async () => {
    const picture = () => waves(160, 120);
    Object.assign(samples, {
      jpeg: await picture().jpeg().toBuffer(),
      progressive: await picture().jpeg({ progressive: true }).toBuffer(),
      png: await picture().png().toBuffer(),
      webp: await picture().webp().toBuffer(),
      avif: await picture().avif({ effort: 0 }).toBuffer(),
      gif: await picture().gif({ effort: 1 }).toBuffer(),
      tiff: await picture().tiff().toBuffer(),
      exif: await picture()
        .jpeg()
        .withExif({ IFD2: { DateTimeOriginal: '2020:02:03 04:05:06' } })
        .withMetadata({ orientation: 6 })
        .toBuffer(),
    });
  });

  it('refuses every format where it is cut off in the middle', async () => {
    for (const [name, bytes] of Object.entries(samples)) {
      for (const share of [0.3, 0.6, 0.9]) {
        const cut = bytes.slice(0, Math.floor(bytes.length * share));
        await expect(read(cut), `${name} at ${share}`).rejects.toMatchObject({ code: 'PICTURE_BROKEN' });
      }
    }
  }, 20_000);

  it('reads a JPEG with bytes behind its end, of which a decoder only warns', async () => {
    const jpeg = samples.jpeg ?? new Uint8Array();
    expect(await read(Buffer.concat([jpeg, text('trailing words')]))).toMatchObject({ width: 160 });
  });

  it('answers any bytes with a picture or with an error of its own codes, and lives', async () => {
    const codes = new Set(['NOT_A_PICTURE', 'PICTURE_BROKEN', 'PICTURE_TOO_LARGE']);
    const mutation = fc.record({
      sample: fc.nat(),
      flips: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.nat(255) }), {
        maxLength: 12,
      }),
      // Headers decide most, so half of the flips go there.
      headFlips: fc.array(fc.record({ at: fc.nat(120), value: fc.nat(255) }), { maxLength: 4 }),
      keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ sample, flips, headFlips, keep }) => {
        const all = Object.values(samples);
        const bytes = Uint8Array.from(all[sample % all.length] ?? []);
        for (const { at, value } of flips) bytes[Math.floor(at * (bytes.length - 1))] = value;
        for (const { at, value } of headFlips) bytes[at] = value;
        try {
          const picture = await read(bytes.subarray(0, Math.floor(bytes.length * keep)));
          expect(picture.pixels[0]?.data).toHaveLength(32 * 32 * 3);
          expect(picture.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(codes).toContain(error.code);
          refused++;
        }
      }),
      { numRuns: 250, seed: 20_240_501 },
    );
    expect(refused).toBeGreaterThan(50);
  }, 30_000);
});

/** The beginning of a PNG of this size; its pixels are missing. */
function pngHeader(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(10))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
