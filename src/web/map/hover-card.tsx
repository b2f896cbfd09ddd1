// The picture under the pointer, larger, beside it.
import { useEffect, useState } from 'preact/hooks';
import type { Picture } from '../documents.ts';
import { placeholderImage } from '../placeholder.ts';
import { title } from '../wording.ts';
import type { Point } from './camera.ts';
import type { PictureCache } from './picture-cache.ts';

/** A pointer that only passes by asks for nothing. */
const RESTS_MS = 90;
const WIDTH = 210;
const HEIGHT = 240;

export interface Hovered {
  readonly id: string;
  readonly at: Point;
}

interface Props {
  readonly hovered: Hovered | undefined;
  readonly pictures: PictureCache;
}

export function HoverCard({ hovered, pictures }: Props) {
  const [picture, setPicture] = useState<Picture>();
  const id = hovered?.id;

  useEffect(() => {
    if (id === undefined) {
      setPicture(undefined);
      return undefined;
    }
    let isWanted = true;
    const timer = setTimeout(() => {
      pictures
        .get([id])
        .then(([found]) => isWanted && setPicture(found))
        // What is wrong is told where somebody opens the picture.
        .catch(() => isWanted && setPicture(undefined));
    }, RESTS_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [id, pictures]);

  if (hovered === undefined || picture === undefined || picture.id !== id) return null;
  const { x, y } = hovered.at;
  const left = x > WIDTH + 40 ? x - WIDTH - 16 : x + 16;
  const ratio = picture.width / picture.height;
  return (
    <figure class="map-card" style={{ transform: `translate(${left}px, ${Math.max(8, y - HEIGHT / 2)}px)` }}>
      <img
        alt=""
        src={picture.small}
        style={{ aspectRatio: String(ratio), backgroundImage: placeholderImage(picture.placeholder) }}
      />
      <figcaption>
        {title(picture.name)}
        <span class="map-card-tags">
          {picture.tags
            .slice(0, 3)
            .map((tag) => tag.name)
            .join(', ')}
        </span>
      </figcaption>
    </figure>
  );
}
