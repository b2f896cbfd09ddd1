// A bridge as bytes, for the catalog: header as JSON, then the Float32 arrays of both maps.
import { AppError } from '../core/errors.ts';
import { Bridge, type BridgeReport } from './bridge.ts';
import type { LinearMap } from './ridge.ts';

interface Header {
  readonly format: 1;
  readonly wordDimension: number;
  readonly clipDimension: number;
  readonly lambdas: readonly [toClip: number, toWords: number];
  readonly report: BridgeReport;
}

const PREFIX_BYTES = 4;

export function serializeBridge({ maps }: Bridge): Uint8Array {
  const { toClip, toWords, report } = maps;
  const header: Header = {
    format: 1,
    wordDimension: toClip.inputMean.length,
    clipDimension: toClip.outputMean.length,
    lambdas: [toClip.lambda, toWords.lambda],
    report,
  };
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(json.length);
  const arrays = [toClip, toWords].flatMap(({ inputMean, outputMean, weights }) => [inputMean, outputMean, weights]);
  const parts = arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  return new Uint8Array(Buffer.concat([prefix, json, ...parts]));
}

/** Throws STORAGE_FAILED where the bytes are no whole bridge of this format: fit it anew. */
export function parseBridge(bytes: Uint8Array): Bridge {
  try {
    const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(0);
    const start = PREFIX_BYTES + length;
    const header = JSON.parse(Buffer.from(bytes.subarray(PREFIX_BYTES, start)).toString('utf8')) as Header;
    const { wordDimension: p, clipDimension: q, lambdas, report, format } = header;
    // A copy, so that the numbers are aligned whatever the header's length.
    const numbers = new Float32Array(bytes.slice(start).buffer);
    if (format !== 1 || numbers.length !== 2 * (p + q + p * q))
      throw new Error(`format ${format}, ${numbers.length} numbers`);
    const map = (at: number, from: number, to: number, lambda: number): LinearMap => ({
      inputMean: numbers.slice(at, at + from),
      outputMean: numbers.slice(at + from, at + from + to),
      weights: numbers.slice(at + from + to, at + from + to + from * to),
      lambda,
    });
    return new Bridge({ toClip: map(0, p, q, lambdas[0]), toWords: map(p + q + p * q, q, p, lambdas[1]), report });
  } catch (cause) {
    throw new AppError('STORAGE_FAILED', 'The stored bridge is damaged or of another format; it must be fitted anew.', {
      cause,
    });
  }
}
