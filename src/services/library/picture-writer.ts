// Second half of ingest: embeds prepared pictures in batches, tags them, commits record and vectors in one
// transaction (the commit point), and only then tells the index.
import type { Vector } from '../../core/vector.ts';
import type { ImageId, View } from '../../core/views.ts';
import { WHOLE } from '../../core/views.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { Catalog, FileRecord, NewPicture, ViewVector } from '../../store/catalog.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { TagService } from '../tags/tag-service.ts';
import type { PreparedPicture } from './prepare-picture.ts';

interface Deps {
  readonly catalog: Catalog;
  readonly embedder: Embedder;
  readonly vectors: ImageVectors;
  readonly tags: TagService;
}

export interface WrittenPicture {
  readonly imageId: ImageId;
  readonly file: FileRecord;
  /** False where the same bytes were in the catalog already. */
  readonly isNew: boolean;
}

export class PictureWriter {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Vectors and tags of each picture, in order. Nothing is written. */
  async embed(pictures: readonly PreparedPicture[]): Promise<NewPicture[]> {
    const { embedder, tags } = this.#deps;
    const vectors = await embedder.embedPixels(
      pictures.flatMap(({ pixels }) => pixels),
      'ingest',
    );
    let next = 0;
    const embedded = pictures.map(({ record, views }) => ({
      record,
      views: views.map((view): ViewVector => ({ view, vector: vectors[next++] as Vector })),
    }));
    return Promise.all(
      embedded.map(async ({ record, views }) => {
        const whole = views.find(({ view }) => view === WHOLE);
        return { ...record, views, tags: whole === undefined ? [] : await tags.tagsToStore(whole.vector) };
      }),
    );
  }

  /** The commit point: afterwards the pictures survive a crash. */
  async commit(pictures: readonly NewPicture[]): Promise<WrittenPicture[]> {
    const { catalog, embedder, tags, vectors } = this.#deps;
    const known = await catalog.findBySha256(pictures.map((picture) => picture.sha256));
    const ids = await catalog.addPictures(embedder.model.fingerprint, tags.version, pictures);
    const seen = new Set(known.keys());
    const written = pictures.map((picture, i): WrittenPicture => {
      const isNew = !seen.has(picture.sha256);
      seen.add(picture.sha256);
      return { imageId: ids[i] as ImageId, file: picture.file, isNew };
    });
    vectors.indexCommitted(written.flatMap(({ imageId, isNew }, i) => (isNew ? viewsOf(imageId, pictures[i]) : [])));
    return written;
  }
}

function viewsOf(
  imageId: ImageId,
  picture: NewPicture | undefined,
): { imageId: ImageId; view: View; vector: Vector }[] {
  return (picture?.views ?? []).map(({ view, vector }) => ({ imageId, view, vector }));
}
