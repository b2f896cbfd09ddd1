// The revision of a local model: a hash of the files that decide its vectors. Knows bytes only.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Up to this size a file is hashed whole (about 0.1 s); the starter model lies far below it. */
const WHOLE_UP_TO_BYTES = 64 * 2 ** 20;
const SAMPLES = 256;
const SAMPLE_BYTES = 64 * 2 ** 10;

/**
 * 32 hex digits over the names, sizes and bytes of `files` (relative to `folder`, order matters).
 * Of a file over 64 MiB it reads 256 evenly spread pieces of 64 KiB, first and last included: training, quantising or
 * exporting anew changes nearly every weight, so every piece differs, and a start with 600 MB of weights costs
 * milliseconds rather than a second. Only a hand edit of single bytes between the pieces goes unseen. A cache of full
 * hashes by time stamp was rejected: the folder may be read-only and copies keep or lose their times as they like.
 */
export async function hashOfWeights(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of files) {
    const file = await open(join(folder, name), 'r');
    try {
      const { size } = await file.stat();
      hash.update(`${name}\n${size}\n`);
      if (size <= WHOLE_UP_TO_BYTES) await addPiece(hash, file, 0, size);
      else await addSamples(hash, file, size);
    } finally {
      await file.close();
    }
  }
  return hash.digest('hex').slice(0, 32);
}

async function addSamples(hash: Hash, file: FileHandle, size: number): Promise<void> {
  const step = (size - SAMPLE_BYTES) / (SAMPLES - 1);
  for (let i = 0; i < SAMPLES; i++) await addPiece(hash, file, Math.floor(i * step), SAMPLE_BYTES);
}

async function addPiece(hash: Hash, file: FileHandle, position: number, length: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  hash.update(buffer.subarray(0, filled));
}
