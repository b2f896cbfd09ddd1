// Vectors that lie in clusters, as embeddings of pictures do: what indexes are measured and tested on. Uniform random
// vectors would make every graph look bad in a way that no library of pictures does.
import type { Matrix } from '../../src/core/vector.ts';
import { type Random, seededRandom } from '../eval/random.ts';

export interface Clusters {
  readonly dimension: number;
  /** The next `rows` vectors of unit length, each near one of the centres; a stream fixed by the seed. */
  readonly draw: (rows: number) => Matrix;
}

/** Centres are normal with deviation 1 in each dimension; `spread` is the deviation around a centre. */
export function clusters(options: { dimension: number; count: number; spread: number; seed: number }): Clusters {
  const { dimension, count, spread } = options;
  const random = seededRandom(options.seed);
  const centres = Float32Array.from({ length: count * dimension }, () => normal(random));
  const draw = (rows: number): Matrix => {
    const data = new Float32Array(rows * dimension);
    for (let i = 0; i < rows; i++) {
      const centre = random.below(count) * dimension;
      let square = 0;
      for (let j = 0; j < dimension; j++) {
        const value = (centres[centre + j] as number) + spread * normal(random);
        data[i * dimension + j] = value;
        square += value * value;
      }
      for (let j = 0; j < dimension; j++)
        data[i * dimension + j] = (data[i * dimension + j] as number) / Math.sqrt(square);
    }
    return { rows, dimension, data };
  };
  return { dimension, draw };
}

/** Box and Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
