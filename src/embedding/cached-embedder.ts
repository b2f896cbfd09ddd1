// An Embedder that remembers the vectors of query texts. Pictures pass through. Knows no model and no worker.
import { LRUCache } from 'lru-cache';
import type { Vector } from '../core/vector.ts';
import type { Embedder, Urgency } from './embedder.ts';

/** 5,000 vectors of 512 numbers are 10 MB. */
const MAX_TEXTS = 5000;

/**
 * Wraps `inner`: a text that was queried lately, or is being embedded for another query, is not run again.
 * Returned vectors are shared: callers never write to them. Ingest texts read the cache but do not fill it, for a
 * vocabulary of thousands would push the users' queries out. Failures are not remembered. Closing closes `inner`.
 */
export function cacheTexts(inner: Embedder, maxTexts = MAX_TEXTS): Embedder {
  const known = new LRUCache<string, Vector>({ max: maxTexts });
  // By level: a query must not join a run that waits behind ingest.
  const running: Readonly<Record<Urgency, Map<string, Promise<Vector>>>> = { query: new Map(), ingest: new Map() };

  function findRunning(text: string, urgency: Urgency): Promise<Vector> | undefined {
    return running.query.get(text) ?? (urgency === 'ingest' ? running.ingest.get(text) : undefined);
  }

  /** One run for all texts; each is announced in `running` until it is done. */
  function run(texts: readonly string[], urgency: Urgency): void {
    const vectors = inner.embedTexts(texts, urgency);
    texts.forEach((text, i) => {
      const vector = vectors.then((all) => all[i] as Vector);
      running[urgency].set(text, vector);
      vector
        .then((found) => urgency === 'query' && known.set(text, found))
        .catch(() => undefined)
        .finally(() => running[urgency].delete(text));
    });
  }

  async function embedTexts(texts: readonly string[], urgency: Urgency): Promise<Vector[]> {
    const vectors = new Map<string, Vector>();
    const missing: string[] = [];
    for (const text of new Set(texts)) {
      const vector = known.get(text);
      if (vector !== undefined) vectors.set(text, vector);
      else if (findRunning(text, urgency) === undefined) missing.push(text);
    }
    if (missing.length > 0) run(missing, urgency);
    return Promise.all(texts.map((text) => vectors.get(text) ?? (findRunning(text, urgency) as Promise<Vector>)));
  }

  return {
    model: inner.model,
    embedTexts,
    embedPixels: (pictures, urgency) => inner.embedPixels(pictures, urgency),
    countTokens: (texts) => inner.countTokens(texts),
    close: () => inner.close(),
  };
}
