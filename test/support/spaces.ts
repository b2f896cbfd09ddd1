// Spaces for flow tests: adding and filling one, and an encoder with a classifier whose features can be read off a picture.
import { expect } from 'vitest';
import type { Fingerprint } from '../../src/core/model-info.ts';
import { pack, type Vector } from '../../src/core/vector.ts';
import type { Classifier, ImageEncoder } from '../../src/embedding/embedder.ts';
import { defineSpace } from '../../src/services/spaces/space-definition.ts';
import type { TestApp } from './app.ts';

/** Adds a space over an exact index and waits until every picture has a vector. */
export async function addSpace(
  { app }: TestApp,
  name: string,
  encoder: string,
  rest: { readonly metric?: string; readonly index?: string; readonly reduce?: string } = {},
): Promise<void> {
  await app.spaces.add(defineSpace({ name, encoder, index: 'exact', ...rest }));
  const job = app.upkeep.fill(name);
  await job.ended;
  expect(job.snapshot()).toMatchObject({ state: 'DONE', skippedCount: 0, error: null });
  await app.indexesSettled();
}

const SIDE = 2;
export const MADE_DIMENSION = 6;

/** One row a class over the features: red left, red right, green left, green right, blue left, blue right. */
export const MADE_CLASSIFIER: Classifier = {
  classes: ['tabby, tabby cat', 'cat', 'sports car, sport car', 'banana'],
  weights: pack([
    Float32Array.of(0.1, 0.3, 0.9, 0.1, -0.4, 0.2),
    Float32Array.of(1.5, 0.2, -0.1, 0.05, 0.3, -0.7),
    Float32Array.of(-0.2, 2, 0.1, 0.4, 0.1, 0.6),
    Float32Array.of(0.3, 0.1, 1.1, -1.2, 0.2, 0.1),
  ]),
};

/** The mean level of each colour in the left and the right half: non-negative, as features behind a ReLU are. */
export function madeEncoder(): ImageEncoder {
  return {
    model: {
      id: 'made',
      revision: '1',
      dtype: 'fp32',
      dimension: MADE_DIMENSION,
      pixels: {
        resize: { width: SIDE, height: SIDE },
        kernel: 'linear',
        width: SIDE,
        height: SIDE,
        mean: [0, 0, 0],
        deviation: [1, 1, 1],
        rescale: 1 / 255,
      },
      fingerprint: 'made'.repeat(8) as Fingerprint,
    },
    classifier: MADE_CLASSIFIER,
    embedPixels: async (pictures) => pictures.map(({ data }) => madeFeatures(data)),
    async close() {},
  };
}

function madeFeatures(data: Uint8Array): Vector {
  const level = (x: number, channel: number) =>
    ((data[x * 3 + channel] ?? 0) + (data[(SIDE + x) * 3 + channel] ?? 0)) / 510;
  return Float32Array.from({ length: MADE_DIMENSION }, (_, i) => level(i % 2, Math.floor(i / 2)));
}

/** What each space of the library is and how it stands. */
export const SPACES =
  '{ library { spaces { name encoder dimension metric reduction hasText readsPictures pictures problem index { kind state } } } }';

/** Id of the picture of a name. */
export async function idOf(service: TestApp, name: string): Promise<string> {
  const { data } = await service.query('{ images(first: 100) { edges { node { id name } } } }');
  return data.images.edges.find(({ node }: { node: { name: string } }) => node.name === name).node.id;
}
