// What the page makes of minus signs, sliders and focus maps, without a browser.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { focusDensity } from '../../src/web/focus-density.ts';
import { fromSteering, LEFT_OUT, readSteering, steered, writeSteering } from '../../src/web/steering.ts';
import { readTyped } from '../../src/web/typed-query.ts';

describe('readTyped', () => {
  it.each([
    ['cat -dog', 'cat', ['dog']],
    ['-dog cat -car sleeping', 'cat sleeping', ['dog', 'car']],
    ['street -"red car" at night', 'street at night', ['red car']],
    ['street -"red ca', 'street', ['red ca']],
    ['a t-shirt', 'a t-shirt', []],
    ['cat -', 'cat', []],
    ['-dog', '', ['dog']],
  ])('reads %s', (text, query, not) => {
    expect(readTyped(text)).toEqual({ query, not, tags: [] });
  });

  it('reads tags', () => {
    expect(readTyped('#mine cat #"my dog" -#1 c#')).toEqual({ query: 'cat c#', not: ['#1'], tags: ['mine', 'my dog'] });
  });
});

describe('steering', () => {
  const values = fc.constantFrom(LEFT_OUT, 0.2, 0.4, 0.6, 0.8, 1);
  const tags = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', ':', '&', '=', '+', 'é') });

  it('comes back from an address as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tags, values), { maxLength: 6 }), (entries) => {
        const steering = new Map(entries);
        const parameters = new URLSearchParams();
        writeSteering(steering, parameters);
        const read = readSteering(new URLSearchParams(parameters.toString()));
        expect(Object.fromEntries(read)).toEqual(Object.fromEntries(steering));
      }),
    );
  });

  it('passes over what makes no sense in an address', () => {
    const address = 'more=cat&more=:1&more=dog:2&more=car:-1&more=bus:x&less=&less=tree&more=rose:0.5';
    const { focus, not } = fromSteering(readSteering(new URLSearchParams(address)));
    expect(focus).toEqual([{ text: 'rose', strength: 0.5 }]);
    expect(not).toEqual(['tree']);
  });

  it('forgets a tag that is moved back to nothing', () => {
    expect(steered(new Map([['cat', 0.4]]), 'cat', 0).size).toBe(0);
  });
});

describe('focusDensity', () => {
  const whole = { x: 0, y: 0, width: 1, height: 1 };

  it('is brightest inside the window that weighs most for its size', () => {
    const corner = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };
    const density = focusDensity(
      [
        { region: whole, weight: 0.5 },
        { region: corner, weight: 0.5 },
      ],
      2,
    );
    expect(density).toEqual([0, 0, 0, 1]);
  });

  it('lights nothing where nothing stands out', () => {
    expect(focusDensity([], 2)).toEqual([0, 0, 0, 0]);
    expect(focusDensity([{ region: whole, weight: 1 }], 2)).toEqual([0, 0, 0, 0]);
  });
});
