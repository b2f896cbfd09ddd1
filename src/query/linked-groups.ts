// From links between pairs to groups whose members belong together, by average linkage: two groups become one where at least
// half of the pairs across them are linked. Joining along single links would chain half of a set of like drawings together.
// Source: R. R. Sokal, C. D. Michener: A statistical method for evaluating systematic relationships (1958), on a graph of 0 and 1.

/** Two groups are joined where at least this share of the pairs across them is linked. */
const LEAST_SHARE = 0.5;

/**
 * `links`: pairs of numbers below `count`, strongest first. Returns for each number the least member of its group. Every group
 * is connected; its order in `links` decides where a number that could go either way goes.
 */
export function groupLinked(count: number, links: readonly (readonly [number, number])[]): number[] {
  const neighbors = Array.from({ length: count }, () => new Set<number>());
  for (const [a, b] of links) {
    neighbors[a]?.add(b);
    neighbors[b]?.add(a);
  }
  const groupOf = Array.from({ length: count }, (_, i) => i);
  const members = new Map(groupOf.map((i) => [i, [i]]));
  for (const [a, b] of links) {
    const [one, other] = [groupOf[a] as number, groupOf[b] as number].sort((x, y) => x - y) as [number, number];
    if (one === other) continue;
    const [first, second] = [members.get(one) ?? [], members.get(other) ?? []];
    if (linkedAcross(first, second, groupOf, neighbors) < LEAST_SHARE * first.length * second.length) continue;
    for (const member of second) groupOf[member] = one;
    members.set(one, [...first, ...second]);
    members.delete(other);
  }
  return groupOf;
}

/** How many pairs of one member of each are linked. */
function linkedAcross(
  first: readonly number[],
  second: readonly number[],
  groupOf: readonly number[],
  neighbors: readonly ReadonlySet<number>[],
): number {
  const [few, many] = first.length < second.length ? [first, second] : [second, first];
  const group = groupOf[many[0] ?? -1];
  let linked = 0;
  for (const member of few) for (const near of neighbors[member] ?? []) if (groupOf[near] === group) linked++;
  return linked;
}
