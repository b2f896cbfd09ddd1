// Questions as addresses and back, and as words: laws without a browser.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, readAddress, searchView, type View } from '../../../src/web/address.ts';
import { imageTerm, onlyPicture, type Term, textTerm, type Upload, uploadTerm } from '../../../src/web/question.ts';
import { LEFT_OUT } from '../../../src/web/steering.ts';

const upload: Upload = { key: 'k1', file: new File(['x'], 'mine.png') };
const findUpload = (key: string) => (key === upload.key ? upload : undefined);
const read = (address: string) => readAddress(address.slice(1), findUpload);

const words = fc
  .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', ' ', '&', '=', '+', ':', 'é', '1') })
  .map((text) => text.replace(/\s+/g, ' ').trim())
  .filter((text) => text !== '');
const weight = fc.constantFrom(0.2, 0.6, 1, 1.4, 2);
const thousandths = fc.integer({ min: 0, max: 499 }).map((n) => n / 1000);
const region = fc.option(
  fc.record({
    x: thousandths,
    y: thousandths,
    width: fc.constantFrom(0.1, 0.25, 0.5),
    height: fc.constantFrom(0.05, 0.5),
  }),
);
const terms: fc.Arbitrary<Term[]> = fc.array(
  fc.oneof(
    fc.tuple(words, weight).map(([text, weight]): Term => ({ ...textTerm(text), weight })),
    words.map((text): Term => textTerm(text, true)),
    fc
      .tuple(fc.integer({ min: 1, max: 999 }), region, weight)
      .map(([id, region, weight]): Term => ({ ...imageTerm(String(id), region), weight })),
    fc
      .tuple(fc.integer({ min: 1, max: 9 }), region)
      .map(([id, region]): Term => ({ ...imageTerm(String(id), region), isOut: true })),
    fc.tuple(region, weight).map(([region, weight]): Term => ({ ...uploadTerm(upload, region), weight })),
  ),
  { minLength: 1, maxLength: 16 },
);

describe('the address of a search', () => {
  it('comes back as the question that it was written from', () => {
    const steering = fc.constantFrom(
      new Map<string, number>(),
      new Map([
        ['cat', 0.4],
        ['dog', LEFT_OUT],
      ]),
    );
    fc.assert(
      fc.property(
        terms,
        fc.uniqueArray(words, { maxLength: 3 }),
        steering,
        fc.boolean(),
        fc.option(fc.constant('7'), { nil: undefined }),
        (terms, tags, steering, isSure, openId) => {
          const view = searchView({ terms, tags, steering, isSure });
          expect(read(addressOf(view, openId))).toEqual({ view, openId });
        },
      ),
    );
  });

  it.each<[string, View['kind']]>([
    ['/', 'newest'],
    ['/?q=', 'newest'],
    ['/?q=%20-', 'newest'],
    ['/?view=map', 'map'],
    ['/?view=library&open=3', 'library'],
    ['/?view=cellar', 'newest'],
  ])('%s is the view %s', (address, kind) => {
    expect(read(address).view.kind).toBe(kind);
  });

  it('keeps the part of the library that is shown, also where a picture lies open over it', () => {
    const view = { kind: 'library', tab: 'duplicates' } as const;
    expect(addressOf(view, '7')).toBe('/?view=library&tab=duplicates&open=7');
    expect(read(addressOf(view, '7'))).toEqual({ view, openId: '7' });
  });

  it('passes over what makes no sense', () => {
    const view = read('/?w=3&box=0,0,1,1&image=4&box=0.5,0.5,0.9,0.9&w=900&q=cat&box=0,0,1,1&w=0.5&nonsense=1').view;
    expect(view).toMatchObject({ terms: [imageTerm('4'), { ...textTerm('cat'), weight: 0.5 }] });
  });

  it('says that a picture of the user is missing, and gives what stood behind it to no other term', () => {
    const view = read('/?q=cat&upload=gone&w=0.5&box=0,0,0.5,0.5').view;
    expect(view).toMatchObject({ kind: 'search', isIncomplete: true, terms: [textTerm('cat')] });
  });

  it('reads a minus among typed words', () => {
    const view = read('/?q=cat+-dog+-%22red+car%22').view;
    expect(view).toMatchObject({ terms: [textTerm('cat'), textTerm('dog', true), textTerm('red car', true)] });
  });
});

describe('onlyPicture', () => {
  it('is the one that is looked for, whatever stands beside it', () => {
    const picture = imageTerm('3');
    expect(onlyPicture([textTerm('cat'), picture, { ...imageTerm('4'), isOut: true }])).toBe(picture);
    expect(onlyPicture([picture, imageTerm('5')])).toBeUndefined();
    expect(onlyPicture([textTerm('cat')])).toBeUndefined();
  });
});
