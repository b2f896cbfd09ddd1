// Names what a picture shows: words of the vocabulary by the text tower and by way of word space, people's tags on pictures
// like it, and those that people put on it themselves. How the sources are weighed stands in tag-merge.ts.
import { AppError } from '../../core/errors.ts';
import { addScaled, type Matrix, meanOfRows, row, unit, type Vector } from '../../core/vector.ts';
import { type ImageId, imageIdOf, type Label, labelOf, WHOLE } from '../../core/views.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { Catalog, ImageRecord, StoredTag } from '../../store/catalog.ts';
import type { LiveIndex } from '../../vectors/live-index.ts';
import { foldTags } from '../../words/fold.ts';
import type { WordNet } from '../../words/wordnet.ts';
import { assertFirst } from '../checks.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { PictureSource, QueryVectors } from '../search/query-vectors.ts';
import type { BridgeService } from '../words/bridge-service.ts';
import type { Vocabulary } from '../words/vocabulary.ts';
import type { WordService } from '../words/word-service.ts';
import { kindsAmong } from './kinds.ts';
import { type Candidate, mergeTags, type Neighbor, type TagVia, withBackground } from './tag-merge.ts';
import { labelProbabilities } from './zero-shot.ts';

export interface Tag {
  readonly name: string;
  /** 1 for a user's tag, else a probability. */
  readonly score: number;
  readonly source: 'MODEL' | 'USER';
  /** Strongest first; empty for stored tags, which do not keep it. */
  readonly via: readonly TagVia[];
  readonly also: readonly string[];
}

/** So many computed tags are kept with each picture, for filters and for showing beside it. */
export const STORED_TAGS = 10;
/** Words of the vocabulary that are weighed: what lies behind them has next to no probability. */
const CANDIDATES = 60;
/** Tags that are looked at for plurals and synonyms, beside those asked for. */
const FOLDED_BESIDE = 6;
const NEIGHBORS = 20;
const MAX_USER_TAGS = 100;
const MAX_TAG_LENGTH = 100;
/** Set once anybody tagged a picture: before that, neighbours need not be asked. */
const TAGGED_KEY = 'user-tags';
/** A new way of computing tags gets a new number, so that stored ones are computed anew. */
const METHOD = 4;

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  /** Of the vocabulary's words. */
  readonly index: LiveIndex;
  readonly vocabulary: Vocabulary;
  readonly queryVectors: QueryVectors;
  readonly vectors: ImageVectors;
  readonly words: WordService;
  readonly bridge: BridgeService;
  readonly wordnet: WordNet;
  /** Pictures of the model's own that stand for all others; undefined where it brings none. */
  readonly background: Matrix | undefined;
}

export class TagService {
  readonly vocabulary: Vocabulary;
  readonly #deps: Deps;
  readonly #centre: Vector;
  readonly #bridged = new Map<Label, Vector | undefined>();
  #bridgedBy: string | undefined;
  #anyUserTags: boolean;

  private constructor(deps: Deps, anyUserTags: boolean) {
    this.#deps = deps;
    this.#anyUserTags = anyUserTags;
    this.vocabulary = deps.vocabulary;
    const { words, vectors } = deps.vocabulary;
    this.#centre = words.length === 0 ? new Float32Array(vectors.dimension) : meanOfRows(vectors);
  }

  static async open(deps: Deps): Promise<TagService> {
    return new TagService(deps, (await deps.catalog.getArtifact(TAGGED_KEY)) !== undefined);
  }

  /** Names everything that computed tags come from: model, vocabulary, method, and the bridge where there is one. */
  get version(): string {
    const bridge = this.#deps.bridge.currentKey;
    return `${this.vocabulary.version}/${METHOD}${bridge === undefined ? '' : `/${bridge}`}`;
  }

