// Made-up pictures for the catalog's tests: nothing but a number decides what they are.
import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../src/core/model-info.ts';
import { unit, type Vector } from '../../src/core/vector.ts';
import { type View, WHOLE } from '../../src/core/views.ts';
import type { FileRecord, NewPicture, StoredTag } from '../../src/store/catalog.ts';

export const MODEL = 'clip/1/fp32' as Fingerprint;
export const OTHER_MODEL = 'clip/2/fp32' as Fingerprint;
export const TAG_VERSION = 'clip/1/words/1';
export const DIMENSION = 4;

export function newPicture(number: number, changes: Partial<NewPicture> = {}): NewPicture {
  return {
    sha256: createHash('sha256').update(String(number)).digest('hex'),
    perceptualHash: number.toString(16).padStart(16, '0'),
    placeholder: Uint8Array.of(number % 256, 7, 9),
    format: 'jpeg',
    width: 640,
    height: 480,
    takenAt: new Date(Date.UTC(2020, 0, 1) + number * 1000),
    file: newFile(`/pictures/${number}.jpg`),
    views: [{ view: WHOLE, vector: vectorOf(number) }],
    tags: [modelTag(`tag ${number}`, 0.5)],
    ...changes,
  };
}

export function newFile(path: string, changes: Partial<FileRecord> = {}): FileRecord {
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    bytes: 1234,
    modifiedAtMs: 1_700_000_000_123.4568,
    ...changes,
  };
}

/** A unit vector that differs for each number and view. */
export function vectorOf(number: number, view: View = WHOLE, dimension = DIMENSION): Vector {
  return unit(Float32Array.from({ length: dimension }, (_, i) => Math.sin(number * 31 + view * 7 + i + 1)));
}

export function modelTag(name: string, score: number): StoredTag {
  return { name, score, source: 'MODEL' };
}
