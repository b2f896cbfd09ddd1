// A space that was learned: a head on another space's vectors, kept in the catalog, with word vectors for its texts. The source
// of its encoder is `learned:HASH`; the hash names the head.
import { AppError } from '../../core/errors.ts';
import type { Catalog } from '../../store/catalog.ts';
import { applyHead } from '../../words/joint-head.ts';
import { headHash, parseHead, type StoredHead, serializeHead } from '../../words/joint-head-file.ts';
import type { DerivedVectors } from '../spaces/space-encoder.ts';
import type { WordService } from '../words/word-service.ts';
import { learnedTexts } from './learned-space-texts.ts';

export const LEARNED = 'learned';

interface Deps {
  readonly catalog: Catalog;
  readonly words: WordService;
  /** What a picture may be tagged with beside the classes. */
  readonly vocabulary: readonly string[];
}

/** Keeps the head; returns the source that names it. */
export async function storeHead(catalog: Catalog, head: StoredHead): Promise<string> {
  const bytes = serializeHead(head);
  const hash = headHash(bytes);
  await catalog.putArtifact(keyOf(hash), bytes);
  return `${LEARNED}:${hash}`;
}

/** Frees the room of a head that no space has any more. Nothing happens for a source of another kind. */
export async function dropHead(catalog: Catalog, source: string): Promise<void> {
  if (source.startsWith(`${LEARNED}:`))
    await catalog.putArtifact(keyOf(source.slice(LEARNED.length + 1)), new Uint8Array());
}

/** What `learned:HASH` opens. Throws MODEL_UNAVAILABLE where the catalog has no such head, STORAGE_FAILED where it is damaged. */
export async function openLearned({ catalog, words, vocabulary }: Deps, hash: string): Promise<DerivedVectors> {
  const bytes = await catalog.getArtifact(keyOf(hash));
  if (bytes === undefined || bytes.length === 0) {
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `This library holds no learned head "${hash}"; "semblance learn FOLDER" makes one.`,
    );
  }
  const { head, origin } = parseHead(bytes);
  return {
    from: 'SPACE',
    base: origin.base,
    baseFingerprint: origin.baseFingerprint,
    id: `${LEARNED}:${hash}`,
    revision: hash,
    dimension: head.map.outputMean.length,
    derive: (vectors) => applyHead(head, vectors),
    texts: learnedTexts(words, origin, vocabulary),
  };
}

function keyOf(hash: string): string {
  return `${LEARNED}/${hash}`;
}
