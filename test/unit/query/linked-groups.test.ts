// Groups of linked pairs: connected, dense, and no longer than their links reach.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupLinked } from '../../../src/query/linked-groups.ts';

const link = fc.tuple(fc.nat(19), fc.nat(19)).filter(([a, b]) => a !== b);

describe('groups of linked pairs', () => {
  it('do not grow along a chain', () => {
    const chain = Array.from({ length: 29 }, (_, i) => [i, i + 1] as const);
    const sizes = new Map<number, number>();
    for (const group of groupLinked(30, chain)) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(3);
  });

  it('keep copies of one picture together where a few of their links are missing', () => {
    const all = Array.from({ length: 6 }, (_, a) => Array.from({ length: a }, (_, b) => [b, a] as const)).flat();
    const few = all.filter((_, i) => i % 4 !== 3);
    expect(new Set(groupLinked(6, few))).toEqual(new Set([0]));
  });

  it('are named by their least member and hold no two numbers that no path joins', () => {
    fc.assert(
      fc.property(fc.array(link, { maxLength: 60 }), (links) => {
        const groups = groupLinked(20, links);
        const reach = components(20, links);
        groups.forEach((group, i) => {
          expect(group).toBe(groups.indexOf(group));
          expect(reach[i]).toBe(reach[group]);
        });
      }),
    );
  });

  it('join whatever is linked with nothing else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(19), { minLength: 2, maxLength: 2 }), ([a = 0, b = 0]) => {
        const groups = groupLinked(20, [[a, b]]);
        expect(groups[a]).toBe(groups[b]);
        expect(new Set(groups).size).toBe(19);
      }),
    );
  });
});

/** By flooding: the plain meaning of connected. */
function components(count: number, links: readonly (readonly [number, number])[]): number[] {
  const names = Array.from({ length: count }, (_, i) => i);
  for (let round = 0; round < count; round++) {
    for (const [a, b] of links) {
      const least = Math.min(names[a] as number, names[b] as number);
      names[a] = least;
      names[b] = least;
    }
  }
  return names;
}
