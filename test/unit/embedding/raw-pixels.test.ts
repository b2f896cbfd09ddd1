import { describe, expect, it } from 'vitest';
import { createRawPixels } from '../../../src/embedding/encoders/raw-pixels.ts';
import { syntheticPixels } from '../../support/synthetic-pixels.ts';

describe('raw pixels', () => {
  it('are the levels as 0..1, row by row, red green blue', async () => {
    const encoder = createRawPixels(2);
    const data = Uint8Array.from([0, 51, 255, 102, 0, 0, 0, 0, 0, 0, 0, 153]);
    const [vector] = await encoder.embedPixels([{ width: 2, height: 2, data }], 'query');
    expect(vector).toEqual(Float32Array.from([0, 0.2, 1, 0.4, 0, 0, 0, 0, 0, 0, 0, 0.6]));
  });

  it('ask for the whole picture at their side, and are told apart by it', () => {
    const [small, usual] = [createRawPixels(8).model, createRawPixels().model];
    expect(usual).toMatchObject({ id: 'pixels:32', dimension: 3072, pixels: { resize: { width: 32, height: 32 } } });
    expect(small.dimension).toBe(192);
    expect(small.fingerprint).not.toBe(usual.fingerprint);
  });

  it('refuse a picture of another size', async () => {
    await expect(createRawPixels(8).embedPixels([syntheticPixels(0, 9, 8)], 'query')).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });
});
