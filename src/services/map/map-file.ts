// A drawn map as bytes, for the catalog: header, ids, places, regions. Knows no catalog and no drawing.
import type { ImageId } from '../../core/views.ts';

export interface MapRegion {
  /** 0 is the coarsest. */
  readonly level: number;
  /** A word of the vocabulary; null where it has none left. */
  readonly label: string | null;
  /** The place in its middle, and the picture that was there. */
  readonly x: number;
  readonly y: number;
  readonly imageId: ImageId;
}

export interface StoredMap {
  readonly drawnAt: Date;
  /** The first `drawn` pictures were laid out together; those behind them were placed beside them later. */
  readonly drawn: number;
  readonly ids: readonly ImageId[];
  /** A pair x, y in 0..1 for each id. */
  readonly places: Float32Array;
  readonly regions: readonly MapRegion[];
}

const FORMAT = 1;
const HEADER_BYTES = 24;

export function serializeMap({ drawnAt, drawn, ids, places, regions }: StoredMap): Uint8Array {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint32(0, FORMAT, true);
  header.setUint32(4, drawn, true);
  header.setUint32(8, ids.length, true);
  header.setFloat64(16, drawnAt.getTime(), true);
  return Buffer.concat([
    Buffer.from(header.buffer),
    Buffer.from(Uint32Array.from(ids).buffer),
    Buffer.from(places.buffer, places.byteOffset, places.byteLength),
    Buffer.from(JSON.stringify(regions)),
  ]);
}

/** Undefined for bytes that are no map of this format: it is then drawn anew. */
export function parseMap(bytes: Uint8Array): StoredMap | undefined {
  if (bytes.byteLength < HEADER_BYTES) return undefined;
  // A copy of its own begins where typed arrays may begin; a Buffer's `slice` would be none.
  const { buffer } = Uint8Array.from(bytes);
  const header = new DataView(buffer);
  const count = header.getUint32(8, true);
  const end = HEADER_BYTES + 12 * count;
  if (header.getUint32(0, true) !== FORMAT || bytes.byteLength < end) return undefined;
  const regions = parseRegions(Buffer.from(buffer, end).toString('utf8'));
  if (regions === undefined) return undefined;
  return {
    drawn: header.getUint32(4, true),
    drawnAt: new Date(header.getFloat64(16, true)),
    ids: Array.from(new Uint32Array(buffer, HEADER_BYTES, count)) as ImageId[],
    places: new Float32Array(buffer, HEADER_BYTES + 4 * count, 2 * count),
    regions,
  };
}

function parseRegions(text: string): MapRegion[] | undefined {
  try {
    return JSON.parse(text) as MapRegion[];
  } catch {
    return undefined;
  }
}
