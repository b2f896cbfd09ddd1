// One picture of the grid: the thumbnail over its placeholder, and under it how sure the hit is and a few tags.
import { useMemo, useState } from 'preact/hooks';
import type { Hit, Picture, Tag } from '../documents.ts';
import type { FoundPicture } from '../fetch-page.ts';
import { placeholderImage } from '../placeholder.ts';
import type { TileSlot } from '../virtual-grid.tsx';
import { percent, title } from '../wording.ts';
import { SimilarIcon } from './icons.tsx';

/** About what a tag takes of the width: its letters, and its padding with the gap. */
const LETTER_WIDTH = 7.6;
const TAG_PADDING = 24;
const MOST_TAGS = 4;
const SCORE_WIDTH = 40;
const CAPTION_PADDING = 6;
const MOST_REASONS = 3;
const LEAST_CONFIDENCE = 0.1;
const SMALL_SIDE = 320;
const LARGE_SIDE = 1280;

/** Pixels under the picture: tags, and a line of words more where it answers a question. */
export const CAPTION_HEIGHT = 34;
export const ANSWER_CAPTION_HEIGHT = CAPTION_HEIGHT + 24;

/** So many of a page are fetched at once; the others when they come near. */
const FIRST = 8;

interface Props {
  readonly found: FoundPicture;
  readonly slot: TileSlot;
  onOpen(found: FoundPicture): void;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
}

export function PictureTile({ found, slot: { box, index, tabIndex }, onOpen, onSimilar, onTag }: Props) {
  const { picture, match } = found;
  const backgroundImage = useMemo(() => placeholderImage(picture.placeholder), [picture.placeholder]);
  const [isLoaded, setLoaded] = useState(false);
  const tags = fitting(picture.tags, box.width - CAPTION_PADDING - (match === null ? 0 : SCORE_WIDTH));

  return (
    <>
      <div class="tile-frame">
        <button
          type="button"
          class="tile-picture"
          tabIndex={tabIndex}
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
            loading={index < FIRST ? 'eager' : 'lazy'}
            decoding="async"
            draggable={false}
            onLoad={() => setLoaded(true)}
          />
        </button>
        <button
          type="button"
          class="tile-similar"
          tabIndex={tabIndex}
          aria-label={`Find pictures similar to ${title(picture.name)}`}
          onClick={() => onSimilar(picture)}
        >
          <SimilarIcon /> Similar
        </button>
      </div>
      {match !== null && <Reasons {...match} />}
      <div class="tile-caption">
        {match !== null && <Score {...match} />}
        {tags.map(({ name }) => (
          <button
            key={name}
            type="button"
            class="tag"
            tabIndex={tabIndex}
            aria-label={`Search for ${name}`}
            title={name}
            onClick={() => onTag(name)}
          >
            {name}
          </button>
        ))}
      </div>
    </>
  );
}

/**
 * How sure the service is, where that says anything: a calibration on photographs makes little of a drawing that is
 * right, so below that the score stands instead.
 */
function Score({ score, confidence }: Pick<Hit, 'score' | 'confidence'>) {
  const isSaying = confidence !== null && confidence >= LEAST_CONFIDENCE;
  const sure = confidence === null ? '' : ` Confidence ${percent(confidence)}.`;
  return (
    <span
      class={`score ${isSaying ? 'is-sure' : ''}`}
      title={`Score ${score.toFixed(2)}: how near it is to what was asked (cosine), within this answer.${sure}`}
    >
      <span class="hidden">{isSaying ? 'Confidence ' : 'Score '}</span>
      {isSaying ? percent(confidence) : score.toFixed(2)}
    </span>
  );
}

/** The words that it was found for, and what it lacks: one quiet line, the rest in the viewer. */
function Reasons({ why, missing }: Pick<Hit, 'why' | 'missing'>) {
  const found = why.slice(0, MOST_REASONS).map(({ word }) => word);
  const lacking = missing.slice(0, 1).map(({ word }) => word);
  const [foundFor, lacks] = [found.join(', '), lacking.join(', ')];
  if (foundFor === '' && lacks === '') return null;
  const whole = [foundFor === '' ? '' : `Found for ${foundFor}`, lacks === '' ? '' : `not in it: ${lacks}`];
  return (
    <p class="tile-why" title={whole.filter((part) => part !== '').join('; ')}>
      {foundFor !== '' && (
        <span>
          <span class="tile-why-label">Found for </span>
          {foundFor}
        </span>
      )}
      {lacks !== '' && (
        <span class="is-missing">
          <span class="hidden">Not in it: </span>
          {lacks}
        </span>
      )}
    </p>
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
