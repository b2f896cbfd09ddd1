import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRow } from '../../../src/words/parse-row.ts';

function parse(text: string, count = 1): { fields: number; values: number[] } {
  const bytes = Buffer.from(`${text}\n`);
  const out = new Float32Array(count);
  const fields = parseRow(bytes, 0, bytes.length - 1, out, 0, count);
  return { fields, values: [...out] };
}

describe('the number parser', () => {
  it('equals Number() rounded to Float32 for plain decimals of any length', () => {
    const decimal = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.stringMatching(/^\d{1,12}$/),
        fc.option(fc.stringMatching(/^\d{0,20}$/), { nil: undefined }),
      )
      .map(([sign, whole, fraction]) => sign + whole + (fraction === undefined ? '' : `.${fraction}`));
    fc.assert(
      fc.property(decimal, (text) => {
        const { fields, values } = parse(text);
        expect(fields).toBe(1);
        expect(Object.is(values[0], Math.fround(Number(text)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('equals Number() rounded to Float32 for every way JavaScript writes a double', () => {
    fc.assert(
      fc.property(fc.double({ min: -3e38, max: 3e38, noNaN: true }), (value) => {
        const text = String(value);
        expect(Object.is(parse(text).values[0], Math.fround(Number(text)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['', ' ', '\r', '  \t'])('takes separators after the last number: %j', (tail) => {
    expect(parse(`0.5 -1.25 .5 5. +2 1e-3${tail}`, 6)).toEqual({
      fields: 6,
      values: [0.5, -1.25, 0.5, 5, 2, Math.fround(0.001)],
    });
  });

  it.each(['nan', 'inf', '1e99', '0x1F', '1,5', '-', '.', '1.2.3', '--1', '1e', 'NaN', '1_000'])(
    'refuses %s',
    (text) => {
      expect(parse(`1 ${text} 2`, 3).fields).toBe(-1);
    },
  );

  it('counts more fields than it writes', () => {
    expect(parse('1 2 3 4', 2)).toEqual({ fields: 4, values: [1, 2] });
  });
});
