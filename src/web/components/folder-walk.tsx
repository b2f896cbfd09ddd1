// The picture's place among those of its folder, and the way to the ones beside it.
import type { PictureDetails } from '../use-picture-details.ts';
import { LeftIcon, RightIcon } from './icons.tsx';

interface Props {
  readonly place: NonNullable<PictureDetails['place']>;
  onOpen(id: string): void;
}

export function FolderWalk({ place: { name, position, count, previous, next }, onOpen }: Props) {
  return (
    <section class="folder-walk" aria-label="Folder">
      <button
        type="button"
        class="quiet"
        aria-label="Previous in the folder"
        disabled={previous === null}
        onClick={() => previous !== null && onOpen(previous.id)}
      >
        <LeftIcon />
      </button>
      <p>
        <b>{name}</b>
        <span>
          {position} of {count}
        </span>
      </p>
      <button
        type="button"
        class="quiet"
        aria-label="Next in the folder"
        disabled={next === null}
        onClick={() => next !== null && onOpen(next.id)}
      >
        <RightIcon />
      </button>
    </section>
  );
}
