// The catalog's contract: vectors by model and label.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fingerprint } from '../../src/core/model-info.ts';
import { row, type Vector } from '../../src/core/vector.ts';
import { type ImageId, type Label, labelOf, type View, WHOLE } from '../../src/core/views.ts';
import type { Catalog } from '../../src/store/catalog.ts';
import type { WithCatalog } from './catalog-contract.ts';
import { MODEL, newPicture, OTHER_MODEL, TAG_VERSION, vectorOf } from './catalog-pictures.ts';

const WINDOWS = [0, 1, 18, 31] as View[];

export function describeVectors(withCatalog: WithCatalog, numRuns: number): void {
  describe('vectors', () => {
    it('are what was put last, for every picture, view and model', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              model: fc.constantFrom(MODEL, OTHER_MODEL),
              picture: fc.integer({ min: 0, max: 5 }),
              view: fc.constantFrom(...WINDOWS),
              vector: fc.float32Array({ minLength: 3, maxLength: 3, noNaN: true }),
            }),
            { maxLength: 30 },
          ),
          fc.integer({ min: 1, max: 7 }),
          (puts, batch) =>
            withCatalog(async (catalog) => {
              const ids = await addBare(catalog, 5);
              const expected = new Map([MODEL, OTHER_MODEL].map((model) => [model, new Map<Label, Vector>()]));
              for (const { model, picture, view, vector } of puts) {
                // The sixth picture does not exist: its vectors are passed over.
                const imageId = ids[picture] ?? (999 as ImageId);
                await catalog.putVectors(model, [{ imageId, view, vector }]);
                if (picture < ids.length) expected.get(model)?.set(labelOf(imageId, view), vector);
              }
              for (const [model, vectors] of expected) await expectVectors(catalog, model, vectors, batch);
              const counts = [...expected].flatMap(([fingerprint, { size }]) =>
                size ? [{ fingerprint, vectors: size }] : [],
              );
              expect(await catalog.models()).toHaveLength(counts.length);
              expect(await catalog.models()).toEqual(expect.arrayContaining(counts));
            }),
        ),
        { numRuns },
      ));

    it('of a view on a larger buffer are stored alone', () =>
      withCatalog(async (catalog) => {
        const [id] = (await addBare(catalog, 1)) as [ImageId];
        const packed = Float32Array.from([9, 9, 9, 0.25, 0.5, -0.75, 9]);
        await catalog.putVectors(MODEL, [{ imageId: id, view: WHOLE, vector: packed.subarray(3, 6) }]);
        expect((await catalog.getVectors(MODEL, [labelOf(id, WHOLE)])).get(labelOf(id, WHOLE))).toEqual(
          Float32Array.of(0.25, 0.5, -0.75),
        );
      }));

    it('are read by hundreds of labels at once, missing ones absent', () =>
      withCatalog(async (catalog) => {
        const pictures = Array.from({ length: 700 }, (_, i) => newPicture(i));
        const ids = await catalog.addPictures(MODEL, TAG_VERSION, pictures);
        const labels = ids.flatMap((id) => [labelOf(id, WHOLE), labelOf(id, 5 as View)]);
        const vectors = await catalog.getVectors(MODEL, labels.toReversed());
        expect(vectors.size).toBe(700);
        ids.forEach((id, i) => {
          expect(vectors.get(labelOf(id, WHOLE))).toEqual(vectorOf(i));
        });
        expect(await catalog.getVectors(MODEL, [])).toEqual(new Map());
        expect(await catalog.getVectors(OTHER_MODEL, labels)).toEqual(new Map());
      }));

    it('of another dimension are refused under the same model', () =>
      withCatalog(async (catalog) => {
        const [id] = (await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(1)])) as [ImageId];
        const putting = catalog.putVectors(MODEL, [{ imageId: id, view: WHOLE, vector: new Float32Array(9) }]);
        await expect(putting).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
        expect((await catalog.getVectors(MODEL, [labelOf(id, WHOLE)])).get(labelOf(id, WHOLE))).toEqual(vectorOf(1));
      }));

    it('are scanned without repeats while pictures come and go', () =>
      withCatalog(async (catalog) => {
        const ids = await catalog.addPictures(
          MODEL,
          TAG_VERSION,
          Array.from({ length: 20 }, (_, i) => newPicture(i)),
        );
        const seen: Label[] = [];
        for await (const { labels } of catalog.scanVectors(MODEL, 3)) {
          if (seen.length === 0) {
            await catalog.removeImages([ids[0] as ImageId, ids[10] as ImageId]);
            ids.push(...(await catalog.addPictures(MODEL, TAG_VERSION, [newPicture(100)])));
          }
          seen.push(...labels);
        }
        expect(seen).toEqual(ids.filter((id) => id !== ids[10]).map((id) => labelOf(id, WHOLE)));
      }));

    it('that are lacking are listed by picture', () =>
      withCatalog(async (catalog) => {
        const ids = await catalog.addPictures(
          MODEL,
          TAG_VERSION,
          [1, 2, 3].map((i) => newPicture(i)),
        );
        const window = 3 as View;
        await catalog.putVectors(MODEL, [{ imageId: ids[1] as ImageId, view: window, vector: vectorOf(9) }]);
        expect(await catalog.imagesLackingView(MODEL, WHOLE, 10)).toEqual([]);
        expect(await catalog.imagesLackingView(MODEL, window, 10)).toEqual([ids[0], ids[2]]);
        expect(await catalog.imagesLackingView(OTHER_MODEL, WHOLE, 2)).toEqual([ids[0], ids[1]]);
      }));

    it('of a dropped model are gone, the others stay, and the model may come back', () =>
      withCatalog(async (catalog) => {
        const ids = await catalog.addPictures(
          MODEL,
          TAG_VERSION,
          Array.from({ length: 2001 }, (_, i) => newPicture(i)),
        );
        await catalog.putVectors(OTHER_MODEL, [
          { imageId: ids[0] as ImageId, view: WHOLE, vector: vectorOf(1, WHOLE, 7) },
        ]);
        await catalog.dropModel(MODEL);
        await catalog.dropModel('never seen' as Fingerprint);
        expect(await catalog.models()).toEqual([{ fingerprint: OTHER_MODEL, vectors: 1 }]);
        expect(await catalog.labels(MODEL)).toEqual([]);
        await catalog.putVectors(MODEL, [{ imageId: ids[0] as ImageId, view: WHOLE, vector: vectorOf(1, WHOLE, 9) }]);
        expect(await catalog.labels(MODEL)).toEqual([labelOf(ids[0] as ImageId, WHOLE)]);
      }));
  });
}

async function expectVectors(
  catalog: Catalog,
  model: Fingerprint,
  vectors: Map<Label, Vector>,
  batch: number,
): Promise<void> {
  const labels = [...vectors.keys()].sort((a, b) => a - b);
  expect(await catalog.labels(model)).toEqual(labels);
  expect(await catalog.getVectors(model, [...labels, 1 as Label])).toEqual(vectors);
  const scanned: [Label, Vector][] = [];
  for await (const step of catalog.scanVectors(model, batch)) {
    expect(step.labels.length).toBeLessThanOrEqual(batch);
    scanned.push(...step.labels.map((label, i): [Label, Vector] => [label, row(step.vectors, i)]));
  }
  expect(scanned).toEqual(labels.map((label) => [label, vectors.get(label)]));
}

/** Pictures without any vector. */
function addBare(catalog: Catalog, count: number): Promise<ImageId[]> {
  const pictures = Array.from({ length: count }, (_, i) => newPicture(i, { views: [] }));
  return catalog.addPictures(MODEL, TAG_VERSION, pictures);
}
