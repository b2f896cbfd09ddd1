// Counts which words stand near one another, weighted by 1/distance (Pennington et al. 2014, section 4.2). Unordered
// pairs in an open-addressing table: a Map holds no more than 2^24 entries and five times the memory.

/** Parallel lists: the words of pair i are first[i] <= second[i] (ranks), its weight is weight[i] > 0. */
export interface Pairs {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly weight: Float32Array;
}

export class PairCounter {
  readonly #words: number;
  #keys: Float64Array;
  #weights: Float32Array;
  #size = 0;

  /** `words` is the size of the vocabulary; ranks lie in 0..words-1. */
  constructor(words: number, capacity = 1 << 20) {
    this.#words = words;
    this.#keys = new Float64Array(capacity).fill(-1);
    this.#weights = new Float32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds every pair of a line that stands at most `window` apart. Ranks below 0 (unknown words) only take up room. */
  addLine(ranks: readonly number[], window: number): void {
    for (let i = 1; i < ranks.length; i++) {
      const right = ranks[i] as number;
      if (right < 0) continue;
      for (let j = Math.max(0, i - window); j < i; j++) {
        const left = ranks[j] as number;
        if (left >= 0 && left !== right) this.#add(Math.min(left, right), Math.max(left, right), 1 / (i - j));
      }
    }
  }

  /** All pairs, in the order of the table: the same for the same input. */
  pairs(): Pairs {
    const first = new Uint32Array(this.#size);
    const second = new Uint32Array(this.#size);
    const weight = new Float32Array(this.#size);
    let n = 0;
    this.#keys.forEach((key, slot) => {
      if (key < 0) return;
      first[n] = Math.floor(key / this.#words);
      second[n] = key % this.#words;
      weight[n++] = this.#weights[slot] as number;
    });
    return { first, second, weight };
  }

  #add(a: number, b: number, weight: number): void {
    if (this.#size * 2 >= this.#keys.length) this.#grow();
    const key = a * this.#words + b;
    const slot = this.#slotOf(key, a, b);
    if (this.#keys[slot] === -1) {
      this.#keys[slot] = key;
      this.#size++;
    }
    this.#weights[slot] = (this.#weights[slot] as number) + weight;
  }

  #slotOf(key: number, a: number, b: number): number {
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.#keys[slot] !== -1 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const weights = this.#weights;
    this.#keys = new Float64Array(keys.length * 2).fill(-1);
    this.#weights = new Float32Array(keys.length * 2);
    keys.forEach((key, slot) => {
      if (key < 0) return;
      const target = this.#slotOf(key, Math.floor(key / this.#words), key % this.#words);
      this.#keys[target] = key;
      this.#weights[target] = weights[slot] as number;
    });
  }
}
