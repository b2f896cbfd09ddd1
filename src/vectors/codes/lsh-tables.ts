// Several hash tables over one list of signatures, and the order in which their buckets are worth looking into for a
// query. Table t is keyed by the low bits of word t of a signature, so keys can be widened without the vectors.
import type { Column } from './packed-rows.ts';

/** Rows that share a bucket if the keys spread evenly: fewer make more probes, more make each of them coarser. */
const ROWS_A_BUCKET = 8;
const LEAST_KEY_BITS = 2;
const MOST_KEY_BITS = 24;

/** Key bits that suit so many rows. */
export function keyBitsFor(rows: number): number {
  const wanted = Math.round(Math.log2(Math.max(1, rows / ROWS_A_BUCKET)));
  return Math.min(MOST_KEY_BITS, Math.max(LEAST_KEY_BITS, wanted));
}

export class LshTables {
  /** Of each table: row numbers by key. */
  readonly #tables: Map<number, number[]>[];
  readonly #signatures: Column<Uint32Array>;
  readonly #keyBits: number;

  /** Tables of the first `rows` signatures, one for each word. */
  constructor(signatures: Column<Uint32Array>, keyBits: number, rows: number) {
    this.#signatures = signatures;
    this.#keyBits = keyBits;
    this.#tables = Array.from({ length: signatures.stride }, () => new Map());
    for (let row = 0; row < rows; row++) this.insert(row);
  }

  /** The row's signature is written already. */
  insert(row: number): void {
    this.#tables.forEach((table, t) => {
      const key = this.#keyOf(t, row);
      const bucket = table.get(key);
      if (bucket === undefined) table.set(key, [row]);
      else bucket.push(row);
    });
  }

  /** The row's signature is still the one that it was inserted with. */
  delete(row: number): void {
    this.#tables.forEach((table, t) => {
      const key = this.#keyOf(t, row);
      const rest = table.get(key)?.filter((each) => each !== row) ?? [];
      if (rest.length === 0) table.delete(key);
      else table.set(key, rest);
    });
  }

  /**
   * Buckets, the likeliest first, by the rows in them; ends after `most` probes of buckets full or empty. Multi-probe
   * (Lv et al. 2007): besides the query's own bucket of each table come those whose key differs in the bits that the
   * query is least sure of. `margins[i]`: how far the query lies from hyperplane i.
   */
  *probe(signature: Uint32Array, margins: Float32Array, most: number): Generator<readonly number[]> {
    const mask = 2 ** this.#keyBits - 1;
    const ordered = this.#tables.map((_, t) => this.#flips(margins, t));
    const heap = new ProbeHeap();
    ordered.forEach((flips, table) => {
      heap.push({ cost: 0, table, flipped: 0, last: -1 });
      heap.push({ cost: flips[0]?.cost ?? 0, table, flipped: flips[0]?.bit ?? 0, last: 0 });
    });
    for (let probes = 0; probes < most; probes++) {
      const next = heap.pop();
      if (next === undefined) return;
      const { cost, table, flipped, last } = next;
      const key = (((signature[table] as number) & mask) ^ flipped) >>> 0;
      const bucket = this.#tables[table]?.get(key);
      if (bucket !== undefined) yield bucket;
      const from = ordered[table]?.[last];
      const to = ordered[table]?.[last + 1];
      if (from === undefined || to === undefined) continue;
      // Every set of flips is reached once: by putting off its last flip to the next bit, or by adding the next bit.
      heap.push({ cost: cost - from.cost + to.cost, table, flipped: flipped ^ from.bit ^ to.bit, last: last + 1 });
      heap.push({ cost: cost + to.cost, table, flipped: flipped ^ to.bit, last: last + 1 });
    }
  }

  #keyOf(table: number, row: number): number {
    const { data, stride } = this.#signatures;
    return ((data[row * stride + table] as number) & (2 ** this.#keyBits - 1)) >>> 0;
  }

  /** The key bits of a table, the least sure first. The cost of a set of flips is the sum of squared margins. */
  #flips(margins: Float32Array, table: number): { readonly bit: number; readonly cost: number }[] {
    const flips = Array.from({ length: this.#keyBits }, (_, i) => ({
      bit: 1 << i,
      cost: (margins[table * 32 + i] as number) ** 2,
    }));
    return flips.sort((a, b) => a.cost - b.cost);
  }
}

interface Probe {
  readonly cost: number;
  readonly table: number;
  /** Bits of the query's key that are turned over. */
  readonly flipped: number;
  /** Place, in the order of margins, of the last of them; -1 for the query's own bucket. */
  readonly last: number;
}

/** A binary heap with the least cost at its root. */
class ProbeHeap {
  readonly #items: Probe[] = [];

  push(probe: Probe): void {
    const items = this.#items;
    let i = items.length;
    items.push(probe);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = items[parent] as Probe;
      if (above.cost <= probe.cost) break;
      items[i] = above;
      i = parent;
    }
    items[i] = probe;
  }

  pop(): Probe | undefined {
    const items = this.#items;
    const root = items[0];
    const moved = items.pop();
    if (moved === undefined || items.length === 0) return root;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] as Probe).cost < (items[child] as Probe).cost) child++;
      if ((items[child] as Probe).cost >= moved.cost) break;
      items[i] = items[child] as Probe;
      i = child;
    }
    items[i] = moved;
    return root;
  }
}
