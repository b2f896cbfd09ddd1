// What is known of the pictures that a question holds: the library's own by their ids, and tags of the user's files.
// Each is asked for once.
import { useEffect, useState } from 'preact/hooks';
import { PICTURE_BY_ID, type Picture, TAGS_OF_UPLOAD } from './documents.ts';
import type { Send } from './graphql-client.ts';
import type { PictureTerm, Term } from './question.ts';
import { useService } from './service.ts';

export interface Subject {
  /** Null for a file of the user's, and for a picture that is not in the library any more. */
  readonly picture: Picture | null;
  /** Words for what it shows. */
  readonly tags: readonly string[];
}

/** Looks a picture up; undefined until it is known. */
export type FindSubject = (term: PictureTerm) => Subject | undefined;

export function useSubjects(terms: readonly Term[]): FindSubject {
  const send = useService();
  const [known, setKnown] = useState<ReadonlyMap<string, Subject>>(new Map());

  useEffect(() => {
    for (const term of terms) {
      if (term.kind === 'text' || known.has(keyOf(term))) continue;
      // A failure is reported by what shows the answer to the question.
      look(send, term)
        .then((subject) => setKnown((known) => new Map(known).set(keyOf(term), subject)))
        .catch(() => {});
    }
  }, [send, terms]);

  return (term) => known.get(keyOf(term));
}

function keyOf(term: PictureTerm): string {
  return term.kind === 'image' ? `image ${term.id}` : `upload ${term.upload.key}`;
}

async function look(send: Send, term: PictureTerm): Promise<Subject> {
  if (term.kind === 'image') {
    const { image } = await send(PICTURE_BY_ID, { id: term.id });
    return { picture: image, tags: image?.tags.map(({ name }) => name) ?? [] };
  }
  const { tagsFor } = await send(TAGS_OF_UPLOAD, { upload: term.upload.file });
  return { picture: null, tags: tagsFor.map(({ name }) => name) };
}
