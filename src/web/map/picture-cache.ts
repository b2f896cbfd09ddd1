// Pictures of the map by their ids: asked for together, a hundred at a time, and kept while the map is open.
import type { Picture } from '../documents.ts';
import type { Send } from '../graphql-client.ts';
import { PICTURES_BY_ID } from './documents.ts';

const AT_ONCE = 100;

export interface PictureCache {
  /** What is known already. */
  peek(id: string): Picture | undefined;
  /** In the order asked, without those that are gone. Rejects with ServiceError. */
  get(ids: readonly string[]): Promise<Picture[]>;
}

export function makePictureCache(send: Send): PictureCache {
  const known = new Map<string, Picture | null>();
  /** Requests under way, by each of their ids. */
  const asked = new Map<string, Promise<void>>();

  function fetchMissing(ids: readonly string[]): Promise<void>[] {
    const missing = [...new Set(ids)].filter((id) => !known.has(id) && !asked.has(id));
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      const some = missing.slice(from, from + AT_ONCE);
      const request = send(PICTURES_BY_ID, { ids: some })
        .then(({ imagesById }) => some.forEach((id, i) => void known.set(id, imagesById[i] ?? null)))
        .finally(() => some.forEach((id) => void asked.delete(id)));
      for (const id of some) asked.set(id, request);
    }
    return ids.flatMap((id) => asked.get(id) ?? []);
  }

  return {
    peek: (id) => known.get(id) ?? undefined,
    async get(ids) {
      await Promise.all(new Set(fetchMissing(ids)));
      return ids.flatMap((id) => known.get(id) ?? []);
    },
  };
}
