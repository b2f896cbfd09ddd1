// A map as the page keeps it: the packed answer of the service, unpacked into arrays, with what is looked up in it often.
import type { MapPoints } from './documents.ts';
import type { LabelledRegion } from './label-layer.ts';
import { makeGrid, type PlaceGrid } from './place-grid.ts';

export interface DrawnMap {
  readonly count: number;
  /** Placed since it was drawn. */
  readonly added: number;
  readonly ids: Uint32Array;
  /** Pairs x, y in 0..1. */
  readonly places: Float32Array;
  /** From the uppermost to the lowest place, and a little air; never nothing. */
  readonly height: number;
  readonly grid: PlaceGrid;
  readonly regions: readonly LabelledRegion[];
}

/** The numbers are little-endian, as on every machine that runs a browser. */
export function unpackMap({ points, regions }: MapPoints['map']): DrawnMap {
  const places = new Float32Array(bytesOf(points.places));
  return {
    count: points.count,
    added: points.added,
    ids: new Uint32Array(bytesOf(points.ids)),
    places,
    height: heightOf(places),
    grid: makeGrid(places),
    regions,
  };
}

/** The service lays the widest direction across and centres the rest. */
function heightOf(places: Float32Array): number {
  let half = 0;
  for (let i = 1; i < places.length; i += 2) half = Math.max(half, Math.abs((places[i] as number) - 0.5));
  return Math.min(1, Math.max(0.2, 2 * half + 0.06));
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
