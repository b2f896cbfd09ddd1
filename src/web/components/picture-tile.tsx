// One picture of the grid: the thumbnail over its placeholder, and under it how sure the hit is and a few tags.
import { useMemo, useState } from 'preact/hooks';
import type { FoundPicture } from '../fetch-page.ts';
import type { Box } from '../justified-layout.ts';
import { placeholderImage } from '../placeholder.ts';
import type { Hit, Picture, Tag } from '../queries.ts';
import { percent, title } from '../words.ts';
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
  readonly found: FoundPicture;
  readonly box: Box;
  /** Among the first of the page, so its thumbnail is not put off. */
  readonly isFirst: boolean;
  onOpen(found: FoundPicture): void;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
}

export function PictureTile({ found, box, isFirst, onOpen, onSimilar, onTag }: Props) {
  const { picture, match } = found;
  const backgroundImage = useMemo(() => placeholderImage(picture.placeholder), [picture.placeholder]);
  const [isLoaded, setLoaded] = useState(false);
  const tags = fitting(picture.tags, box.width - CAPTION_PADDING - (match === null ? 0 : SCORE_WIDTH));

  return (
    <li class="tile" style={{ width: `${box.width}px` }}>
      <div class="tile-frame">
        <button
          type="button"
          class="tile-picture"
          style={{ height: `${box.height}px`, backgroundImage }}
          onClick={() => onOpen(found)}
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
        {match !== null && <Score {...match} />}
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

/**
 * How near it is; the probability that it is meant stands in the title and in the viewer, because a calibration on
 * photographs makes little of a drawing that is right.
 */
function Score({ score, confidence }: Pick<Hit, 'score' | 'confidence'>) {
  const sure = confidence === null ? '' : ` Confidence ${percent(confidence)}.`;
  return (
    <span class="score" title={`How near the picture is to what was asked (cosine), within this answer.${sure}`}>
      <span class="hidden">Score </span>
      {score.toFixed(2)}
    </span>
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
