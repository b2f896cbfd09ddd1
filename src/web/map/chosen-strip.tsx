// The pictures that were chosen on the map, and what can be done with them.
import { useEffect, useState } from 'preact/hooks';
import type { Picture } from '../documents.ts';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import { placeholderImage } from '../placeholder.ts';
import { count as countOf, title } from '../wording.ts';
import type { PictureCache } from './picture-cache.ts';

interface Props {
  readonly count: number;
  /** Those that are shown: some of them, where there are many. */
  readonly ids: readonly string[];
  /** What the region is called, where one was chosen. */
  readonly label: string | null;
  readonly pictures: PictureCache;
  onOpen(picture: Picture): void;
  onMore(): void;
  onLabel(label: string): void;
  onClear(): void;
}

export function ChosenStrip({ count, ids, label, pictures, onOpen, onMore, onLabel, onClear }: Props) {
  const [shown, setShown] = useState<readonly Picture[]>([]);
  const [error, setError] = useState<ServiceError>();

  useEffect(() => {
    let isWanted = true;
    setError(undefined);
    pictures
      .get(ids)
      .then((found) => isWanted && setShown(found))
      .catch((thrown: unknown) => isWanted && setError(toServiceError(thrown)));
    return () => {
      isWanted = false;
    };
  }, [ids, pictures]);

  return (
    <section class="map-chosen" aria-label="Chosen pictures">
      <header>
        <p role="status">
          {countOf(count, 'picture')} chosen
          {shown.length < count && shown.length > 0 ? `, ${shown.length} of them shown` : ''}
        </p>
        <button type="button" class="button primary" onClick={onMore}>
          {count === 1 ? 'Find similar pictures' : 'Find more like these'}
        </button>
        {label !== null && (
          <button type="button" class="button" onClick={() => onLabel(label)}>
            Search for “{label}”
          </button>
        )}
        <button type="button" class="button" onClick={onClear}>
          Choose none
        </button>
      </header>
      {error !== undefined && (
        <p role="alert">
          {error.message} <code>{error.code}</code>
        </p>
      )}
      <ul>
        {shown.map((picture) => (
          <li key={picture.id}>
            <button
              type="button"
              style={{ backgroundImage: placeholderImage(picture.placeholder) }}
              onClick={() => onOpen(picture)}
            >
              <img alt={title(picture.name)} src={picture.small} loading="lazy" decoding="async" draggable={false} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
