// The length and CRC-32 of a file, read in pieces so that neither memory nor the event loop is held by a large one.
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const PIECE_BYTES = 4 * 1024 * 1024;

export async function checksumOf(path: string): Promise<{ readonly bytes: number; readonly crc32: number }> {
  const file = await open(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let bytes = 0;
    let checksum = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
      if (bytesRead === 0) return { bytes, crc32: checksum };
      checksum = crc32(piece.subarray(0, bytesRead), checksum);
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}
