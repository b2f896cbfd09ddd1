// One picture of the grid: the thumbnail over its placeholder, and under it the score and a few tags.
import { useMemo, useState } from 'preact/hooks';
import type { Box } from '../justified-layout.ts';
import { placeholderImage } from '../placeholder.ts';
import type { Picture, Tag } from '../queries.ts';
import { title } from '../words.ts';
import { SimilarIcon } from './icons.tsx';

/** About what a tag takes of the width: its letters, and its padding with the gap. */
const LETTER_WIDTH = 7.6;
const TAG_PADDING = 24;
const MOST_TAGS = 4;
const SCORE_WIDTH = 40;
const CAPTION_PADDING = 6;
const SMALL_SIDE = 320;
const LARGE_SIDE = 1280;

interface Props {
  readonly picture: Picture;
  readonly score: number | null;
  readonly box: Box;
  /** Among the first of the page, so its thumbnail is not put off. */
  readonly isFirst: boolean;
  onOpen(picture: Picture): void;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
}

export function PictureTile({ picture, score, box, isFirst, onOpen, onSimilar, onTag }: Props) {
  const backgroundImage = useMemo(() => placeholderImage(picture.placeholder), [picture.placeholder]);
  const [isLoaded, setLoaded] = useState(false);
  const tags = fitting(picture.tags, box.width - CAPTION_PADDING - (score === null ? 0 : SCORE_WIDTH));

  return (
    <li class="tile" style={{ width: `${box.width}px` }}>
      <div class="tile-frame">
        <button
          type="button"
          class="tile-picture"
          style={{ height: `${box.height}px`, backgroundImage }}
          onClick={() => onOpen(picture)}
        >
          <img
            class={isLoaded ? 'is-loaded' : ''}
            alt={title(picture.name)}
            width={box.width}
            height={box.height}
            sizes={`${box.width}px`}
            srcset={sources(picture)}
            src={picture.small}
            loading={isFirst ? 'eager' : 'lazy'}
            decoding="async"
            draggable={false}
            onLoad={() => setLoaded(true)}
          />
        </button>
        <button
          type="button"
          class="tile-similar"
          aria-label={`Find pictures similar to ${title(picture.name)}`}
          onClick={() => onSimilar(picture)}
        >
          <SimilarIcon /> Similar
        </button>
      </div>
      <div class="tile-caption">
        {score !== null && (
          <span
            class="score"
            title="How near the picture is to what was asked (cosine). Compare it within one answer only."
          >
            <span class="hidden">Score </span>
            {score.toFixed(2)}
          </span>
        )}
        {tags.map(({ name }) => (
          <button
            key={name}
            type="button"
            class="tag"
            aria-label={`Search for ${name}`}
            title={name}
            onClick={() => onTag(name)}
          >
            {name}
          </button>
        ))}
      </div>
    </li>
  );
}

/** The first tags that fit side by side, and one at least: more would only cut each other off. */
function fitting(tags: readonly Tag[], width: number): readonly Tag[] {
  let room = width;
  const fit = tags.slice(0, MOST_TAGS).filter(({ name }) => {
    room -= name.length * LETTER_WIDTH + TAG_PADDING;
    return room >= 0;
  });
  return fit.length > 0 ? fit : tags.slice(0, 1);
}

/** Both thumbnails with their true widths, so that a sharp screen takes the larger. None is larger than its original. */
function sources({ width, height, small, large }: Picture): string {
  const widthAt = (side: number) => Math.max(1, Math.round(width * Math.min(1, side / Math.max(width, height))));
  const [narrow, wide] = [widthAt(SMALL_SIDE), widthAt(LARGE_SIDE)];
  return narrow === wide ? `${small} ${narrow}w` : `${small} ${narrow}w, ${large} ${wide}w`;
}
