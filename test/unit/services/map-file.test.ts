// A drawn map as bytes: it comes back as it was, and whatever is no map is none.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../../src/core/views.ts';
import { parseMap, serializeMap } from '../../../src/services/map/map-file.ts';

const MAP = {
  drawnAt: new Date('2026-05-01T12:30:00Z'),
  drawn: 2,
  ids: [3, 8, 9] as ImageId[],
  places: Float32Array.of(0, 0.5, 1, 0.25, 0.75, 0.125),
  regions: [{ level: 0, label: 'cat', x: 0.5, y: 0.25, imageId: 8 as ImageId }],
};

describe('a map as bytes', () => {
  it('comes back as it was', () => {
    expect(parseMap(serializeMap(MAP))).toEqual(MAP);
  });

  it('is none where it is cut off anywhere', () => {
    const bytes = serializeMap(MAP);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(parseMap(bytes.subarray(0, length))).toBeUndefined();
      }),
    );
  });
});
