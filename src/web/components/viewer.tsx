// One picture, large, with what is known of it, its neighbours and the ways on from here.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Picture } from '../documents.ts';
import type { FoundPicture } from '../fetch-page.ts';
import { placeholderImage } from '../placeholder.ts';
import { imageTerm, type PictureTerm } from '../question.ts';
import { NO_STEERING, type Steering } from '../steering.ts';
import { usePictureDetails } from '../use-picture-details.ts';
import { title } from '../wording.ts';
import { BoxPicker } from './box-picker.tsx';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';
import { FolderWalk } from './folder-walk.tsx';
import { BoxIcon, LeftIcon, OpenIcon, PlusIcon, RightIcon, SimilarIcon } from './icons.tsx';
import { Neighbors } from './neighbors.tsx';
import { PictureFacts } from './picture-facts.tsx';
import { PictureTags } from './picture-tags.tsx';
import { Why } from './why.tsx';

interface Props {
  readonly id: string;
  /** What is known before the service answers. */
  readonly known: Picture | undefined;
  readonly match: FoundPicture['match'];
  /** What it was opened from, in order; arrow keys walk there. */
  readonly list: readonly string[];
  onOpen(id: string): void;
  onSearch(term: PictureTerm, steering: Steering): void;
  /** Absent where there is nothing to add to. */
  readonly onAddToSearch: ((term: PictureTerm) => void) | undefined;
  onTag(tag: string): void;
  /** A person's own tag names pictures that no word describes. */
  onOwnTag(tag: string): void;
  onClose(): void;
}

export function Viewer({ id, known, match, list, onOpen, onSearch, onAddToSearch, onTag, onOwnTag, onClose }: Props) {
  const { details, error, reload, setTags } = usePictureDetails(id);
  // Steering belongs to one picture and its tags.
  const [steered, setSteered] = useState({ id, steering: NO_STEERING });
  const steering = steered.id === id ? steered.steering : NO_STEERING;
  const [boxing, setBoxing] = useState<string>();
  const isBoxing = boxing === id;
  const picture = known ?? details;
  const at = list.indexOf(id);
  const [before, after] = [at > 0 ? list[at - 1] : undefined, at >= 0 ? list[at + 1] : undefined];

  return (
    <Dialog
      heading={picture?.name ?? 'Picture'}
      kind="viewer"
      onClose={onClose}
      onKey={({ key, target }) => {
        if (target instanceof HTMLInputElement) return;
        if (key === 'ArrowLeft' && before !== undefined) onOpen(before);
        if (key === 'ArrowRight' && after !== undefined) onOpen(after);
      }}
    >
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {picture === undefined && error === undefined && <p class="notice viewer-waiting">One moment…</p>}
      {picture !== undefined && (
        <div class="viewer-body">
          <div class="viewer-main">
            <Stage picture={picture} before={before} after={after} onOpen={onOpen}>
              {isBoxing && (
                <BoxPicker
                  region={null}
                  isActive
                  onPick={(region) => onSearch(imageTerm(id, region), NO_STEERING)}
                  onCancel={() => setBoxing(undefined)}
                />
              )}
            </Stage>
            {isBoxing && (
              <p class="note viewer-hint" role="note">
                Draw a box around what you look for, or use the arrow keys (with Shift to size it) and press Enter.
              </p>
            )}
            <div class="actions">
              <button type="button" class="button primary" onClick={() => onSearch(imageTerm(id), steering)}>
                <SimilarIcon /> Find similar
              </button>
              <button
                type="button"
                class="button"
                aria-pressed={isBoxing}
                onClick={() => setBoxing(isBoxing ? undefined : id)}
              >
                <BoxIcon /> {isBoxing ? 'Cancel the box' : 'Search a part'}
              </button>
              {onAddToSearch !== undefined && (
                <button type="button" class="button" onClick={() => onAddToSearch(imageTerm(id))}>
                  <PlusIcon /> Add to search
                </button>
              )}
              <a class="button" href={picture.url} target="_blank" rel="noreferrer">
                <OpenIcon /> Original
              </a>
            </div>
          </div>
          <div class="viewer-side">
            {match !== null && <Why {...match} />}
            <PictureFacts picture={picture} exif={details?.exif ?? null} />
            {details?.place != null && <FolderWalk place={details.place} onOpen={onOpen} />}
            <PictureTags
              key={id}
              tags={details?.allTags ?? picture.tags}
              steering={steering}
              isReady={details !== undefined}
              onSteer={(steering) => setSteered({ id, steering })}
              onSave={setTags}
              onTag={onTag}
              onOwnTag={onOwnTag}
            />
          </div>
          <Neighbors key={id} id={id} steering={steering} onOpen={onOpen} />
        </div>
      )}
    </Dialog>
  );
}

interface StageProps {
  readonly picture: Picture;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What lies over the picture. */
  readonly children: ComponentChildren;
  onOpen(id: string): void;
}

/** The picture itself, and the way to the ones beside it. */
function Stage({ picture, before, after, children, onOpen }: StageProps) {
  const { width, height } = picture;
  return (
    <div class="stage">
      {/* As large as the picture is shown, so that a box drawn on it is one of the picture. */}
      <div class="stage-picture" style={{ aspectRatio: `${width} / ${height}`, '--ratio': String(width / height) }}>
        <img
          key={picture.id}
          src={picture.large}
          alt={title(picture.name)}
          width={width}
          height={height}
          style={{ backgroundImage: placeholderImage(picture.placeholder) }}
        />
        {children}
      </div>
      {before !== undefined && (
        <button type="button" class="stage-way is-before" aria-label="Previous picture" onClick={() => onOpen(before)}>
          <LeftIcon />
        </button>
      )}
      {after !== undefined && (
        <button type="button" class="stage-way is-after" aria-label="Next picture" onClick={() => onOpen(after)}>
          <RightIcon />
        </button>
      )}
    </div>
  );
}
