// Pictures like the one that is shown, in a strip; sliders on its tags change them as they are moved.
import { useEffect, useState } from 'preact/hooks';
import { NEIGHBORS, type Picture } from '../documents.ts';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import { placeholderImage } from '../placeholder.ts';
import { useService } from '../service.ts';
import { fromSteering, type Steering } from '../steering.ts';
import { title } from '../wording.ts';

interface Props {
  readonly id: string;
  readonly steering: Steering;
  onOpen(id: string): void;
}

export function Neighbors({ id, steering, onOpen }: Props) {
  const send = useService();
  const [pictures, setPictures] = useState<readonly Picture[]>();
  const [error, setError] = useState<ServiceError>();

  useEffect(() => {
    const controller = new AbortController();
    send(NEIGHBORS, { id, ...fromSteering(steering) }, controller.signal)
      .then(({ similarImages }) => {
        setError(undefined);
        setPictures(similarImages.hits.map(({ image }) => image));
      })
      .catch((thrown: unknown) => {
        if (!controller.signal.aborted) setError(toServiceError(thrown));
      });
    return () => controller.abort();
  }, [send, id, steering]);

  return (
    <section class="neighbors" aria-labelledby="neighbors-heading">
      <h3 id="neighbors-heading">Similar pictures{steering.size > 0 && ', steered by its tags'}</h3>
      {error !== undefined && (
        <p class="notice">
          {error.message} <code>{error.code}</code>
        </p>
      )}
      <ul class="strip">
        {(pictures ?? []).map((picture) => (
          <li key={picture.id}>
            <button type="button" aria-label={`Open ${title(picture.name)}`} onClick={() => onOpen(picture.id)}>
              <img
                src={picture.small}
                alt=""
                loading="lazy"
                style={{
                  aspectRatio: `${picture.width} / ${picture.height}`,
                  backgroundImage: placeholderImage(picture.placeholder),
                }}
              />
            </button>
          </li>
        ))}
        {pictures?.length === 0 && <li class="notice">No other picture is here yet.</li>}
      </ul>
    </section>
  );
}
