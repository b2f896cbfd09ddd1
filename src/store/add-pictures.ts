// The commit point of ingest: a picture's record, file, vectors and tags become known together or not at all.
import type { Fingerprint } from '../core/model-info.ts';
import type { ImageId } from '../core/views.ts';
import type { NewPicture, TagVersion } from './catalog.ts';
import type { Connection } from './connection.ts';
import { putFile } from './files-table.ts';
import { findImage, insertImage } from './images-table.ts';
import { putTagVersion, replaceTags } from './tags-table.ts';
import { putVectors } from './vectors-table.ts';

interface NewPictures {
  readonly model: Fingerprint;
  readonly tagVersion: TagVersion;
  readonly pictures: readonly NewPicture[];
  readonly addedAt: Date;
}

/** The id of each picture, in order. A known one gains its file and its missing views; its tags stay. */
export function addPictures(connection: Connection, { model, tagVersion, pictures, addedAt }: NewPictures): ImageId[] {
  return connection.transaction(() => {
    const tagVersionId = putTagVersion(connection, tagVersion);
    return pictures.map((picture) => {
      const known = findImage(connection, picture.sha256);
      const id = known ?? insertImage(connection, picture, tagVersionId, addedAt);
      putFile(connection, picture.file, id);
      putVectors(connection, model, id, picture.views, false);
      if (known === undefined) {
        replaceTags(connection, id, 'USER', picture.tags);
        replaceTags(connection, id, 'MODEL', picture.tags);
      }
      return id;
    });
  });
}
