// Groups of pictures that are one file, one photograph or nearly so. Collects the evidence (files, hashes, whitened vectors
// of each picture's neighbors) and pages through the groups; what makes a group is query/duplicates.ts.
import { AppError } from '../../core/errors.ts';
import { dot, type Vector } from '../../core/vector.ts';
import { type ImageId, imageIdOf, labelOf, viewOf, WHOLE } from '../../core/views.ts';
import {
  DEFAULT_THRESHOLDS,
  type DuplicateEvidence,
  type DuplicateKind,
  type DuplicateReason,
  groupDuplicates,
} from '../../query/duplicates.ts';
import { centre } from '../../query/space.ts';
import { whiten } from '../../query/whitening.ts';
import type { Catalog, ImageFilter, ImageRecord } from '../../store/catalog.ts';
import { assertFirst } from '../checks.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { ModelSpace } from '../search/model-space.ts';
import type { DistinctPictures } from './distinct-pictures.ts';

export type { DuplicateKind, DuplicateReason } from '../../query/duplicates.ts';

export interface DuplicateLink {
  readonly a: ImageId;
  readonly b: ImageId;
  readonly reason: DuplicateReason;
  readonly value: number;
}

export interface DuplicateGroup {
  /** By id; a single one where one picture lies in several files. */
  readonly images: readonly ImageRecord[];
  /** Paths of all their files. */
  readonly files: readonly string[];
  readonly links: readonly DuplicateLink[];
  readonly cursor: string;
}

export interface DuplicateRequest {
  readonly kind: DuplicateKind;
  readonly first: number;
  readonly after?: string | undefined;
  readonly filter?: ImageFilter | undefined;
}

export interface DuplicateAnswer {
  readonly groups: readonly DuplicateGroup[];
  readonly totalCount: number;
  readonly hasMore: boolean;
}

/** Neighbors of each picture that are compared; a group larger than this hangs together through its members. */
const NEIGHBORS = 10;
/** Pictures between two pauses, so that other requests are served meanwhile: about 20 ms. */
const AT_ONCE = 32;
/** One request looks at every picture: 0.5 ms each. Beyond this, folder by folder with a filter. */
export const MOST_PICTURES = 50_000;
const MOST_DISTINCT = 50;

interface Deps {
  readonly catalog: Catalog;
  readonly vectors: ImageVectors;
  readonly space: ModelSpace;
  readonly distinct: DistinctPictures;
}

interface IdGroup {
  readonly ids: readonly ImageId[];
  readonly links: readonly DuplicateLink[];
}

