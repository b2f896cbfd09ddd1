import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { defineSpace, parseSpaces } from '../../../src/services/spaces/space-definition.ts';

describe('parseSpaces', () => {
  it('reads names, encoders and options, separated by spaces or commas', () => {
    expect(
      parseSpaces('dino=Xenova/dinov2-small auto=autoencoder?metric=euclidean&index=lsh&reduce=pca:64,  autoencoder'),
    ).toEqual([
      { name: 'dino', encoder: 'Xenova/dinov2-small', metric: 'cosine', index: null, reduction: null },
      { name: 'auto', encoder: 'autoencoder', metric: 'euclidean', index: 'lsh', reduction: 'pca:64' },
      { name: 'autoencoder', encoder: 'autoencoder', metric: 'cosine', index: null, reduction: null },
    ]);
    expect(parseSpaces('')).toEqual([]);
  });

  it('reads what stands in the way of the separators as a web address does', () => {
    expect(parseSpaces('mine=/my%20models/a%2Cb%3Fc')[0]?.encoder).toBe('/my models/a,b?c');
  });

  it.each([
    ['a name with a letter that is none', 'dö=pixels'],
    ['the main space', 'Main=pixels'],
    ['an unknown option', 'a=pixels?size=3'],
    ['an unknown metric', 'a=pixels?metric=manhattan'],
    ['an unknown index', 'a=pixels?index=flann'],
    ['an unknown reduction', 'a=pixels?reduce=svd:4'],
    ['a name twice', 'a=pixels A=pixels:8'],
    ['no encoder', 'a='],
    ['a broken code', 'a=%zz'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseSpaces(text)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    expect(() => readConfig({ spaces: text }, {})).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
  });
});

describe('defineSpace', () => {
  it('takes the name for the encoder where none is given', () => {
    expect(defineSpace({ name: 'autoencoder' })).toMatchObject({ name: 'autoencoder', encoder: 'autoencoder' });
  });
});
