// What the main thread and the thread that builds an index say to each other.
import type { ErrorCode } from '../core/errors.ts';
import type { IndexPlace } from './index-file.ts';
import type { IndexIdentity } from './index-header.ts';

/** What to build and where; handed over as the thread's workerData. */
export interface BuildTask {
  readonly place: IndexPlace;
  readonly identity: IndexIdentity;
  /** Vectors that are expected. */
  readonly capacity: number;
}

export type ToBuilder =
  /** Rows of vectors with their labels; answered by `taken`. Both buffers change hands. */
  | { readonly type: 'batch'; readonly labels: Uint32Array; readonly data: Float32Array }
  /** No more rows: answered by `saved`. The thread ends. */
  | { readonly type: 'finish' }
  /** The thread ends without writing anything. */
  | { readonly type: 'abort' };

export type FromBuilder =
  | { readonly type: 'taken' }
  | { readonly type: 'saved'; readonly generation: string }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string; readonly stack: string | undefined };
