// Names what a picture shows: the vocabulary's words nearest to it, beside the tags that people put there.
import { dot, row, type Vector } from '../core/vector.ts';
import type { ImageId } from '../core/views.ts';
import type { Catalog, StoredTag } from '../store/catalog.ts';
import type { LiveIndex } from '../vectors/live-index.ts';
import { assertFirst } from './checks.ts';
import type { PictureSource, QueryVectors } from './query-vectors.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Tag {
  readonly name: string;
  /** 1 for a user's tag, else the cosine between picture and word. */
  readonly score: number;
  readonly source: 'MODEL' | 'USER';
  readonly also: readonly string[];
}

/** So many computed tags are kept with each picture, for filters and for showing beside it. */
export const STORED_TAGS = 10;

interface Deps {
  readonly catalog: Catalog;
  /** Of the vocabulary's words. */
  readonly index: LiveIndex;
  readonly vocabulary: Vocabulary;
  readonly queryVectors: QueryVectors;
}

export class TagService {
  readonly vocabulary: Vocabulary;
  readonly #catalog: Catalog;
  readonly #index: LiveIndex;
  readonly #queryVectors: QueryVectors;

  constructor(deps: Deps) {
    this.#catalog = deps.catalog;
    this.#index = deps.index;
    this.#queryVectors = deps.queryVectors;
    this.vocabulary = deps.vocabulary;
  }

  /** Names the model and the vocabulary that computed tags come from. */
  get version(): string {
    return this.vocabulary.version;
  }

  /** Tags of any picture, computed now; those that people put on a picture of the library come first. */
  async tagsFor(source: PictureSource, first: number): Promise<Tag[]> {
    assertFirst(first);
    const computed = await this.tagsForVector(await this.#queryVectors.ofPicture(source), first);
    if (!('imageId' in source)) return computed;
    const stored = (await this.#catalog.getTags([source.imageId])).get(source.imageId) ?? [];
    const own = stored.filter((tag) => tag.source === 'USER').map(asTag);
    const names = new Set(own.map(({ name }) => name.toLowerCase()));
    return [...own, ...computed.filter(({ name }) => !names.has(name.toLowerCase()))].slice(0, first);
  }

  /** At most `first` words for a picture's whole-view vector, best first, scored exactly. */
  async tagsForVector(vector: Vector, first: number): Promise<Tag[]> {
    const { words, vectors } = this.vocabulary;
    if (words.length === 0) return [];
    const neighbors = await this.#index.search(vector, Math.min(first + 8, words.length));
    return neighbors
      .map(({ label }) => ({ label, score: dot(vector, row(vectors, label)) }))
      .sort((a, b) => b.score - a.score || a.label - b.label)
      .slice(0, first)
      .map(({ label, score }) => ({ name: words[label] ?? '', score, source: 'MODEL' as const, also: [] }));
  }

  /** Stored tags of several pictures, users' own first; at most `first` each. */
  async tagsOfImages(ids: readonly ImageId[], first: number): Promise<Map<ImageId, Tag[]>> {
    const stored = await this.#catalog.getTags(ids);
    return new Map(ids.map((id) => [id, (stored.get(id) ?? []).slice(0, first).map(asTag)]));
  }

  /** What ingest stores with a picture. */
  async tagsToStore(vector: Vector): Promise<StoredTag[]> {
    return (await this.tagsForVector(vector, STORED_TAGS)).map(({ name, score }) => ({ name, score, source: 'MODEL' }));
  }
}

function asTag({ name, score, source }: StoredTag): Tag {
  return { name, score, source, also: [] };
}