export class DuplicateService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Largest groups first. Computed anew for each page. Throws BAD_ARGUMENT, BAD_CURSOR, QUERY_TOO_COSTLY. */
  async find({ kind, first, after, filter = {} }: DuplicateRequest): Promise<DuplicateAnswer> {
    assertFirst(first);
    const start = after === undefined ? undefined : readGroupCursor(after);
    const ids = await this.#deps.catalog.idsMatching(filter, MOST_PICTURES + 1);
    if (ids.length > MOST_PICTURES) {
      throw new AppError(
        'QUERY_TOO_COSTLY',
        `Duplicates are looked for among at most ${MOST_PICTURES} pictures; give a \`filter\`, such as a folder.`,
      );
    }
    const files = await this.#filesOf(new Set(ids));
    const groups = withFiles(kind === 'IDENTICAL' ? [] : await this.#groups(ids, kind), files);
    const from = start === undefined ? 0 : startBehind(groups, start);
    const page = groups.slice(from, from + first);
    return {
      groups: await Promise.all(page.map((group) => this.#describe(group, files))),
      totalCount: groups.length,
      hasMore: groups.length > from + first,
    };
  }

  /** Every two of the pictures are two from now on. Returns how many pairs were new. Throws BAD_ARGUMENT, IMAGE_NOT_FOUND. */
  async markNotDuplicates(ids: readonly ImageId[]): Promise<number> {
    if (new Set(ids).size < 2 || ids.length > MOST_DISTINCT) {
      throw new AppError(
        'BAD_ARGUMENT',
        `\`ids\` expects 2 to ${MOST_DISTINCT} different pictures, got ${ids.length}.`,
      );
    }
    const images = await this.#deps.catalog.getImages(ids);
    const missing = images.indexOf(undefined);
    if (missing >= 0) throw new AppError('IMAGE_NOT_FOUND', `No picture has the id "${ids[missing]}".`);
    return this.#deps.distinct.remember(ids);
  }

  async #groups(ids: readonly ImageId[], kind: DuplicateKind): Promise<IdGroup[]> {
    const { catalog, distinct, space } = this.#deps;
    const vectors = await this.#comparableVectors(ids);
    const pictures = (await catalog.getImages(ids)).filter((image) => image !== undefined);
    const cosineOf = (a: ImageId, b: ImageId) => {
      const [one, other] = [vectors.get(a), vectors.get(b)];
      return one === undefined || other === undefined ? undefined : dot(one, other);
    };
    // The thresholds for embeddings are measured in whitened space; without it hashes alone decide.
    const near = space.whitening(1) === undefined ? [] : await this.#nearPairs(ids, cosineOf);
    const evidence: DuplicateEvidence<ImageId> = { pictures, near, cosineOf, distinct: await distinct.pairs() };
    return groupDuplicates(evidence, kind).map((group) => ({ ids: group.ids, links: group.links }));
  }

  /** Fully whitened where the model allows it, else centred. */
  async #comparableVectors(ids: readonly ImageId[]): Promise<Map<ImageId, Vector>> {
    const { vectors, space } = this.#deps;
    const whitening = space.whitening(1);
    const means = await space.means();
    const out = new Map<ImageId, Vector>();
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const labels = ids.slice(from, from + AT_ONCE).map((id) => labelOf(id, WHOLE));
      for (const [label, vector] of await vectors.get(labels)) {
        const comparable = whitening === undefined ? centre(vector, 'IMAGE', means) : whiten(vector, whitening);
        out.set(imageIdOf(label), comparable);
      }
      await nextTurn();
    }
    return out;
  }

  async #nearPairs(ids: readonly ImageId[], cosineOf: (a: ImageId, b: ImageId) => number | undefined) {
    const { vectors } = this.#deps;
    const pairs = new Map<string, DuplicateEvidence<ImageId>['near'][number]>();
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const labels = ids.slice(from, from + AT_ONCE).map((id) => labelOf(id, WHOLE));
      for (const [label, vector] of await vectors.get(labels)) {
        const own = imageIdOf(label);
        const neighbors = await vectors.index.search(vector, NEIGHBORS * vectors.views.length + 1);
        for (const neighbor of neighbors) {
          const other = imageIdOf(neighbor.label);
          if (viewOf(neighbor.label) !== WHOLE || other === own) continue;
          const [a, b] = own < other ? [own, other] : [other, own];
          const cosine = cosineOf(a, b);
          if (cosine !== undefined && cosine >= DEFAULT_THRESHOLDS.similar) pairs.set(`${a} ${b}`, { a, b, cosine });
        }
      }
      await nextTurn();
    }
    return [...pairs.values()];
  }

  /** The catalog keeps equal bytes as one picture with several files: that is what IDENTICAL means here. */
  async #filesOf(ids: ReadonlySet<ImageId>): Promise<Map<ImageId, string[]>> {
    const files = new Map<ImageId, string[]>();
    for (const [path, { imageId }] of await this.#deps.catalog.filesUnder('/')) {
      if (ids.has(imageId)) files.set(imageId, [...(files.get(imageId) ?? []), path]);
    }
    return files;
  }

  async #describe({ ids, links }: IdGroup, files: ReadonlyMap<ImageId, string[]>): Promise<DuplicateGroup> {
    const images = (await this.#deps.catalog.getImages(ids)).filter((image) => image !== undefined);
    return {
      images,
      files: ids.flatMap((id) => files.get(id) ?? []),
      links,
      cursor: Buffer.from(`group:${ids[0]}`).toString('base64url'),
    };
  }
}

/** Pictures that lie in several files form a group by themselves, or a link of BYTES in the group they are in. */
function withFiles(groups: readonly IdGroup[], files: ReadonlyMap<ImageId, readonly string[]>): IdGroup[] {
  const grouped = new Set(groups.flatMap(({ ids }) => ids));
  const sameBytes = (id: ImageId): DuplicateLink[] =>
    (files.get(id)?.length ?? 0) > 1 ? [{ a: id, b: id, reason: 'BYTES', value: 0 }] : [];
  const merged = groups.map(({ ids, links }) => ({ ids, links: [...ids.flatMap(sameBytes), ...links] }));
  const alone = [...files.keys()]
    .filter((id) => !grouped.has(id) && sameBytes(id).length > 0)
    .map((id) => ({ ids: [id], links: sameBytes(id) }));
  const sizeOf = ({ ids }: IdGroup) => ids.reduce((sum, id) => sum + (files.get(id)?.length ?? 1), 0);
  return [...merged, ...alone].sort((a, b) => sizeOf(b) - sizeOf(a) || (a.ids[0] ?? 0) - (b.ids[0] ?? 0));
}

/** Groups have no order that outlives a change, so a cursor of one that is gone leads nowhere. */
function startBehind(groups: readonly IdGroup[], least: ImageId): number {
  const at = groups.findIndex(({ ids }) => ids[0] === least);
  if (at < 0) throw new AppError('BAD_CURSOR', 'The group of the cursor is no longer there; start without `after`.');
  return at + 1;
}

function readGroupCursor(cursor: string): ImageId {
  const match = /^group:([1-9]\d{0,9})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null)
    throw new AppError('BAD_CURSOR', 'The cursor is none that `duplicates` returned; start without `after`.');
  return Number(match[1]) as ImageId;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
