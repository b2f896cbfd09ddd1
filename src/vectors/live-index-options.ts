// What a live index is opened with, and what it says of itself.
import type { IndexIdentity } from './index-header.ts';
import type { IndexKind } from './vector-index.ts';
import type { VectorSource } from './vector-source.ts';

export interface LiveIndexOptions extends IndexIdentity {
  readonly directory: string;
  readonly name: string;
  readonly source: VectorSource;
  /** A new graph is built when more than max(minimum, fraction of the graph) has changed since. Default 2000 and 0.2. */
  readonly rebuildAt?: { readonly fraction: number; readonly minimum: number };
  /** Told of files that could not be used and of builds that failed; exact search goes on serving. */
  readonly onWarning?: (message: string, error: unknown) => void;
}

export interface LiveIndexStatus {
  readonly kind: IndexKind;
  /** EXACT: no graph yet, every search is exact. BUILDING: a thread builds one; searches are right meanwhile. */
  readonly state: 'READY' | 'BUILDING' | 'EXACT';
  readonly size: number;
  /** Additions and removals that the graph does not hold yet; 0 for the kind `exact`. */
  readonly pending: number;
}