  /** Tags of any picture, computed now; those that people put on a picture of the library come first. */
  async tagsFor(source: PictureSource, first: number): Promise<Tag[]> {
    assertFirst(first);
    await this.#deps.bridge.opened();
    const imageId = 'imageId' in source ? source.imageId : undefined;
    const computed = await this.tagsForVector(await this.#deps.queryVectors.ofPicture(source), first, imageId);
    if (imageId === undefined) return computed;
    const stored = (await this.#deps.catalog.getTags([imageId])).get(imageId) ?? [];
    const own = stored.filter((tag) => tag.source === 'USER').map(asTag);
    const names = new Set(own.map(({ name }) => name.toLowerCase()));
    return [...own, ...computed.filter(({ name }) => !names.has(name.toLowerCase()))].slice(0, first);
  }

  /** The best of the caller's labels, each with its probability among all of them. Throws BAD_ARGUMENT. */
  async labelsFor(source: PictureSource, labels: readonly string[], first: number): Promise<Tag[]> {
    assertFirst(first);
    const picture = await this.#deps.queryVectors.ofPicture(source);
    const ranked = await labelProbabilities(this.#deps.embedder, picture, labels);
    return ranked.slice(0, first).map(({ label, probability }) => ({
      name: label,
      score: probability,
      source: 'MODEL',
      via: ['TOWER'],
      also: [],
    }));
  }

  /** At most `first` tags for a picture's whole-view vector, best first. `self` is left out of its own neighbours. */
  async tagsForVector(vector: Vector, first: number, self?: ImageId): Promise<Tag[]> {
    const candidates = await this.#candidates(vector);
    const merged = mergeTags(
      vector,
      candidates,
      kindsAmong(
        candidates.map(({ name }) => name),
        this.#deps.wordnet,
      ),
      await this.#neighbors(vector, self),
      this.#deps.embedder.model.logitScale,
    ).slice(0, first + FOLDED_BESIDE);
    const vectors = new Map(candidates.map(({ name, tower }) => [name, tower]));
    const via = new Map(merged.map((tag) => [tag.name, tag.via]));
    const ranked = merged.map(({ name, score }) => {
      const own = vectors.get(name);
      return { name, score, ...(own === undefined ? {} : { vector: unit(addScaled(own, this.#centre, -1)) }) };
    });
    return foldTags(ranked, this.#deps.wordnet)
      .slice(0, first)
      .map(({ name, score, also }) => ({ name, score, also, source: 'MODEL', via: via.get(name) ?? [] }));
  }

  /** Stored tags of several pictures, users' own first; at most `first` each. */
  async tagsOfImages(ids: readonly ImageId[], first: number): Promise<Map<ImageId, Tag[]>> {
    const stored = await this.#deps.catalog.getTags(ids);
    return new Map(ids.map((id) => [id, (stored.get(id) ?? []).slice(0, first).map(asTag)]));
  }

  /** What ingest stores with a picture. */
  async tagsToStore(vector: Vector, self?: ImageId): Promise<StoredTag[]> {
    const tags = await this.tagsForVector(vector, STORED_TAGS, self);
    return tags.map(({ name, score }) => ({ name, score, source: 'MODEL' }));
  }

  /**
   * Replaces a person's tags of a picture, and computes those of its nearest pictures anew, which now hear of them. Throws
   * BAD_ARGUMENT, IMAGE_NOT_FOUND.
   */
  async setUserTags(id: ImageId, names: readonly string[]): Promise<ImageRecord> {
    const { catalog } = this.#deps;
    const tags = names.map((name) => name.normalize('NFC').replace(/\s+/g, ' ').trim());
    if (tags.length > MAX_USER_TAGS || tags.some((tag) => tag.length < 1 || tag.length > MAX_TAG_LENGTH)) {
      const message = `\`tags\` expects at most ${MAX_USER_TAGS} tags of 1 to ${MAX_TAG_LENGTH} characters.`;
      throw new AppError('BAD_ARGUMENT', message);
    }
    await catalog.setUserTags(id, tags);
    if (!this.#anyUserTags) await catalog.putArtifact(TAGGED_KEY, Uint8Array.of(1));
    this.#anyUserTags = true;
    await this.#refreshAround(id);
    const [image] = await catalog.getImages([id]);
    if (image === undefined)
      throw new AppError('IMAGE_NOT_FOUND', `No picture has the id "${id}"; it was removed just now.`);
    return image;
  }

  async #candidates(vector: Vector): Promise<Candidate[]> {
    const { words, vectors } = this.vocabulary;
    if (words.length === 0) return [];
    const nearest = await this.#deps.index.search(vector, Math.min(CANDIDATES, words.length));
    return nearest.map(({ label }) => ({
      name: words[label] ?? '',
      tower: row(vectors, label),
      bridged: this.#bridgedVector(label),
    }));
  }

  /** Remembered for as long as the bridge stays. */
  #bridgedVector(label: Label): Vector | undefined {
    const { bridge, words } = this.#deps;
    if (bridge.currentKey !== this.#bridgedBy) {
      this.#bridged.clear();
      this.#bridgedBy = bridge.currentKey;
    }
    if (bridge.current === undefined) return undefined;
    if (!this.#bridged.has(label)) {
      const inWordSpace = words.current?.vectors.phraseVector(this.vocabulary.words[label] ?? '');
      this.#bridged.set(label, inWordSpace === undefined ? undefined : bridge.current.toClip(inWordSpace));
    }
    return this.#bridged.get(label);
  }

  async #neighbors(vector: Vector, self: ImageId | undefined): Promise<Neighbor[]> {
    if (!this.#anyUserTags) return [];
    const nearest = await this.#nearestPictures(vector, self);
    const tags = await this.#deps.catalog.getTags([...nearest.keys()]);
    const neighbors = [...nearest].map(([id, score]) => ({
      score,
      tags: (tags.get(id) ?? []).filter(({ source }) => source === 'USER').map(({ name }) => name),
    }));
    return neighbors.some((neighbor) => neighbor.tags.length > 0)
      ? withBackground(vector, neighbors, this.#deps.background)
      : [];
  }

  /** By the best view of each. */
  async #nearestPictures(vector: Vector, self: ImageId | undefined): Promise<Map<ImageId, number>> {
    const { index, views } = this.#deps.vectors;
    const best = new Map<ImageId, number>();
    if (index.size === 0) return best;
    for (const { label, score } of await index.search(vector, Math.min(index.size, (NEIGHBORS + 1) * views.length))) {
      const id = imageIdOf(label);
      if (id !== self && !best.has(id)) best.set(id, score);
    }
    return best;
  }

  async #refreshAround(id: ImageId): Promise<void> {
    const { catalog, vectors } = this.#deps;
    const own = (await vectors.get([labelOf(id, WHOLE)])).get(labelOf(id, WHOLE));
    if (own === undefined) return;
    const ids = [...(await this.#nearestPictures(own, id)).keys()];
    const wholes = await vectors.get(ids.map((other) => labelOf(other, WHOLE)));
    const fresh = new Map<ImageId, StoredTag[]>();
    for (const other of ids) {
      const whole = wholes.get(labelOf(other, WHOLE));
      if (whole !== undefined) fresh.set(other, await this.tagsToStore(whole, other));
    }
    await catalog.putModelTags(this.version, fresh);
  }
}

function asTag({ name, score, source }: StoredTag): Tag {
  return { name, score, source, via: source === 'USER' ? ['USER'] : [], also: [] };
}
