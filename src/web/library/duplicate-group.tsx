// One group of duplicates: its pictures side by side, what holds them together, and the ways to tidy up.
import { useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { placeholderImage } from '../placeholder.ts';
import { count, fileSize, title } from '../wording.ts';
import type { DuplicateGroup, DuplicateReason, Picture } from './documents.ts';

/** A group can hold hundreds; so many are shown before one asks for all. */
const FIRST = 12;

interface Props {
  readonly group: DuplicateGroup;
  onOpen(picture: Picture): void;
  onDifferent(): void;
  onRemove(id: string): void;
}

export function DuplicateGroupPanel({ group, onOpen, onDifferent, onRemove }: Props) {
  const { images, files, links } = group;
  const [removing, setRemoving] = useState<Picture>();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? images : images.slice(0, FIRST);
  const heading = images.length > 1 ? `${images.length} pictures` : `1 picture in ${count(files.length, 'file')}`;
  const sizes = images.map(({ width, height }) => width * height);
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  return (
    <article class="panel duplicates" aria-label={`${heading}: ${images.map(({ name }) => name).join(', ')}`}>
      <div class="work-head">
        <h3>{heading}</h3>
        {images.length > 1 && (
          <button type="button" class="button" onClick={onDifferent}>
            Not duplicates
          </button>
        )}
      </div>
      <ul class="duplicates-row">
        {shown.map((picture) => (
          <li key={picture.id}>
            <button
              type="button"
              class="duplicates-picture"
              style={{ backgroundImage: placeholderImage(picture.placeholder) }}
              onClick={() => onOpen(picture)}
            >
              <img alt={title(picture.name)} src={picture.small} loading="lazy" decoding="async" />
            </button>
            <p>
              <b>{picture.name}</b>
              <span>
                {picture.width} × {picture.height}, {fileSize(picture.bytes)}
                {smallest < largest && picture.width * picture.height === largest && ' · largest'}
              </span>
            </p>
            {images.length > 1 && (
              <button
                type="button"
                class="button"
                aria-label={`Remove ${picture.name}`}
                onClick={() => setRemoving(picture)}
              >
                Remove
              </button>
            )}
          </li>
        ))}
      </ul>
      {shown.length < images.length && (
        <button type="button" class="button more" onClick={() => setWhole(true)}>
          Show all {images.length}
        </button>
      )}
      <ul class="duplicates-reasons">
        {reasonsOf(group, isWhole ? undefined : FIRST).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {(links.length === 0 || files.length > images.length) && (
        <details>
          <summary>{count(files.length, 'file')}</summary>
          <ul class="duplicates-files">
            {files.map((file) => (
              <li key={file}>{file}</li>
            ))}
          </ul>
        </details>
      )}
      {removing !== undefined && (
        <ConfirmRemoval
          picture={removing}
          onYes={() => {
            setRemoving(undefined);
            onRemove(removing.id);
          }}
          onNo={() => setRemoving(undefined)}
        />
      )}
    </article>
  );
}

function ConfirmRemoval({ picture, onYes, onNo }: { picture: Picture; onYes(): void; onNo(): void }) {
  return (
    <Dialog heading={`Remove ${picture.name}?`} kind="sheet" onClose={onNo}>
      <div class="stack">
        <p>
          It leaves the library. A file in an indexed folder stays on disk and is not taken in again; an uploaded one is
          deleted.
        </p>
        <div class="actions">
          <button type="button" class="button" data-first onClick={onNo}>
            Keep it
          </button>
          <button type="button" class="button primary" onClick={onYes}>
            Remove it
          </button>
        </div>
      </div>
    </Dialog>
  );
}

const WORDS: Readonly<Record<DuplicateReason, (value: number) => string>> = {
  BYTES: () => 'the same bytes',
  HASH: (bits) => (bits === 0 ? 'the same perceptual hash' : `perceptual hashes differ in ${bits} of 64 bits`),
  MIRRORED_HASH: (bits) => `mirrored: hashes differ in ${bits} of 64 bits`,
  EMBEDDING: (cosine) => `the model finds them alike (${cosine.toFixed(2)})`,
};

/** One line a link, in the words of the pictures; the first `most` of them. */
function reasonsOf({ images, links }: DuplicateGroup, most?: number): string[] {
  const nameOf = (id: string) => images.find((image) => image.id === id)?.name ?? 'a picture';
  return links
    .slice(0, most)
    .map(({ a, b, reason, value }) =>
      a === b
        ? `${nameOf(a)}: ${WORDS[reason](value)} in several files`
        : `${nameOf(a)} and ${nameOf(b)}: ${WORDS[reason](value)}`,
    );
}
