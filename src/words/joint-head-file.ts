// A learned head as bytes, for the catalog: header as JSON, then its Float32 arrays. The hash of the bytes names it.
import { createHash } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { HeadKind, JointHead } from './joint-head.ts';

/** What has to be known beside the numbers: with what the head was learned. */
export interface HeadOrigin {
  /** Name of the space whose vectors it reads, and their fingerprint. */
  readonly base: string;
  readonly baseFingerprint: string;
  readonly wordsFingerprint: string;
  /** Phrases, as they are looked up in the word vectors. */
  readonly classes: readonly string[];
  /** Multiplies cosines before a softmax over words. */
  readonly scale: number;
}

export interface StoredHead {
  readonly origin: HeadOrigin;
  readonly head: JointHead;
}

interface Header extends HeadOrigin {
  readonly format: 1;
  readonly kind: HeadKind;
  /** Lengths of a feature and of a word vector, and how many hidden units there are. */
  readonly features: number;
  readonly words: number;
  readonly units: number;
  readonly gamma: number;
  readonly lambda: number;
}

const PREFIX_BYTES = 4;

export function serializeHead({ origin, head }: StoredHead): Uint8Array {
  const { map, hidden, kind } = head;
  const header: Header = {
    ...origin,
    format: 1,
    kind,
    features: hidden?.centres.dimension ?? map.inputMean.length,
    words: map.outputMean.length,
    units: hidden?.centres.rows ?? 0,
    gamma: hidden?.gamma ?? 0,
    lambda: map.lambda,
  };
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(json.length);
  const arrays = [map.inputMean, map.outputMean, map.weights, hidden?.centres.data ?? new Float32Array()];
  const parts = arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  return new Uint8Array(Buffer.concat([prefix, json, ...parts]));
}

/** 32 hex digits. */
export function headHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** Throws STORAGE_FAILED where the bytes are no whole head of this format. */
export function parseHead(bytes: Uint8Array): StoredHead {
  try {
    const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(0);
    const start = PREFIX_BYTES + length;
    const header = JSON.parse(Buffer.from(bytes.subarray(PREFIX_BYTES, start)).toString('utf8')) as Header;
    const { format, kind, features, words, units, gamma, lambda, ...origin } = header;
    // A copy, so that the numbers are aligned whatever the header's length.
    const numbers = new Float32Array(bytes.slice(start).buffer);
    const inputs = units || features;
    const expected = inputs + words + inputs * words + units * features;
    if (format !== 1 || numbers.length !== expected) throw new Error(`format ${format}, ${numbers.length} numbers`);
    let at = 0;
    const next = (count: number): Float32Array => {
      at += count;
      return numbers.slice(at - count, at);
    };
    const map = { inputMean: next(inputs), outputMean: next(words), weights: next(inputs * words), lambda };
    const centres = { rows: units, dimension: features, data: next(units * features) };
    return { origin, head: { kind, map, hidden: units === 0 ? undefined : { centres, gamma } } };
  } catch (cause) {
    throw new AppError(
      'STORAGE_FAILED',
      'The stored head of a learned space is damaged, gone or of another format; run "semblance learn" again.',
      { cause },
    );
  }
}
