// Words around a word as a small graph: who lies near whom, and where to draw them. Pure: knows no service, no document.
import { forceCollide, forceLink, forceManyBody, forceRadial, forceSimulation } from 'd3-force';

export interface WordNode {
  readonly word: string;
  /** Cosine to the word in the middle; 1 for itself. */
  readonly score: number;
  /** Pixels, the middle of the word. */
  readonly x: number;
  readonly y: number;
}

export interface WordLink {
  readonly from: WordNode;
  readonly to: WordNode;
  readonly score: number;
}

export interface WordGraph {
  readonly nodes: readonly WordNode[];
  readonly links: readonly WordLink[];
}

export interface Neighbor {
  readonly word: string;
  readonly score: number;
}

const TICKS = 200;
const EDGE = 24;
/** The nearest neighbour lies so far out, as a share of the farthest. */
const NEAREST = 0.5;

/** Half of the width that a word takes with its padding, in pixels. */
export function halfWidthOf(word: string): number {
  return 12 + word.length * 4.1;
}

/**
 * Settled places inside `width` x `height` for a word, which stands in the middle, and its neighbours, the more alike the
 * nearer. `further` are the neighbours' own neighbours: two of which one names the other are linked. The same words lie in
 * the same places every time.
 */
export function drawWords(
  word: string,
  neighbors: readonly Neighbor[],
  further: ReadonlyMap<string, readonly Neighbor[]>,
  width: number,
  height: number,
): WordGraph {
  const reach = height / 2 - EDGE;
  // Words are wider than high: a circle is worked out, and stretched to the plane's shape.
  const stretch = Math.max(1, (width / 2 - 56) / reach);
  const scores = neighbors.map(({ score }) => score);
  const [most, least] = [Math.max(...scores), Math.min(...scores)];
  const middle = { word, score: 1, x: 0, y: 0, fx: 0, fy: 0, away: 0 };
  const others = neighbors.map((neighbor, i) => {
    const share = most === least ? 1 : (most - neighbor.score) / (most - least);
    const away = reach * (NEAREST + (1 - NEAREST) * share);
    // A ring to start from; the golden angle keeps words of one rank apart.
    const angle = i * 2.39996;
    return { ...neighbor, x: away * Math.cos(angle), y: away * Math.sin(angle), away };
  });
  const nodes: PlacedNode[] = [middle, ...others];
  const across = linksAmong(others, further);
  const simulation = forceSimulation(nodes)
    .force('away', forceRadial<PlacedNode>(({ away }) => away).strength(0.35))
    .force(
      'alike',
      forceLink<PlacedNode, PlacedLink>(across)
        .distance(reach * 0.45)
        .strength(0.05),
    )
    .force('apart', forceManyBody().strength(-90))
    .force('room', forceCollide<PlacedNode>(({ word }) => Math.max(19, halfWidthOf(word) / stretch + 3)).iterations(3))
    .stop();
  for (let i = 0; i < TICKS; i++) {
    simulation.tick();
    for (const node of others) {
      const most = (width / 2 - halfWidthOf(node.word) - 4) / stretch;
      node.x = Math.min(most, Math.max(-most, node.x));
      node.y = Math.min(reach, Math.max(-reach, node.y));
    }
  }
  const placed = new Map(
    nodes.map(({ word, score, x, y }) => [word, { word, score, x: width / 2 + x * stretch, y: height / 2 + y }]),
  );
  const linkOf = (from: string, to: string, score: number): WordLink[] => {
    const [a, b] = [placed.get(from), placed.get(to)];
    return a === undefined || b === undefined ? [] : [{ from: a, to: b, score }];
  };
  return {
    nodes: [...placed.values()],
    links: [
      ...others.flatMap((other) => linkOf(word, other.word, other.score)),
      ...across.flatMap(({ source, target, score }) => linkOf(source.word, target.word, score)),
    ],
  };
}

interface PlacedNode extends Neighbor {
  x: number;
  y: number;
  readonly away: number;
}

interface PlacedLink {
  readonly source: PlacedNode;
  readonly target: PlacedNode;
  readonly score: number;
}

/** One for every two neighbours of which one names the other, or both do. */
function linksAmong(nodes: readonly PlacedNode[], further: ReadonlyMap<string, readonly Neighbor[]>): PlacedLink[] {
  const named = new Map(nodes.map((node) => [node.word, node]));
  return nodes.flatMap((source) =>
    (further.get(source.word) ?? []).flatMap(({ word, score }) => {
      const target = named.get(word);
      const isNew = target !== undefined && (source.word < word || !names(further.get(word), source.word));
      return isNew && target !== source ? [{ source, target, score }] : [];
    }),
  );
}

function names(neighbors: readonly Neighbor[] | undefined, word: string): boolean {
  return neighbors?.some((neighbor) => neighbor.word === word) ?? false;
}
